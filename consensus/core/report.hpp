#pragma once
// What a replica can say about itself: for consensus_state, the log and the simulator's checkers.

#include "consensus/types/message.hpp"

#include <optional>
#include <string>

namespace consensus {

/// What one validator was heard to say in the current view.
struct ValidatorReport {
    bool notarized = false;
    bool nullified = false;
    bool finalized = false;
    std::uint64_t last_active = 0;  ///< the highest view with a vote of it
    bool is_connected = false;
};

/// What the running view waits for.
enum class Waits : std::uint8_t {
    NextEpoch,  ///< nothing here: the epoch is over
    Work,       ///< the view is idle
    Nullifies,  ///< I gave it up
    Build,      ///< I lead
    Parent,     ///< of the block of this view, certified here
    Proposal,
    Time,  ///< the one that the proposal bears
    Check,
    Proofs,  ///< nullifications of the views that the proposal skips
    Notarizes,
    Block,  ///< a quorum has it
    Execution
};

struct ViewReport {
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    std::uint32_t leader = 0;
    std::uint64_t entered_at_ms = 0;
    std::optional<std::uint64_t> timers_since_ms;  ///< nothing while the view is idle (A8)
    std::uint64_t backoff_views = 0;               ///< R11's k
    std::uint64_t floor_view = 0;                  ///< the highest final view known
    std::uint64_t durable_view = 0;                ///< the highest final view stored
    std::uint32_t durable_number = 0;
    bool has_proposal = false;
    bool is_ended = false;
    std::vector<ValidatorReport> validators;
    Waits waits{};
    /// Why the view does not end, for a person: "waits for the leader's proposal (validator 2)".
    std::string waits_for;
};

/// What it holds, for the bounds' metrics.
struct Footprint {
    std::size_t views = 0;
    std::size_t slots = 0;  ///< votes held
    std::size_t payloads = 0;
    std::size_t batches = 0;
    std::size_t peers = 0;
};

}  // namespace consensus
