#include "chain/sync/peers.hpp"

#include <algorithm>
#include <tuple>

namespace block_sync {

void Peers::stands(Peer peer, std::uint32_t finalized) {
    if (peers_.size() >= peers_max && !peers_.contains(peer)) return;
    peers_[peer].finalized = finalized;
}

void Peers::gone(Peer peer) {
    std::erase_if(asked_, [&](const auto& entry) { return entry.second.peer == peer; });
    peers_.erase(peer);
}

std::uint32_t Peers::highest() const {
    std::uint32_t out = 0;
    for (const auto& [peer, record] : peers_) out = std::max(out, record.finalized);
    return out;
}

std::uint32_t Peers::claim(Peer peer) const {
    const auto at = peers_.find(peer);
    return at == peers_.end() ? 0 : at->second.finalized;
}

std::optional<Peer> Peers::choose(std::uint32_t number, std::uint64_t now_ms) const {
    const auto order = [](const auto& entry) {
        const auto& [peer, record] = entry;
        return std::tuple{record.failures, record.under_way, record.time_ms, peer};
    };
    const std::pair<const Peer, Record>* best = nullptr;
    for (const auto& entry : peers_) {
        const Record& record = entry.second;
        // Who failed last time gets one question to show that he has mended his ways.
        const std::size_t most = record.failures == 0 ? requests_of_peer_max : 1;
        if (record.finalized < number || record.paused_until_ms > now_ms || record.under_way >= most) continue;
        if (best == nullptr || order(entry) < order(*best)) best = &entry;
    }
    return best == nullptr ? std::nullopt : std::optional{best->first};
}

std::uint64_t Peers::timeout_ms(const Record& record) {
    if (record.time_ms == 0) return timeout_ms_first;
    return std::clamp(4 * record.time_ms, timeout_ms_min, timeout_ms_max);
}

void Peers::ask(Peer peer, const Request& request, std::uint64_t now_ms) {
    Record& record = peers_.at(peer);
    ++record.under_way;
    asked_.emplace(request.id, Asked{peer, request, now_ms, now_ms + timeout_ms(record)});
}

std::optional<Asked> Peers::answered(Peer peer, std::uint64_t id, std::uint64_t, bool& is_late) {
    const auto record = peers_.find(peer);
    is_late = record != peers_.end() && record->second.given_up.erase(id) == 1;
    const auto at = asked_.find(id);
    if (at == asked_.end() || at->second.peer != peer) return std::nullopt;
    const Asked out = at->second;
    asked_.erase(at);
    --record->second.under_way;
    return out;
}

void Peers::served(const Asked& asked, std::uint64_t now_ms) {
    const auto at = peers_.find(asked.peer);
    if (at == peers_.end()) return;
    Record& record = at->second;
    const std::uint64_t took = std::max<std::uint64_t>(now_ms - asked.since_ms, 1);
    record.time_ms = record.time_ms == 0 ? took : (7 * record.time_ms + took + 7) / 8;
    record.failures = 0;
}

void Peers::has_nothing_from(Peer peer, std::uint32_t number) {
    if (const auto at = peers_.find(peer); at != peers_.end() && at->second.finalized >= number)
        at->second.finalized = number == 0 ? 0 : number - 1;
}

void Peers::pause(Peer peer, std::uint64_t now_ms) {
    const auto at = peers_.find(peer);
    if (at == peers_.end()) return;
    Record& record = at->second;
    const std::uint64_t pause = std::min(pause_ms_max, pause_ms_first << std::min(record.failures, 6U));
    ++record.failures;
    record.paused_until_ms = std::max(record.paused_until_ms, now_ms + pause);
}

void Peers::give_up(std::uint64_t id) {
    const auto at = asked_.find(id);
    Record& record = peers_.at(at->second.peer);
    --record.under_way;
    if (record.given_up.size() >= given_up_max) record.given_up.erase(record.given_up.begin());
    record.given_up.insert(id);
    asked_.erase(at);
}

std::vector<Peer> Peers::expire(std::uint64_t now_ms) {
    std::vector<Peer> slow;
    std::vector<std::uint64_t> ended;
    for (const auto& [id, asked] : asked_)
        if (asked.until_ms <= now_ms) ended.push_back(id);
    for (const std::uint64_t id : ended) {
        const Peer peer = asked_.at(id).peer;
        give_up(id);
        if (std::ranges::find(slow, peer) != slow.end()) continue;
        slow.push_back(peer);
        pause(peer, now_ms);
    }
    return slow;
}

void Peers::drop_through(std::uint32_t number) {
    std::vector<std::uint64_t> ended;
    for (const auto& [id, asked] : asked_)
        if (std::uint64_t{asked.request.first} + asked.request.count <= std::uint64_t{number} + 1) ended.push_back(id);
    for (const std::uint64_t id : ended) give_up(id);
}

bool Peers::is_asked(std::uint32_t number) const {
    return std::ranges::any_of(asked_, [&](const auto& entry) {
        const Request& request = entry.second.request;
        return number >= request.first && number - request.first < request.count;
    });
}

std::optional<std::uint64_t> Peers::next_end_ms(std::uint64_t now_ms) const {
    std::optional<std::uint64_t> out;
    const auto note = [&](std::uint64_t end_ms) {
        if (!out || end_ms < *out) out = end_ms;
    };
    for (const auto& [id, asked] : asked_) note(asked.until_ms);
    for (const auto& [peer, record] : peers_)
        if (record.paused_until_ms > now_ms) note(record.paused_until_ms);
    return out;
}

}  // namespace block_sync
