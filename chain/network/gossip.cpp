#include "chain/network/gossip.hpp"

#include <algorithm>

namespace network {

namespace {

std::size_t root_up(std::size_t n) {
    std::size_t root = 0;
    while (root * root < n) ++root;
    return root;
}

template <class Effect, class Lists>
void emit(Lists lists, TransactionGossip::Effects& effects) {
    for (auto& [peer, hashes] : lists) effects.push_back(Effect{peer, std::move(hashes)});
}

}  // namespace

TransactionGossip::TransactionGossip(std::uint64_t seed, GossipLimits limits) : limits_(limits), state_(seed) {}

// SplitMix64 (Steele, Lea, Flood 2014): enough to choose peers by; nobody gains by guessing it.
std::uint64_t TransactionGossip::random() {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

void TransactionGossip::peer_up(const PeerId& peer) { peers_.try_emplace(peer); }

TransactionGossip::Effects TransactionGossip::peer_down(const PeerId& peer, std::uint64_t now_ms) {
    peers_.erase(peer);
    Requests requests;
    for (auto entry = pending_.begin(); entry != pending_.end();) {
        std::erase(entry->second.others, peer);
        const bool is_orphan = entry->second.asked == peer;
        if (is_orphan && !ask_next(entry->first, entry->second, now_ms, requests)) entry = pending_.erase(entry);
        else ++entry;
    }
    Effects effects;
    emit<Request>(std::move(requests), effects);
    return effects;
}

bool TransactionGossip::remember(const Hash& hash) {
    if (!seen_.insert(hash, {})) return false;
    seen_order_.push_back(hash);
    if (seen_order_.size() > limits_.seen_max) {
        seen_.erase(seen_order_.front());
        seen_order_.pop_front();
    }
    return true;
}

/// Announces it to as many as the root of all peers, chosen anew for each transaction.
void TransactionGossip::spread(const Hash& hash, const std::vector<PeerId>& holders, std::uint64_t now_ms,
                               Effects& effects) {
    std::vector<PeerId> others;
    for (const auto& [id, peer] : peers_)
        if (std::ranges::find(holders, id) == holders.end()) others.push_back(id);
    const std::size_t wanted = std::min(root_up(peers_.size()), others.size());
    for (std::size_t i = 0; i < wanted; ++i) {
        std::swap(others[i], others[i + random() % (others.size() - i)]);
        Peer& peer = peers_[others[i]];
        if (peer.backlog.empty()) peer.announce_at_ms = now_ms + limits_.announce_after_ms;
        peer.backlog.push_back(hash);
        if (peer.backlog.size() >= limits_.announced_at_once)
            effects.push_back(Announce{others[i], std::exchange(peer.backlog, {})});
    }
}

void TransactionGossip::flush_forwards(const PeerId& id, Peer& peer, std::uint64_t now_ms, Effects& effects) {
    if (peer.forwards.empty()) return;
    constexpr std::size_t several = 4;
    const bool is_busy = peer.forwards.size() >= several;
    effects.push_back(Deliver{id, std::exchange(peer.forwards, {})});
    peer.forward_at_ms = now_ms + (is_busy ? limits_.busy_pause_ms : limits_.forward_pause_ms);
}

void TransactionGossip::forward(const PeerId& leader, const Hash& hash, std::uint64_t now_ms, Effects& effects) {
    Peer& peer = peers_[leader];
    peer.forwards.push_back(hash);
    if (peer.forward_at_ms <= now_ms || peer.forwards.size() >= limits_.announced_at_once)
        flush_forwards(leader, peer, now_ms, effects);
}

TransactionGossip::Effects TransactionGossip::entered(const Hash& hash, const std::vector<PeerId>& leaders,
                                                      std::uint64_t now_ms) {
    Effects effects;
    remember(hash);
    std::vector<PeerId> holders;
    for (const PeerId& leader : leaders) {
        if (!peers_.contains(leader) || std::ranges::find(holders, leader) != holders.end()) continue;
        holders.push_back(leader);
        forward(leader, hash, now_ms, effects);
    }
    spread(hash, holders, now_ms, effects);
    return effects;
}

TransactionGossip::Effects TransactionGossip::accepted(const Hash& hash, const PeerId& from, std::uint64_t now_ms) {
    Effects effects;
    spread(hash, {from}, now_ms, effects);
    return effects;
}

bool TransactionGossip::delivered(const PeerId&, const Hash& hash) {
    if (const auto entry = pending_.find(hash); entry != pending_.end()) {
        if (const auto asked = peers_.find(entry->second.asked); asked != peers_.end()) --asked->second.pending;
        pending_.erase(entry);
    }
    return remember(hash);
}

void TransactionGossip::forget(const Hash& hash) {
    if (seen_.erase(hash)) std::erase(seen_order_, hash);
}

bool TransactionGossip::ask(const PeerId& id, const Hash& hash, Pending& entry, std::uint64_t now_ms,
                            Requests& requests) {
    const auto peer = peers_.find(id);
    if (peer == peers_.end() || peer->second.pending >= limits_.pending_per_peer_max) return false;
    ++peer->second.pending;
    entry.asked = id;
    entry.deadline_ms = now_ms + limits_.request_timeout_ms;
    deadlines_.emplace_back(entry.deadline_ms, hash);
    requests[id].push_back(hash);
    return true;
}

bool TransactionGossip::ask_next(const Hash& hash, Pending& entry, std::uint64_t now_ms, Requests& requests) {
    if (const auto asked = peers_.find(entry.asked); asked != peers_.end()) --asked->second.pending;
    while (!entry.others.empty()) {
        const PeerId next = entry.others.front();
        entry.others.erase(entry.others.begin());
        if (ask(next, hash, entry, now_ms, requests)) return true;
    }
    return false;
}

TransactionGossip::Effects TransactionGossip::announced(const PeerId& from, const std::vector<Hash>& hashes,
                                                        std::uint64_t now_ms) {
    Requests requests;
    for (const Hash& hash : hashes) {
        if (seen_.contains(hash)) continue;
        if (const auto known = pending_.find(hash); known != pending_.end()) {
            auto& [asked, deadline, others] = known->second;
            const bool is_new = asked != from && std::ranges::find(others, from) == others.end();
            if (is_new && others.size() < limits_.announcers_max) others.push_back(from);
            continue;
        }
        if (pending_.size() >= limits_.pending_max) break;
        if (Pending entry; ask(from, hash, entry, now_ms, requests)) pending_.emplace(hash, std::move(entry));
    }
    Effects effects;
    emit<Request>(std::move(requests), effects);
    return effects;
}

TransactionGossip::Effects TransactionGossip::requested(const PeerId& from, const std::vector<Hash>& hashes) {
    std::vector<Hash> known;
    for (const Hash& hash : hashes)
        if (seen_.contains(hash)) known.push_back(hash);
    if (known.empty()) return {};
    return {Deliver{from, std::move(known)}};
}

TransactionGossip::Effects TransactionGossip::tick(std::uint64_t now_ms) {
    Effects effects;
    for (auto& [id, peer] : peers_) {
        if (peer.forward_at_ms <= now_ms) flush_forwards(id, peer, now_ms, effects);
        if (!peer.backlog.empty() && peer.announce_at_ms <= now_ms)
            effects.push_back(Announce{id, std::exchange(peer.backlog, {})});
    }
    Requests requests;
    while (!deadlines_.empty() && deadlines_.front().first <= now_ms) {
        const auto [deadline_ms, hash] = deadlines_.front();
        deadlines_.pop_front();
        const auto entry = pending_.find(hash);
        if (entry == pending_.end() || entry->second.deadline_ms != deadline_ms) continue;
        if (!ask_next(hash, entry->second, now_ms, requests)) pending_.erase(entry);
    }
    emit<Request>(std::move(requests), effects);
    return effects;
}

std::optional<std::uint64_t> TransactionGossip::next_timer_ms() const {
    std::optional<std::uint64_t> next;
    if (!deadlines_.empty()) next = deadlines_.front().first;
    const auto note = [&](std::uint64_t due_ms) { next = std::min(next.value_or(due_ms), due_ms); };
    for (const auto& [id, peer] : peers_) {
        if (!peer.forwards.empty()) note(peer.forward_at_ms);
        if (!peer.backlog.empty()) note(peer.announce_at_ms);
    }
    return next;
}

}  // namespace network
