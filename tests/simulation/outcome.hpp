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
    /// From a transaction's coming to a node to its finality at the first.
    std::vector<Micros> transaction_us;
    /// From healing until every honest node had made progress.
    Micros recovery_us = 0;
    /// Of blocks of views without faults: from the proposal's first word to finality, at every honest node.
    std::vector<Micros> finality_us;
    /// Between two consecutive final blocks' proposals.
    std::vector<Micros> interval_us;
};

}  // namespace simulation
