#pragma once
// Rules broken on purpose, one at a time, so that the simulator can prove it would notice. The switches exist only in
// libraries built with TEPHRA_MUTANTS; everywhere else `mutant(x)` is the constant false and costs nothing.

#include <cstdint>
#include <string_view>

namespace consensus {

enum class Mutant : std::uint8_t {
    None,
    // consensus/core: voting
    FinalizeAfterNullify,      ///< I2, R6
    NullifyAfterFinalize,      ///< I2, R5
    NotarizeSecondProposal,    ///< I1, R4
    NotarizeAfterNullify,      ///< R4
    NotarizeWithoutParent,     ///< I4: the parent need not be notarized
    NotarizeWithoutSkipProof,  ///< I4: skipped views need no nullification
    FinalizeWithoutExecution,  ///< R6: certified means notarized
    FinalizeBelowFloor,        ///< R9; ava-labs/Simplex #280, #290
    QuorumOfHalf,              ///< W/2 + 1
    ProposeTwice,              ///< R2
    // consensus/core: what is believed
    AcceptAnyLeader,        ///< R3; ton #2557
    CountUnverifiedVotes,   ///< §1.5
    OverwriteVerifiedVote,  ///< R12; ava-labs/Simplex #546
    CheckNotBoundToVote,    ///< a check's answer is used for whatever the slot holds now; ava-labs/Simplex #555
    FirstSignatureWins,     ///< a forged vote keeps the author's slot; ava-labs/Simplex #544, #565
    EquivocationGoesOn,     ///< R3: a second proposal is processed; ava-labs/Simplex #541
    CertificateNeedsSlot,   ///< A10: a certificate for other than the first proposal is ignored
    NoEvidence,             ///< R12
    AdmitEveryView,         ///< A12: votes of any view are kept
    // consensus/core: progress
    StopCertifyingAfterNullify,  ///< R6; commonware #2695
    NoRelay,                     ///< R7
    NoAnswers,                   ///< R7
    NoRetry,                     ///< R10
    NoStandstill,                ///< R10
    StandstillWithoutCursor,     ///< A11
    NoBackoff,                   ///< R11
    BackoffNeverResets,          ///< R11
    NoFetch,                     ///< R6
    NoCertificateRequests,       ///< R2, A11; anza-xyz/agave #13638
    NoLeaderSkip,                ///< R1
    EndlessLeaderSkip,           ///< R1: no budget
    EarlyTimestampIsBad,         ///< A13
    TimersRunWhileIdle,          ///< A8
    WakeIgnored,                 ///< A8
    AncestorIsNoWork,            ///< A8
    // consensus/core: epochs and recovery
    BuildBeyondBoundary,     ///< A4
    EndEpochOnNotarization,  ///< §1.8
    ResumeFromLastVote,      ///< §1.7; ava-labs/Simplex #328
    ResumeWithoutTimers,     ///< §1.7; ava-labs/Simplex #328
    ForgetOwnVotes,          ///< §1.7: the flags of an earlier life are not restored
    CertificatesNotStored,   ///< §0(3): the entry certificate is not durable with the first vote
    // consensus/safety and consensus/replica
    VotesNotDurable,         ///< §1.7: sent before synced
    NoWatermark,             ///< §1.7
    OneWatermarkForAll,      ///< A1
    ReplayOtherEpoch,        ///< §1.7; ava-labs/Simplex #551
    NoBoundaryRecord,        ///< A3
    PruneAboveDurableFloor,  ///< A5
    NoDoppelgaengerGuard,    ///< A2
    TornTailIsCorruption,    ///< A2
    CorruptionIsTornTail,    ///< §1.7
    SignWithoutMemory        ///< §1.7: journal and watermark damaged
};

#ifdef TEPHRA_MUTANTS
/// The rule that is broken in this process.
inline Mutant chosen_mutant = Mutant::None;
/// Where two guards stand behind each other, the second one that is taken away.
inline Mutant also_chosen_mutant = Mutant::None;
inline bool mutant(Mutant rule) { return chosen_mutant == rule || also_chosen_mutant == rule; }
#else
constexpr bool mutant(Mutant) { return false; }
#endif

}  // namespace consensus
