#include "tests/simulation/mutants.hpp"

#include "tests/simulation/report.hpp"
#include "tests/simulation/world.hpp"

#include <array>
#include <numeric>

namespace simulation {

namespace {

using consensus::Mutant;

/// Nothing but what is set afterwards; liars and faults of the drawn scenario are gone.
void quiet(Scenario& scenario) {
    scenario.players.assign(scenario.validators(), Player::Honest);
    scenario.faults = {};
    scenario.network.loss_per_million = scenario.network.duplicates_per_million = 0;
    scenario.network.held_per_million = 0;
    scenario.disk.slow_per_million = 0;
    scenario.reweighs = false;
}

void four_with(Scenario& scenario, Player player) {
    quiet(scenario);
    scenario.weights.assign(4, 1);
    scenario.players.assign(4, Player::Honest);
    scenario.players[scenario.seed % 4] = player;
    scenario.load = Load::Always;
    scenario.epoch_length = 1'000;
}

/// Messages come late enough for timers to fire while votes are on their way.
void slow_network(Scenario& scenario) {
    scenario.network.loss_per_million = 100'000;
    scenario.network.retransmits = false;
    scenario.network.held_per_million = 300'000;
    scenario.network.held_us = 2'500'000;
}

void equivocator(Scenario& scenario) {
    four_with(scenario, Player::Equivocator);
    slow_network(scenario);
}

void forger(Scenario& scenario) { four_with(scenario, Player::Forger); }

void flooder(Scenario& scenario) { four_with(scenario, Player::Flooder); }

void root_liar(Scenario& scenario) {
    four_with(scenario, Player::RootLiar);
    slow_network(scenario);
}

void silent(Scenario& scenario) { four_with(scenario, Player::Silent); }

void delays(Scenario& scenario) {
    quiet(scenario);
    slow_network(scenario);
    scenario.load = Load::Always;
}

void crashes(Scenario& scenario) {
    quiet(scenario);
    slow_network(scenario);
    scenario.faults.crashes = scenario.faults.dies_while_writing = true;
    scenario.faults.mean_gap_us = 400'000;
    scenario.load = Load::Always;
}

void partitions(Scenario& scenario) {
    quiet(scenario);
    scenario.faults.partitions = true;
    scenario.faults.mean_gap_us = 1'000'000;
    scenario.load = Load::Always;
}

void lossy(Scenario& scenario) {
    quiet(scenario);
    scenario.network.loss_per_million = 550'000;
    scenario.network.retransmits = false;
    scenario.load = Load::Always;
}

void short_epochs(Scenario& scenario) {
    quiet(scenario);
    slow_network(scenario);
    scenario.epoch_length = 1 + static_cast<std::uint32_t>(scenario.seed % 4);
}

void idle(Scenario& scenario) {
    quiet(scenario);
    scenario.network.regions = scenario.network.slow_nodes = 0;
    scenario.observers = 0;
    scenario.load = Load::Sparse;
    scenario.transaction_gap_us = 8'000'000;
    scenario.epoch_length = 1'000;
}

void idle_and_late(Scenario& scenario) {
    idle(scenario);
    scenario.network.held_per_million = 800'000;
    scenario.network.held_us = 2'500'000;
}

void skewed(Scenario& scenario) {
    quiet(scenario);
    scenario.load = Load::Always;
    scenario.epoch_length = 1'000;
    scenario.faults.clock_skew_ms = 500;
}

void blackouts_between_epochs(Scenario& scenario) {
    quiet(scenario);
    scenario.faults.blackouts = true;
    scenario.faults.mean_gap_us = 4'000'000;
    scenario.load = Load::Always;
    scenario.epoch_length = 8 + static_cast<std::uint32_t>(scenario.seed % 16);
}

void lost_disk(Scenario& scenario) {
    quiet(scenario);
    scenario.weights.assign(4, 1);
    scenario.players.assign(4, Player::Honest);
    scenario.load = Load::Always;
    scenario.epoch_length = 1'000;
    scenario.faults.loses_disks = true;
    scenario.faults.mean_gap_us = 2'000'000;
}

/// One of four whose machine dies often and comes back with other bits.
void damaged_disk(Scenario& scenario) {
    lost_disk(scenario);
    slow_network(scenario);
    scenario.faults.loses_disks = false;
    scenario.faults.flips_bits = scenario.faults.dies_while_writing = true;
    scenario.faults.mean_gap_us = 100'000;
    scenario.journal_part_bytes = 2'000;
}

/// One way takes longer than a view's patience lasts at first.
void far_apart(Scenario& scenario) {
    quiet(scenario);
    scenario.network.regions = scenario.network.slow_nodes = 0;
    scenario.network.delay_us = 1'500'000;
    scenario.load = Load::Always;
}

/// Executing a block takes longer than its finalization.
void slow_work(Scenario& scenario) {
    quiet(scenario);
    scenario.work_us = 800'000;
    scenario.load = Load::Always;
}

void slow_forger(Scenario& scenario) {
    forger(scenario);
    scenario.signature_us = 20'000;
}

void two_of_seven(Scenario& scenario) {
    four_with(scenario, Player::Honest);
    scenario.weights.assign(7, 1);
    scenario.players.assign(7, Player::Honest);
    scenario.players[scenario.seed % 7] = scenario.players[(scenario.seed + 3) % 7] = Player::Equivocator;
}

constexpr auto cases = std::to_array<MutantCase>({
#define RULE(rule) .mutant = Mutant::rule, .name = #rule
    {RULE(FinalizeAfterNullify), .seeds = 30, .focus = delays},
    {RULE(NullifyAfterFinalize),
     .why_not = "a replica leaves the view as it finalizes (R6): nothing is left to nullify"},
    {RULE(NotarizeSecondProposal), .seeds = 30, .focus = equivocator},
    {RULE(NotarizeAfterNullify), .seeds = 30, .focus = delays},
    {RULE(NotarizeWithoutParent), .seeds = 30, .focus = equivocator},
    {RULE(NotarizeWithoutSkipProof), .seeds = 30, .focus = forger},
    {RULE(FinalizeWithoutExecution), .seeds = 30, .focus = root_liar},
    {RULE(FinalizeBelowFloor), .seeds = 30, .focus = slow_work},
    {RULE(QuorumOfHalf), .seeds = 30, .focus = two_of_seven},
    {RULE(ProposeTwice), .seeds = 30, .focus = delays},
    {RULE(AcceptAnyLeader), .seeds = 30, .focus = forger},
    {RULE(CountUnverifiedVotes), .seeds = 30, .focus = forger},
    {RULE(OverwriteVerifiedVote), .seeds = 30, .focus = forger},
    {RULE(CheckNotBoundToVote), .seeds = 30, .focus = slow_forger},
    {RULE(FirstSignatureWins), .seeds = 30, .focus = forger},
    {RULE(EquivocationGoesOn), .seeds = 30, .focus = equivocator},
    {RULE(CertificateNeedsSlot), .seeds = 40, .focus = equivocator, .by = Notice::Pace},
    {RULE(NoEvidence), .seeds = 30, .focus = equivocator, .by = Notice::Pace},
    {RULE(AdmitEveryView), .seeds = 30, .focus = flooder},
    {RULE(StopCertifyingAfterNullify), .seeds = 30, .focus = delays},
    {RULE(NoRelay), .seeds = 30, .focus = lossy, .by = Notice::Pace},
    {RULE(NoAnswers), .seeds = 30, .focus = lossy, .by = Notice::Pace},
    {RULE(NoRetry), .seeds = 30, .focus = lossy, .by = Notice::Pace},
    {RULE(NoStandstill), .seeds = 30, .focus = lossy, .by = Notice::Pace},
    {RULE(StandstillWithoutCursor),
     .why_not = "the lowest 64 open messages suffice to climb; the rest follows as the floor rises"},
    {RULE(NoBackoff), .seeds = 30, .focus = far_apart, .by = Notice::Pace},
    {RULE(BackoffNeverResets), .seeds = 100, .focus = partitions, .by = Notice::Pace},
    {RULE(NoFetch), .seeds = 30, .focus = lossy, .by = Notice::Pace},
    {RULE(NoCertificateRequests),
     .why_not = "proposals carry the proofs of 64 skipped views (A7); no run skips more before it heals"},
    {RULE(NoLeaderSkip), .seeds = 30, .focus = silent, .by = Notice::Pace},
    {RULE(EndlessLeaderSkip),
     .why_not = "a skip needs an active quorum, and an active quorum finalizes, which refills the budget"},
    {RULE(EarlyTimestampIsBad), .seeds = 30, .focus = skewed, .by = Notice::Pace},
    {RULE(TimersRunWhileIdle), .seeds = 30, .focus = idle, .by = Notice::Pace},
    {RULE(WakeIgnored), .seeds = 30, .focus = idle, .by = Notice::Pace},
    {RULE(AncestorIsNoWork), .seeds = 30, .focus = idle_and_late, .by = Notice::Pace},
    {RULE(BuildBeyondBoundary), .seeds = 30, .focus = short_epochs},
    {RULE(EndEpochOnNotarization), .seeds = 30, .focus = short_epochs},
    {RULE(ResumeFromLastVote),
     .why_not = "the last own vote is of the highest view but one at most, and peers tell the rest at once"},
    {RULE(ResumeWithoutTimers),
     .why_not = "whoever holds work arms its timers on entry, whoever holds none 5 s later (A8)"},
    {RULE(ForgetOwnVotes), .seeds = 30, .focus = crashes, .also = Mutant::NoWatermark},
    {RULE(CertificatesNotStored),
     .why_not = "own votes are durable and sent again (R10): a lost certificate is formed again"},
    {RULE(VotesNotDurable), .seeds = 30, .focus = crashes},
    {RULE(NoWatermark), .seeds = 30, .focus = crashes, .also = Mutant::ForgetOwnVotes},
    {RULE(OneWatermarkForAll), .seeds = 30, .focus = crashes},
    {RULE(ReplayOtherEpoch), .seeds = 30, .focus = blackouts_between_epochs, .by = Notice::Pace},
    {RULE(NoBoundaryRecord),
     .why_not = "the first vote of an epoch syncs the file that begins with it, and the store knows the epoch"},
    {RULE(PruneAboveDurableFloor),
     .why_not = "files go 64 views below the floor (R9): no store lags that far in a run"},
    {RULE(NoDoppelgaengerGuard), .seeds = 30, .focus = lost_disk},
    {RULE(TornTailIsCorruption),
     .why_not = "it only makes a replica silent up to its watermark, as a lost disk would (A2)"},
    {RULE(CorruptionIsTornTail),
     .why_not = "watermark and guard (A1, A2) both stand behind it: two more rules must break"},
    {RULE(SignWithoutMemory), .seeds = 500, .focus = damaged_disk},
#undef RULE
});

void choose(Mutant mutant, Mutant also) {
#ifdef TEPHRA_MUTANTS
    consensus::chosen_mutant = mutant;
    consensus::also_chosen_mutant = also;
#else
    static_cast<void>(mutant);
    static_cast<void>(also);
#endif
}

/// Two minutes of the scenario, unhealed.
Outcome measure(Scenario scenario) {
    constexpr Micros duration = 120'000'000;
    scenario.heal_at = duration;
    World world{scenario};
    return world.run_for(duration);
}

std::uint64_t mean_us(const std::vector<Micros>& times) {
    return times.empty() ? 0 : std::accumulate(times.begin(), times.end(), std::uint64_t{0}) / times.size();
}

/// Why the run with the broken rule is much worse than the one without; empty if it is not.
std::string_view worse(const Outcome& broken, const Outcome& whole) {
    if (broken.violation) return name(broken.violation->promise);
    if (whole.evidence > 0 && broken.evidence == 0) return "no evidence";
    if (10 * broken.blocks < 7 * whole.blocks) return "pace: fewer blocks";
    if (broken.nullified_views > 2 * whole.nullified_views + 20) return "pace: more views nullified";
    const std::uint64_t usual = mean_us(whole.transaction_us);
    if (!whole.transaction_us.empty() && 2 * mean_us(broken.transaction_us) > 3 * usual + 200'000)
        return "pace: later transactions";
    return {};
}

std::string_view noticed(const MutantCase& mutant, const Scenario& scenario) {
    choose(mutant.mutant, mutant.also);
    World world{scenario};
    const Outcome outcome = world.run();
    if (outcome.violation) return name(outcome.violation->promise);
    if (mutant.by != Notice::Pace) return {};
    const Outcome broken = measure(scenario);
    choose(Mutant::None, Mutant::None);
    return worse(broken, measure(scenario));
}

}  // namespace

std::span<const MutantCase> mutant_cases() { return cases; }

std::optional<Killed> hunt(const MutantCase& mutant) {
    for (std::uint32_t seed = 1; seed <= mutant.seeds; ++seed) {
        Scenario scenario = draw(seed);
        mutant.focus(scenario);
        if (const std::string_view by = noticed(mutant, scenario); !by.empty()) return Killed{seed, by};
    }
    return std::nullopt;
}

}  // namespace simulation
