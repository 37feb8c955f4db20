#include "tests/simulation/report.hpp"

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
        "progress after healing: p50 {:.1f} s, p99 {:.1f} s, most {:.1f} s\n"
        "{} runs broke a promise\n",
        runs_, simulated, wall_seconds, simulated / wall_seconds, events_, blocks_, epochs_, signatures_,
        nullified_views_, evidence_, faults_[0], faults_[1], faults_[5], faults_[2], faults_[3], faults_[4],
        memories_lost_, faults_[7], static_cast<double>(percentile(recovery_us_, 0.5)) / 1e6,
        static_cast<double>(percentile(recovery_us_, 0.99)) / 1e6,
        static_cast<double>(percentile(recovery_us_, 1.0)) / 1e6, broken_);
    return out;
}

}  // namespace simulation
