#pragma once
// The clocks that shells read. Pure code gets its time as an argument.

#include <cstdint>

namespace chain {

/// Never goes back, and a corrected system clock does not move it; its zero means nothing. For timers and durations.
std::uint64_t monotonic_ms();
std::uint64_t monotonic_us();

/// Milliseconds since 1970 by the system's clock, which an operator may set.
std::uint64_t unix_ms();

}  // namespace chain
