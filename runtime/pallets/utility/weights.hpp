#pragma once
// What a batch costs beside its calls, in picoseconds.

#include "runtime/frame/weight.hpp"

namespace utility::weights {

constexpr frame::Weight batch(std::uint64_t calls) { return {2'000'000 + 2'500'000 * calls, 0}; }

}  // namespace utility::weights
