#pragma once
// tephra-node's commands. Each returns the exit status: 0 done, 1 failed (said on standard error).

#include "tools/node/config.hpp"

#include <filesystem>
#include <string>

namespace node {

/// Runs until SIGTERM, SIGINT or a fault.
int run(const Config& config);
/// Writes block zero into the data folder, and says what the chain is.
int init(const Config& config);
/// Recomputes the state root of a stopped node's data folder.
int verify(const Config& config);
/// Makes a key of a kind ("consensus", "vrf", "network"), or shows the public half of one.
int new_key(const std::filesystem::path& file, const std::string& kind);
int show_key(const std::filesystem::path& file);

}  // namespace node
