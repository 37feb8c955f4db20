#include "tests/simulation/faults.hpp"

namespace simulation {

FaultSource::FaultSource(const FaultPlan& plan, Micros heal_at, Random random)
    : plan_(plan), heal_at_(heal_at), random_(random) {
    const auto add = [&](bool on, FaultKind kind) {
        if (on) kinds_.push_back(kind);
    };
    add(plan.partitions, FaultKind::CutLinks);
    add(plan.crashes, FaultKind::Crash);
    add(plan.dies_while_writing, FaultKind::DieWriting);
    add(plan.fills_disks, FaultKind::FillDisk);
    add(plan.flips_bits, FaultKind::FlipBits);
    add(plan.blackouts, FaultKind::Blackout);
    add(plan.loses_disks, FaultKind::LoseDisk);
    add(plan.jumps_clocks, FaultKind::JumpClock);
}

Micros FaultSource::gap() {
    // Bursts and pauses: now and then a fault follows at once, now and then nothing comes for long.
    if (random_.below(4) == 0) return random_.below(20'000);
    return random_.below(2 * plan_.mean_gap_us);
}

std::optional<Fault> FaultSource::next() {
    if (kinds_.empty()) return std::nullopt;
    now_ += gap() / kinds_.size();
    if (now_ >= heal_at_) return std::nullopt;
    const Micros longest = random_.below(3) == 0 ? heal_at_ - now_ : Micros{2'000'000};
    return Fault{.at = now_, .kind = random_.pick(kinds_), .lasts_us = 1 + random_.below(longest)};
}

}  // namespace simulation
