#pragma once
// consensus_*: how agreement goes, as this node sees it.

#include "rpc/schema/method.hpp"

namespace rpc {

/// What one validator was heard to say in the running view.
struct ValidatorVotes {
    /// Its number in votes, certificates and digests.
    std::uint32_t index = 0;
    Hash key;
    std::uint64_t weight = 0;
    bool is_connected = false;
    bool notarized = false;
    bool nullified = false;
    bool finalized = false;
    /// The last view of the epoch with a vote of it.
    std::uint64_t last_active = 0;
};

/// What this node holds, and for how long.
struct ViewProgress {
    std::uint64_t entered_ms_ago = 0;
    bool timers_run = false;
    std::uint64_t views_since_final = 0;
    bool has_proposal = false;
};

struct ConsensusState {
    static constexpr std::string_view name = "consensus_state";
    static constexpr std::string_view doc =
        "The running view: its leader, who voted what, what it waits for, and why the node is stuck if it is.";
    struct Params {};
    struct Result {
        std::uint64_t epoch = 0;
        std::uint64_t view = 0;
        std::uint32_t leader = 0;
        /// This node's own index; null for one that is no validator of the epoch.
        std::optional<std::uint32_t> me;
        /// signs, follows, listens, silent, stopped or forgot.
        std::string signing;
        ViewProgress progress;
        std::uint64_t final_view = 0;
        std::uint64_t stored_view = 0;
        std::uint32_t stored_number = 0;
        std::uint64_t since_final_ms = 0;
        /// Everything that keeps it from going on, by name: docs/operators.md says what each means and what helps. The
        /// last one is what the running view waits for; it is there in healthy moments, too.
        std::vector<std::string> reasons;
        /// For people.
        std::string waits_for;
        std::vector<ValidatorVotes> validators;
    };
};

struct ValidatorUptime {
    std::uint32_t index = 0;
    Hash key;
    std::uint64_t weight = 0;
    /// Views with a vote of it that came before the view after ended.
    std::uint64_t voted = 0;
    /// Views that it led, and those of them that ended without its block.
    std::uint64_t led = 0;
    std::uint64_t missed = 0;
};

struct ConsensusParticipation {
    static constexpr std::string_view name = "consensus_participation";
    static constexpr std::string_view doc =
        "Who took part in the last views of the epoch, at most 1,000, as this node heard them.";
    struct Params {};
    struct Result {
        std::uint64_t epoch = 0;
        std::uint64_t views = 0;
        std::vector<ValidatorUptime> validators;
    };
};

/// A certificate that a vote of this validator relied on.
struct KeptProof {
    std::uint64_t view = 0;
    /// notarize: the view's block was in order; nullify: the view may be skipped.
    std::string kind;
    HexBytes certificate;
};

struct ConsensusProofs {
    static constexpr std::string_view name = "consensus_proofs";
    static constexpr std::string_view doc =
        "Notarizations and nullifications of these views of an epoch, as far as this validator keeps them: what it "
        "shows "
        "when it is accused of having voted over a final view. At most 64 views at once.";
    static constexpr std::uint64_t views_max = 64;
    struct Params {
        std::uint64_t epoch = 0;
        std::uint64_t from_view = 0;
        std::uint64_t to_view = 0;
    };
    using Result = std::vector<KeptProof>;
};

using ConsensusMethods = Methods<ConsensusState, ConsensusParticipation, ConsensusProofs>;

}  // namespace rpc
