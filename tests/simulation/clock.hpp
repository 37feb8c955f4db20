#pragma once
// What a node believes about the time. Agreement's timers run on a monotonic clock that starts anywhere and drifts;
// wall time, which only timestamps use, is off by some hundred milliseconds and jumps.

#include "tests/simulation/event_queue.hpp"

#include <cstdint>

namespace simulation {

class Clock {
public:
    Clock() = default;
    /// The monotonic clock reads `start_ms` when the run begins and gains `drift_ppm` of a million.
    Clock(std::uint64_t start_ms, std::int64_t drift_ppm) : start_ms_(start_ms), drift_ppm_(drift_ppm) {}

    std::uint64_t monotonic_ms(Micros now) const {
        const auto signed_now = static_cast<std::int64_t>(now);
        return start_ms_ + static_cast<std::uint64_t>(signed_now + signed_now * drift_ppm_ / 1'000'000) / 1000;
    }

    /// A moment at which the monotonic clock reads `ms` or more, the first one but for drift.
    Micros when(std::uint64_t ms, Micros now) const {
        const std::uint64_t reading = monotonic_ms(now);
        if (ms <= reading) return now;
        Micros at = now + (ms - reading) * 1000 - now % 1000;
        while (monotonic_ms(at) < ms) at += 1000;
        return at;
    }

    std::uint64_t wall_ms(Micros now) const {
        return static_cast<std::uint64_t>(static_cast<std::int64_t>(genesis_wall_ms + now / 1000) + wall_offset_ms_);
    }

    void set_wall_offset_ms(std::int64_t offset) { wall_offset_ms_ = offset; }

private:
    static constexpr std::uint64_t genesis_wall_ms = 1'800'000'000'000;

    std::uint64_t start_ms_ = 0;
    std::int64_t drift_ppm_ = 0;
    std::int64_t wall_offset_ms_ = 0;
};

}  // namespace simulation
