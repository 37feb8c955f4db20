#pragma once
// What setting the time costs.

#include "runtime/frame/weight.hpp"

namespace timestamp::weights {

/// Now, LiveNow and DidUpdate are read and written.
inline constexpr frame::Weight set = frame::Weight{4'000'000, 0} + frame::storage_weight(3, 3);
/// DidUpdate is cleared when the block ends.
inline constexpr frame::Weight finalize = frame::storage_weight(1, 1);

}  // namespace timestamp::weights
