#pragma once
// What an epoch costs in each block.

#include "runtime/frame/weight.hpp"

namespace validators::weights {

/// Digest, length and epoch are read and the epoch is written; in the last block of one, the validators are read and
/// the digest grows too.
inline constexpr frame::Weight finalize = frame::Weight{3'000'000, 0} + frame::storage_weight(4, 2);

}  // namespace validators::weights
