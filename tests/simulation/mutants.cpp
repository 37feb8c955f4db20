#include "tests/simulation/mutants.hpp"

#include "tests/simulation/report.hpp"
#include "tests/simulation/world.hpp"

#include <array>

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

void withholder(Scenario& scenario) { four_with(scenario, Player::Withholder); }

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

void crashes_in_short_epochs(Scenario& scenario) {
    crashes(scenario);
    scenario.epoch_length = 1 + static_cast<std::uint32_t>(scenario.seed % 4);
}

void partitions(Scenario& scenario) {
    quiet(scenario);
    scenario.faults.partitions = true;
    scenario.faults.mean_gap_us = 1'000'000;
    scenario.load = Load::Always;
}

void short_epochs(Scenario& scenario) {
    quiet(scenario);
    slow_network(scenario);
    scenario.epoch_length = 1 + static_cast<std::uint32_t>(scenario.seed % 4);
}

void idle(Scenario& scenario) {
    quiet(scenario);
    scenario.load = Load::Sparse;
    scenario.transaction_gap_us = 8'000'000;
}

void skewed(Scenario& scenario) {
    quiet(scenario);
    scenario.faults.clock_skew_ms = 500;
    scenario.faults.jumps_clocks = true;
}

void bit_flips(Scenario& scenario) {
    crashes(scenario);
    scenario.faults.flips_bits = true;
}

void twins(Scenario& scenario) { four_with(scenario, Player::Twin); }

#define CASE(rule, seeds, focus)              \
    MutantCase {                              \
        Mutant::rule, #rule, seeds, focus, {} \
    }

constexpr auto cases = std::to_array<MutantCase>({
    CASE(FinalizeAfterNullify, 50, delays),
    CASE(NullifyAfterFinalize, 50, delays),
    CASE(NotarizeSecondProposal, 50, equivocator),
    CASE(NotarizeAfterNullify, 50, delays),
    CASE(NotarizeWithoutParent, 50, equivocator),
    CASE(NotarizeWithoutSkipProof, 50, equivocator),
    CASE(FinalizeWithoutExecution, 50, root_liar),
    CASE(FinalizeBelowFloor, 50, crashes),
    CASE(QuorumOfHalf, 50, equivocator),
    CASE(ProposeTwice, 50, delays),
    CASE(AcceptAnyLeader, 50, forger),
    CASE(CountUnverifiedVotes, 50, forger),
    CASE(OverwriteVerifiedVote, 50, forger),
    CASE(CheckNotBoundToVote, 50, forger),
    CASE(FirstSignatureWins, 50, forger),
    CASE(EquivocationGoesOn, 50, equivocator),
    CASE(CertificateNeedsSlot, 50, equivocator),
    CASE(NoEvidence, 50, equivocator),
    CASE(AdmitEveryView, 50, flooder),
    CASE(StopCertifyingAfterNullify, 50, delays),
    CASE(NoRelay, 50, withholder),
    CASE(NoAnswers, 50, partitions),
    CASE(NoRetry, 50, partitions),
    CASE(NoStandstill, 50, partitions),
    CASE(StandstillWithoutCursor, 50, partitions),
    CASE(NoBackoff, 50, delays),
    CASE(BackoffNeverResets, 50, partitions),
    CASE(NoFetch, 50, withholder),
    CASE(NoCertificateRequests, 50, partitions),
    CASE(NoLeaderSkip, 50, silent),
    CASE(EndlessLeaderSkip, 50, silent),
    CASE(EarlyTimestampIsBad, 50, skewed),
    CASE(TimersRunWhileIdle, 50, idle),
    CASE(WakeIgnored, 50, idle),
    CASE(AncestorIsNoWork, 50, idle),
    CASE(BuildBeyondBoundary, 50, short_epochs),
    CASE(EndEpochOnNotarization, 50, short_epochs),
    CASE(ResumeFromLastVote, 50, crashes),
    CASE(ResumeWithoutTimers, 50, crashes),
    CASE(ForgetOwnVotes, 50, crashes),
    CASE(CertificatesNotStored, 50, crashes),
    CASE(VotesNotDurable, 50, crashes),
    CASE(NoWatermark, 50, crashes),
    CASE(OneWatermarkForAll, 50, crashes),
    CASE(ReplayOtherEpoch, 50, crashes_in_short_epochs),
    CASE(NoBoundaryRecord, 50, crashes_in_short_epochs),
    CASE(PruneAboveDurableFloor, 50, crashes),
    CASE(NoDoppelgaengerGuard, 50, twins),
    CASE(TornTailIsCorruption, 50, crashes),
    CASE(CorruptionIsTornTail, 50, bit_flips),
});

#undef CASE

}  // namespace

std::span<const MutantCase> mutant_cases() { return cases; }

std::optional<Killed> hunt(const MutantCase& mutant) {
#ifdef TEPHRA_MUTANTS
    consensus::chosen_mutant = mutant.mutant;
#endif
    for (std::uint32_t seed = 1; seed <= mutant.seeds; ++seed) {
        Scenario scenario = draw(seed);
        mutant.focus(scenario);
        World world{scenario};
        const Outcome outcome = world.run();
        if (outcome.violation) return Killed{seed, name(outcome.violation->promise)};
    }
    return std::nullopt;
}

}  // namespace simulation
