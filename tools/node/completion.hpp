#pragma once
// Shell completion, made from the command line's own declarations.

#include <string>

namespace CLI {
class App;
}

namespace node {

/// A script for bash: `source <(tephra-node completion bash)`.
std::string bash_completion(const CLI::App& app);

}  // namespace node
