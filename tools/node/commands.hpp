#pragma once
// tephra-node's commands. Each returns the exit status: 0 done, 1 failed (said on standard error).

#include "chain/base/result.hpp"
#include "genesis/builder/development.hpp"
#include "tools/node/config.hpp"

#include <filesystem>
#include <string>

namespace node {

/// Says what went wrong on standard error; the exit status of a command that failed.
int fail(const chain::Fault& fault);
/// Runs until SIGTERM, SIGINT or a fault.
int run(const Config& config);
/// Prints a chain file of development validators, whose keys everybody knows.
int new_chain(const genesis::DevelopmentChain& chain);
/// Writes final blocks to a file, or executes and stores those of a file; the node must be stopped.
int export_blocks(const Config& config, const std::filesystem::path& file, std::uint32_t first, std::uint32_t last);
int import_blocks(const Config& config, const std::filesystem::path& file);
/// Recomputes the state root of a stopped node's data folder.
int verify(const Config& config);
/// Makes a key of a kind ("consensus", "vrf", "network"), or shows the public half of one.
int new_key(const std::filesystem::path& file, const std::string& kind);
int show_key(const std::filesystem::path& file);

}  // namespace node
