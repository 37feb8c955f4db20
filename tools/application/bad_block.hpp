#pragma once
// A block that a quorum calls final and that is bad here: this program, this machine or all others compute wrongly. The
// node stops, and leaves a file behind for whoever finds out which.

#include "chain/block/block.hpp"
#include "chain/ledger/events.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace node {

struct BadBlock {
    chain::Block block;
    std::string why;                           ///< what is wrong with it
    std::optional<chain::Hash> computed_root;  ///< what executing it gives here, where it could be executed
    ledger::BlockRef finalized;                ///< the last final block that is stored here
};

/// One "name: value" a line, the whole encoded block last.
std::string describe(const BadBlock& bad);

/// Files of bad blocks that a folder keeps; beyond, no more are written.
inline constexpr std::size_t bad_block_files_max = 16;

/// Writes bad-block-NUMBER-HASH.txt; the same file again for the same block.
chain::Result<std::filesystem::path> write_bad_block(const std::filesystem::path& folder, const BadBlock& bad);
/// Those that earlier lives left, by name.
std::vector<std::filesystem::path> bad_block_files(const std::filesystem::path& folder);

}  // namespace node
