#include "tests/simulation/report.hpp"

#include "consensus/core/config.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

namespace simulation {

Outcome run(const Scenario& scenario) {
    World world{scenario};
    Outcome outcome = world.run();
    outcome.text = text(scenario);
    return outcome;
}

Outcome run_seed(std::uint64_t seed) { return run(draw(seed)); }

Outcome run_for_finality(std::uint32_t validators, std::uint32_t crashed, std::uint64_t simulated_s) {
    Scenario scenario = calm(1, validators);
    scenario.network = {
        .regions = 10, .jitter_percent = 5, .loss_per_million = 10'000, .retransmits = true, .ordered = true};
    scenario.block_interval_ms = 0;
    scenario.work_us = 10'000;
    scenario.signature_us = 52;
    for (std::uint32_t i = validators - crashed; i < validators; ++i) scenario.players[i] = Player::Silent;
    World world{scenario};
    return world.run_for(simulated_s * 1'000'000);
}

Silence run_with_silent_leaders(std::uint64_t seed, std::uint32_t validators, std::uint32_t silent,
                                std::uint64_t simulated_s) {
    World world{silent_leaders(seed, validators, silent)};
    const Outcome outcome = world.run_for(simulated_s * 1'000'000);
    Silence out{.violation = outcome.violation};
    const consensus::Timers timers;
    // The chain's first block comes at once, and the guard after a start holds votes back: neither is a rest.
    for (std::size_t i = 2; i < outcome.intervals.size(); ++i) {
        const auto& [us, nullified] = outcome.intervals[i];
        ++out.intervals;
        out.with_one += nullified == 1 ? 1 : 0;
        out.with_more += nullified > 1 ? 1 : 0;
        // One rest, then the leader's time for each who is silent, which grows from the third view on.
        std::uint64_t allowed_ms = timers.idle_ms;
        std::uint64_t patience_ms = timers.leader_ms;
        for (std::uint32_t view = 0; view < nullified; ++view) {
            if (view >= 2) patience_ms += patience_ms / 2;
            allowed_ms += patience_ms;
        }
        out.excess_us_max =
            std::max(out.excess_us_max, static_cast<std::int64_t>(us) - static_cast<std::int64_t>(allowed_ms * 1'000));
        out.longest_us = std::max(out.longest_us, us);
    }
    return out;
}

Outcome run_for_speed(std::uint64_t simulated_s) {
    Scenario scenario = calm(1, 4);
    scenario.network.delay_us = 5'000;
    scenario.block_interval_ms = 250;
    scenario.work_us = 0;
    World world{scenario};
    return world.run_for(simulated_s * 1'000'000);
}

Micros percentile(std::vector<Micros> values, double part) {
    if (values.empty()) return 0;
    const auto index = static_cast<std::size_t>(part * static_cast<double>(values.size() - 1));
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(index));
    return values[index];
}

void Totals::add(const Outcome& outcome) {
    ++runs_;
    simulated_us_ += outcome.simulated_us;
    events_ += outcome.events;
    blocks_ += outcome.blocks;
    signatures_ += outcome.signatures;
    nullified_views_ += outcome.nullified_views;
    epochs_ += outcome.epochs;
    evidence_ += outcome.evidence;
    memories_lost_ += outcome.memories_lost;
    synced_blocks_ += outcome.synced_blocks;
    sync_cheats_ += outcome.sync_cheats;
    sync_reports_ += outcome.sync_reports;
    sync_bans_ += outcome.sync_bans;
    for (std::size_t i = 0; i < fault_kinds; ++i) faults_[i] += outcome.faults[i];
    if (outcome.violation) ++broken_;
    else recovery_us_.push_back(outcome.recovery_us);
}

std::string Totals::text(double wall_seconds) const {
    const double simulated = static_cast<double>(simulated_us_) / 1e6;
    std::string out = fmt::format(
        "{} runs, {:.0f} s simulated in {:.1f} s ({:.0f} × real time), {} events, {} blocks final, {} epochs begun\n"
        "{} honest signatures, {} views nullified, {} reports against byzantine validators\n"
        "faults: {} cuts, {} crashes, {} blackouts, {} deaths while writing, {} full disks, {} disks with flipped bits "
        "({} "
        "memories lost), {} clock jumps\n"
        "block sync: {} blocks, {} answers by peers that cheat, {} reports against them, {} connections closed\n"
        "progress after healing: p50 {:.1f} s, p99 {:.1f} s, most {:.1f} s\n"
        "{} runs broke a promise\n",
        runs_, simulated, wall_seconds, simulated / wall_seconds, events_, blocks_, epochs_, signatures_,
        nullified_views_, evidence_, faults_[0], faults_[1], faults_[5], faults_[2], faults_[3], faults_[4],
        memories_lost_, faults_[7], synced_blocks_, sync_cheats_, sync_reports_, sync_bans_,
        static_cast<double>(percentile(recovery_us_, 0.5)) / 1e6,
        static_cast<double>(percentile(recovery_us_, 0.99)) / 1e6,
        static_cast<double>(percentile(recovery_us_, 1.0)) / 1e6, broken_);
    return out;
}

}  // namespace simulation
