#include "consensus/core/peers.hpp"

#include <algorithm>

namespace consensus {

PeerState::PeerState(std::uint64_t peer, const CoreLimits& limits)
    : id(peer),
      checks({limits.checks_per_s, limits.checks_burst}),
      answers({limits.answers_per_s, 2 * limits.answers_per_s}),
      stragglers({1, 1}) {}

Peers::Peers(const votes::ValidatorTable& table, const CoreLimits& limits) : limits_(limits), others_(0, limits) {
    for (std::size_t i = 0; i < table.size(); ++i) validators_.push_back({.weight = table[i].weight});
}

PeerState& Peers::of(const Peer& peer) {
    const auto found = std::ranges::lower_bound(peers_, peer.id, {}, &PeerState::id);
    if (found != peers_.end() && found->id == peer.id) return *found;

    if (peers_.size() >= limits_.peers_max) return others_;
    return *peers_.insert(found, PeerState{peer.id, limits_});
}

void Peers::arrived(const Peer& peer) {
    of(peer);
    if (peer.validator && *peer.validator < validators_.size()) ++validators_[*peer.validator].connections;
}

void Peers::gone(const Peer& peer) {
    const auto found = std::ranges::lower_bound(peers_, peer.id, {}, &PeerState::id);
    if (found != peers_.end() && found->id == peer.id) peers_.erase(found);
    if (!peer.validator || *peer.validator >= validators_.size()) return;
    auto& validator = validators_[*peer.validator];
    if (validator.connections > 0) --validator.connections;
    if (validator.connections == 0) validator.is_reporting = false;
}

bool Peers::is_inactive(std::uint32_t validator, std::uint64_t view, chain::u128 quorum) const {
    if (view <= limits_.inactive_after) return false;
    const std::uint64_t since = view - limits_.inactive_after;
    if (validators_[validator].last_active >= since) return false;
    chain::u128 active = 0;
    for (const auto& other : validators_)
        if (other.last_active >= since) active += other.weight;
    return active >= quorum;
}

chain::u128 Peers::reporting_weight() const {
    chain::u128 out = 0;
    for (const auto& validator : validators_)
        if (validator.is_reporting) out += validator.weight;
    return out;
}

}  // namespace consensus
