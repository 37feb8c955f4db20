#pragma once
// When the next block is due. A pure function: the engine's thread sleeps by it, tests step through it.

#include <algorithm>
#include <cstdint>

namespace consensus {

struct PaceLimits {
    /// Between two blocks, however much work waits.
    std::uint64_t interval_ms_min = 500;
    /// Without work: clients take a chain for dead that says nothing for longer (substrate-clients.md §0).
    std::uint64_t interval_ms_max = 5'000;
};

/// Milliseconds from `now` until a block is due, 0 when it is; both times on one monotonic clock.
constexpr std::uint64_t due_in_ms(std::uint64_t last_block_ms, std::uint64_t now_ms, bool has_work,
                                  const PaceLimits& limits) {
    const std::uint64_t due = last_block_ms + (has_work ? limits.interval_ms_min : limits.interval_ms_max);
    return due > now_ms ? due - now_ms : 0;
}

}  // namespace consensus
