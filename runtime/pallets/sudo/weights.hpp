#pragma once
// What Sudo costs beside the call that it runs, in picoseconds.

#include "runtime/frame/weight.hpp"

namespace sudo::weights {

constexpr frame::Weight sudo() { return frame::Weight{3'000'000, 0} + frame::storage_weight(1, 0); }
constexpr frame::Weight set_key() { return frame::Weight{3'000'000, 0} + frame::storage_weight(1, 1); }

}  // namespace sudo::weights
