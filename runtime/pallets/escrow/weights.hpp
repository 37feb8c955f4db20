#pragma once
// What the calls of Escrow cost.

#include "runtime/frame/weight.hpp"

namespace escrow::weights {

/// One payout delivered: two accounts, a hold, an entry.
inline constexpr frame::Weight payout = frame::Weight{10'000'000, 0} + frame::storage_weight(5, 5);
inline constexpr frame::Weight root_call = frame::Weight{10'000'000, 0} + frame::storage_weight(1, 1);

}  // namespace escrow::weights
