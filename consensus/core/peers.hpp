#pragma once
// What a replica remembers of the others: how active they are, how far they got, and how much work they may make.

#include "chain/base/bucket.hpp"
#include "chain/votes/vote.hpp"
#include "consensus/core/config.hpp"
#include "consensus/core/event.hpp"

#include <algorithm>

namespace consensus {

struct PeerState {
    PeerState(std::uint64_t peer, const CoreLimits& limits);

    std::uint64_t id = 0;
    chain::Bucket checks;      ///< signatures checked for it
    chain::Bucket answers;     ///< answers to its requests
    chain::Bucket stragglers;  ///< answers to votes for views that are over: one a second (R7)
};

struct ValidatorState {
    std::uint64_t weight = 0;
    std::uint64_t last_active = 0;  ///< the highest view in which it was heard voting (A9)
    std::uint64_t progress = 0;     ///< the highest view that it showed to have entered
    std::uint64_t wake_at = 0;      ///< when its next Wake is granted
    std::uint32_t connections = 0;
    bool is_reporting = false;  ///< connected, and its Status came
};

class Peers {
public:
    Peers(const votes::ValidatorTable& table, const CoreLimits& limits);

    /// The state of a peer, made on first sight; one shared state for those beyond the limit.
    PeerState& of(const Peer& peer);
    void arrived(const Peer& peer);
    void gone(const Peer& peer);
    std::size_t count() const { return peers_.size(); }

    ValidatorState& validator(std::uint32_t index) { return validators_[index]; }
    const ValidatorState& validator(std::uint32_t index) const { return validators_[index]; }
    std::size_t validators() const { return validators_.size(); }

    /// A vote of this validator for this view was heard.
    void heard(std::uint32_t validator, std::uint64_t view) {
        auto& state = validators_[validator];
        state.last_active = std::max(state.last_active, view);
        state.progress = std::max(state.progress, view);
    }
    /// Not heard in the last `inactive_after` views before `view`, in which a quorum was (R1).
    bool is_inactive(std::uint32_t validator, std::uint64_t view, chain::u128 quorum) const;
    /// Weight of those connected that report their status, without me.
    chain::u128 reporting_weight() const;

private:
    const CoreLimits& limits_;
    std::vector<PeerState> peers_;  // by id
    PeerState others_;
    std::vector<ValidatorState> validators_;
};

}  // namespace consensus
