#pragma once
// A node's configuration as a file: every option of `tephra-node run` with what it does and its default, made from the
// command line's own declarations. `--config FILE` reads it.

#include <map>
#include <string>

namespace CLI {
class App;
}

namespace node {

/// The file's text. Options in `given` are set to these values; each other one stands behind a `#` with its default.
std::string config_text(const CLI::App& run, const std::map<std::string, std::string>& given);

}  // namespace node
