#include "chain/clock/clock.hpp"

#include <chrono>

namespace chain {

namespace {

template <typename Unit, typename Clock>
std::uint64_t reading() {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<Unit>(Clock::now().time_since_epoch()).count());
}

}  // namespace

std::uint64_t monotonic_ms() { return reading<std::chrono::milliseconds, std::chrono::steady_clock>(); }
std::uint64_t monotonic_us() { return reading<std::chrono::microseconds, std::chrono::steady_clock>(); }
std::uint64_t unix_ms() { return reading<std::chrono::milliseconds, std::chrono::system_clock>(); }

}  // namespace chain
