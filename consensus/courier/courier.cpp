#include "consensus/courier/courier.hpp"

#include <algorithm>
#include <utility>

namespace consensus {
namespace {

std::pair<std::uint64_t, std::uint64_t> place_of(const votes::Statement& statement) {
    return {statement.epoch, statement.view};
}

bool is_about(const auto& answer, const votes::Statement& said) {
    return answer.epoch == said.epoch && answer.view == said.view && answer.block == said.block;
}

MessagePtr message(Message content) { return std::make_shared<const Message>(std::move(content)); }

}  // namespace

// ---- receiving
// -------------------------------------------------------------------------------------------------------

void Courier::make_room(std::size_t bytes) {
    std::size_t held = report().waiting_bytes;
    while (!pendings_.empty() && held + bytes > limits_.bytes_max) {
        const auto oldest = std::ranges::min_element(pendings_, {}, [](const auto& entry) { return entry.second.id; });
        held -= oldest->second.bytes;
        pendings_.erase(oldest);
        ++counts_.given_up;
    }
}

void Courier::offered(std::uint64_t now_ms, std::uint64_t from, const MessagePtr& proposal, Wishes& out) {
    const auto& offer = std::get<ShortProposal>(*proposal);
    if (!offers_.try_emplace(from, limits_.offers).first->second.take(1, now_ms)) {
        ++counts_.given_up;
        return;
    }
    const auto known = pendings_.find(from);
    if (known != pendings_.end()) {
        const votes::Statement& before = known->second.proposal().vote.statement;
        if (before == offer.vote.statement) return;
        // Two proposals of one view are evidence, and the first is the one to fill in.
        if (place_of(before) >= place_of(offer.vote.statement))
            return out.emplace_back(wish::Deliver{from, message(offer.vote)}), void();
        pendings_.erase(known);
        ++counts_.given_up;
    }
    make_room(offer.shortened->size());
    Pending& pending = pendings_[from];
    pending = {.id = next_id_++, .message = proposal, .bytes = offer.shortened->size()};
    out.emplace_back(wish::Restore{pending.id, offer.vote.statement.block, offer.shortened, {}});
}

/// The block may take a while, its envelope need not wait: it may carry what lets me into the view.
void Courier::tell(std::uint64_t from, Pending& pending, Wishes& out) {
    if (std::exchange(pending.is_told, true)) return;
    for (const CertificatePtr& certificate : pending.proposal().certificates)
        out.emplace_back(wish::Deliver{from, message(certificate)});
    out.emplace_back(wish::Deliver{from, message(pending.proposal().vote)});
}

void Courier::ask_whole(std::uint64_t now_ms, std::uint64_t from, Pending& pending, Wishes& out) {
    const votes::Statement& said = pending.proposal().vote.statement;
    pending.stage = Stage::AwaitsWhole;
    pending.due_ms = now_ms + limits_.whole_wait_ms;
    pending.parts.clear();
    pending.bytes = pending.proposal().shortened->size();
    out.emplace_back(wish::Ask{from, message(BlockRequest{said.epoch, said.view, said.block})});
}

void Courier::deliver(Pendings::iterator at, Payload block, Wishes& out) {
    const ShortProposal& given = at->second.proposal();
    out.emplace_back(wish::Deliver{at->first, message(Proposal{given.vote, given.certificates, std::move(block)})});
    pendings_.erase(at);
}

void Courier::restored(std::uint64_t now_ms, std::uint64_t id, Restored result, Wishes& out) {
    const auto at = std::ranges::find(pendings_, id, [](const auto& entry) { return entry.second.id; });
    if (at == pendings_.end() || at->second.stage != Stage::Filling) return;
    Pending& pending = at->second;
    if (result.block) {
        ++(pending.has_asked ? counts_.with_parts : counts_.at_once);
        return deliver(at, std::move(result.block), out);
    }
    tell(at->first, pending, out);
    const bool may_ask = !std::exchange(pending.has_asked, true) && !result.missing.empty();
    if (!may_ask || result.missing.size() > PartsRequest::places_max) return ask_whole(now_ms, at->first, pending, out);
    const votes::Statement& said = pending.proposal().vote.statement;
    pending.stage = Stage::AwaitsParts;
    pending.due_ms = now_ms + limits_.parts_wait_ms;
    pending.asked = std::move(result.missing);
    out.emplace_back(wish::Ask{at->first, message(PartsRequest{said.epoch, said.view, said.block, pending.asked})});
}

void Courier::answered(std::uint64_t now_ms, std::uint64_t from, const PartsAnswer& answer, Wishes& out) {
    const auto at = pendings_.find(from);
    if (at == pendings_.end() || at->second.stage != Stage::AwaitsParts) return;
    Pending& pending = at->second;
    if (!is_about(answer, pending.proposal().vote.statement)) return;
    if (answer.parts.size() != pending.asked.size()) return ask_whole(now_ms, from, pending, out);
    for (std::size_t i = 0; i < answer.parts.size(); ++i) {
        pending.parts[pending.asked[i]] = answer.parts[i];
        pending.bytes += answer.parts[i].size();
    }
    const std::uint64_t id = pending.id;
    make_room(0);
    if (!pendings_.contains(from) || pendings_[from].id != id) return;
    pending.stage = Stage::Filling;
    const ShortProposal& offer = pending.proposal();
    out.emplace_back(wish::Restore{id, offer.vote.statement.block, offer.shortened, pending.parts});
}

bool Courier::answered(std::uint64_t from, const BlockAnswer& answer, Wishes& out) {
    const auto at = pendings_.find(from);
    if (at == pendings_.end() || at->second.stage != Stage::AwaitsWhole) return false;
    if (!is_about(answer, at->second.proposal().vote.statement)) return false;
    ++counts_.as_whole;
    deliver(at, answer.payload, out);
    return true;
}

void Courier::proposed(std::uint64_t from, const Proposal& proposal) {
    const auto at = pendings_.find(from);
    if (at == pendings_.end() || !proposal.block || at->second.proposal().vote != proposal.vote) return;
    pendings_.erase(at);
    ++counts_.as_whole;
}

void Courier::peer_gone(std::uint64_t peer) {
    counts_.given_up += pendings_.erase(peer);
    offers_.erase(peer);
}

void Courier::time_passed(std::uint64_t now_ms, Wishes& out) {
    for (auto at = pendings_.begin(); at != pendings_.end();) {
        Pending& pending = at->second;
        const bool is_late = pending.stage != Stage::Filling && pending.due_ms <= now_ms;
        if (is_late && pending.stage == Stage::AwaitsWhole) {
            at = pendings_.erase(at);
            ++counts_.given_up;
            continue;
        }
        if (is_late) ask_whole(now_ms, at->first, pending, out);
        ++at;
    }
}

std::optional<std::uint64_t> Courier::next_timer_ms() const {
    std::optional<std::uint64_t> next;
    for (const auto& [peer, pending] : pendings_)
        if (pending.stage != Stage::Filling) next = std::min(next.value_or(pending.due_ms), pending.due_ms);
    return next;
}

// ---- sending
// ---------------------------------------------------------------------------------------------------------

void Courier::proposes(const Hash& block, Payload shortened) {
    if (!shortened) return;
    if (sent_.size() >= limits_.sent_max) sent_.pop_front();
    sent_.push_back({block, std::move(shortened), {}});
}

MessagePtr Courier::short_form(const Proposal& proposal) const {
    const auto found = std::ranges::find(sent_, proposal.vote.statement.block, &Sent::block);
    if (found == sent_.end() || !proposal.block) return nullptr;
    return message(ShortProposal{proposal.vote, proposal.certificates, found->shortened});
}

bool Courier::grants(std::uint64_t peer, const PartsRequest& request) {
    const auto found = std::ranges::find(sent_, request.block, &Sent::block);
    if (found == sent_.end() || found->served.size() >= limits_.sent_peers_max) return false;
    return found->served.insert(peer).second;
}

CourierReport Courier::report() const {
    CourierReport out = counts_;
    out.waiting = pendings_.size();
    for (const auto& [peer, pending] : pendings_) out.waiting_bytes += pending.bytes;
    return out;
}

}  // namespace consensus
