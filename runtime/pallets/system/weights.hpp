#pragma once
// Estimated from the storage operations and bytes that a call costs (picoseconds); a block's limits are in
// pallets/system/limits.hpp.

#include "runtime/frame/weight.hpp"

namespace frame_system::weights {

constexpr frame::Weight remark(std::uint64_t bytes) { return {1'000'000 + 500 * bytes, 0}; }
constexpr frame::Weight remark_with_event(std::uint64_t bytes) { return {3'000'000 + 2'500 * bytes, 0}; }

/// Number, parent hash, digest, the hash that enters and the one that leaves; counters and events at the end.
constexpr frame::Weight block_frame() { return frame::storage_weight(2, 11); }

}  // namespace frame_system::weights
