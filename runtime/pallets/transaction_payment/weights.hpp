#pragma once
// What the fee's own bookkeeping costs.

#include "runtime/frame/weight.hpp"

namespace transaction_payment::weights {

/// The block's weight and the multiplier are read, the multiplier is written when the block ends.
inline constexpr frame::Weight finalize = frame::Weight{2'000'000, 0} + frame::storage_weight(2, 1);

}  // namespace transaction_payment::weights
