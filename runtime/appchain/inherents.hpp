#pragma once
// What the chain itself puts into a block: its time, as extrinsic 0.

#include "chain/block/block.hpp"

#include <optional>

namespace runtime {

/// The bare extrinsic (no length prefix) that sets the block's time.
chain::Bytes timestamp_inherent(std::uint64_t timestamp_ms);

/// The time that a block carries, in milliseconds since 1970. Nothing where extrinsic 0 is not its inherent.
/// Consensus compares it with its own clock; that it grows is the runtime's to check.
std::optional<std::uint64_t> timestamp_of(const chain::Block& block);

}  // namespace runtime
