#pragma once
// Many runs, one table.

#include "tests/simulation/outcome.hpp"
#include "tests/simulation/scenario.hpp"

#include <vector>

namespace simulation {

Outcome run(const Scenario& scenario);
/// Runs the seed's scenario.
Outcome run_seed(std::uint64_t seed);

/// So many validators in ten regions, the last `crashed` of them silent from the start.
Outcome run_for_finality(std::uint32_t validators, std::uint32_t crashed, std::uint64_t simulated_s);

/// What silent leaders cost a chain that nobody wants anything from (docs/design/consensus.md, "Idle").
struct Silence {
    std::uint32_t intervals = 0;  ///< between final blocks
    std::uint32_t with_one = 0;   ///< in which one view was nullified
    std::uint32_t with_more = 0;  ///< in which several were
    /// What an interval took beyond one rest and the patience with those who were silent, at most.
    std::int64_t excess_us_max = 0;
    Micros longest_us = 0;
    std::optional<Violation> violation;
};
Silence run_with_silent_leaders(std::uint64_t seed, std::uint32_t validators, std::uint32_t silent,
                                std::uint64_t simulated_s);

/// Four validators that nothing befalls, a view every 250 ms.
Outcome run_for_speed(std::uint64_t simulated_s);

class Totals {
public:
    void add(const Outcome& outcome);
    /// What was run, and what befell it.
    std::string text(double wall_seconds) const;
    std::uint64_t broken() const { return broken_; }

private:
    std::uint64_t runs_ = 0;
    Micros simulated_us_ = 0;
    std::uint64_t events_ = 0;
    std::uint64_t blocks_ = 0;
    std::uint64_t signatures_ = 0;
    std::uint64_t nullified_views_ = 0;
    std::uint64_t epochs_ = 0;
    std::uint64_t evidence_ = 0;
    std::uint64_t memories_lost_ = 0;
    std::uint64_t synced_blocks_ = 0;
    std::uint64_t sync_cheats_ = 0;
    std::uint64_t sync_reports_ = 0;
    std::uint64_t sync_bans_ = 0;
    std::array<std::uint64_t, fault_kinds> faults_{};
    std::vector<Micros> recovery_us_;
    std::uint64_t broken_ = 0;
};

/// The value below which this part of the sorted values lies.
Micros percentile(std::vector<Micros> values, double part);

}  // namespace simulation
