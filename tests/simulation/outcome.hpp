#pragma once
// What a run came to.

#include "tests/simulation/checker.hpp"
#include "tests/simulation/event_queue.hpp"
#include "tests/simulation/faults.hpp"

#include <array>

namespace simulation {

struct Outcome {
    std::uint64_t seed = 0;
    std::string text;  ///< what the scenario was
    std::optional<Violation> violation;
    Micros simulated_us = 0;
    std::uint64_t events = 0;
    /// A hash of every event's time and node: equal for equal runs.
    std::uint64_t trace = 0;
    std::uint32_t blocks = 0;
    std::uint64_t signatures = 0;
    std::uint64_t nullified_views = 0;
    std::uint64_t epochs = 0;
    std::uint64_t evidence = 0;  ///< reports against byzantine validators
    std::array<std::uint64_t, fault_kinds> faults{};
    std::uint32_t traps_sprung = 0;
    std::uint64_t memories_lost = 0;  ///< starts that found journal and watermark damaged
    std::uint64_t synced_blocks = 0;  ///< that came to honest nodes by block sync
    std::uint64_t sync_cheats = 0;    ///< answers of peers that do not serve truly
    std::uint64_t sync_reports = 0;   ///< peers that block sync named for them
    std::uint64_t sync_bans = 0;      ///< connections closed over them
    /// From a transaction's coming to a node to its finality at the first.
    std::vector<Micros> transaction_us;
    /// From healing until every honest node had made progress.
    Micros recovery_us = 0;
    /// Of blocks of views without faults: from the proposal's first word to finality, at every honest node.
    std::vector<Micros> finality_us;
    /// From one final block to the next, where first seen.
    struct Interval {
        Micros us = 0;
        std::uint32_t nullified = 0;  ///< views in between
    };
    std::vector<Interval> intervals;
};

}  // namespace simulation
