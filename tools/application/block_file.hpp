#pragma once
// Final blocks in a file: a copy for a machine without peers, or for safe keeping. The file needs no trust: every piece
// is proved by a certificate, as in block sync, and every block is executed.
//
// "tephra/blocks/1" ‖ genesis hash (32) ‖ pieces: length (4, little-endian) ‖ SCALE of (blocks, certificate of the
// last). A piece is at most 64 blocks or 4 MiB, unless the next certificate is further away.

#include "chain/ledger/ledger.hpp"

#include <filesystem>

namespace node {

struct BlockFileLimits {
    std::size_t piece_bytes_max = 256 << 20;  ///< longer ones are refused before they are read
};

/// Called after each piece with the number of its last block.
using BlockFileProgress = std::function<void(std::uint32_t number)>;

/// Writes the final blocks from `first` (at least 1) to `last`, or to the last certified one below it; the file must
/// not exist. Returns the number of the last block written. The fault names the file and what to do.
chain::Result<std::uint32_t> export_blocks(const ledger::Ledger& ledger, const std::filesystem::path& file,
                                           std::uint32_t first, std::uint32_t last,
                                           const BlockFileProgress& progress = {});

/// Executes and stores what the file has beyond the ledger's last final block. Returns the number of the last block
/// stored. Fault: another chain's file, a hole, a torn end (what came before it is stored), a certificate that does not
/// hold, a disk that failed.
chain::Result<std::uint32_t> import_blocks(ledger::Ledger& ledger, const std::filesystem::path& file,
                                           const BlockFileLimits& limits = {}, const BlockFileProgress& progress = {});

}  // namespace node
