#include "tests/unit/consensus/replica/one_node.hpp"

#include <algorithm>

namespace consensus {

OneNode::OneNode(TestChain& chain, safety::MemoryStorage& disk, const votes::Secret& secret, ReplicaConfig config)
    : replica(std::move(config), {.secret = &secret, .storage = &disk, .outbox = this, .verifier = this, .host = this}),
      chain_(chain) {}

Result<void> OneNode::turn() {
    while (!pending_.empty() && pending_.begin()->first <= now_ms) {
        auto [epoch, event] = pending_.begin()->second;
        pending_.erase(pending_.begin());
        replica.answer(epoch, std::move(event));
    }
    return replica.turn(now_ms);
}

Result<void> OneNode::run_until(std::uint64_t until_ms) {
    for (;;) {
        std::uint64_t next = replica.next_timer_ms().value_or(until_ms);
        if (!pending_.empty()) next = std::min(next, pending_.begin()->first);
        if (next >= until_ms) break;
        now_ms = std::max(now_ms, next);
        TRY_VOID(turn());
    }
    now_ms = until_ms;
    return {};
}

void OneNode::later(std::uint64_t delay_ms, std::uint64_t epoch, Event event) {
    pending_.emplace(now_ms + delay_ms, std::pair{epoch, std::move(event)});
}

std::vector<votes::Vote> OneNode::votes_sent() const {
    std::vector<votes::Vote> out;
    for (const Sent& each : sent) {
        if (const auto* vote = std::get_if<votes::Vote>(&*each.message)) out.push_back(*vote);
        if (const auto* proposal = std::get_if<Proposal>(&*each.message)) out.push_back(proposal->vote);
    }
    return out;
}

void OneNode::send(const EpochPtr&, const effect::To& to, const MessagePtr& message) { sent.push_back({to, message}); }

void OneNode::check(const EpochPtr& epoch, const effect::CheckSignatures& work) {
    later(0, epoch->epoch, check_signatures(work, epoch->table, test_genesis, votes::ed25519()));
}

EpochPtr OneNode::epoch(std::uint64_t epoch) {
    const std::uint64_t root = epoch * chain_.epoch_length;
    if (root >= chain_.finals.size()) return nullptr;
    Tip tip = chain_.finals[root].tip;
    tip.view = 0;
    return std::make_shared<const EpochInfo>(EpochInfo{
        .epoch = epoch, .table = votes::ValidatorTable{chain_.validators}, .root = tip, .length = chain_.epoch_length});
}

void OneNode::propose(std::uint64_t epoch, const effect::Propose& wish) {
    // No two blocks have one hash, in whichever life they are built.
    ++chain_.built;
    Hash hash{{2}};
    for (std::size_t i = 0; i < 4; ++i) hash.value[i + 1] = static_cast<std::uint8_t>(chain_.built >> 8 * i);
    chain_.blocks[hash] = {wish.parent.hash, wish.parent.number + 1};
    later(build_ms, epoch,
          event::BlockBuilt{wish.position.view, hash, true, std::make_shared<const Bytes>(Bytes(40, 1))});
}

void OneNode::check(std::uint64_t epoch, const effect::CheckBlock& wish) {
    chain_.blocks[wish.block] = {wish.parent.hash, wish.parent.number + 1};
    later(0, epoch, event::BlockChecked{wish.position.view, wish.block, event::Verdict::Good, true, 0});
}

void OneNode::execute(std::uint64_t epoch, const effect::ExecuteBlock& wish) {
    later(execute_ms, epoch, event::BlockExecuted{wish.view, wish.block, true, true});
}

void OneNode::find(std::uint64_t epoch, const effect::FindBlock& wish) {
    later(0, epoch, event::BlockFound{wish.view, wish.block, chain_.blocks.contains(wish.block)});
}

void OneNode::finalize(std::uint64_t epoch, const effect::Finalize& wish) {
    std::vector<Hash> fresh;
    for (Hash at = wish.block; chain_.blocks.at(at).number >= chain_.finals.size(); at = chain_.blocks.at(at).parent)
        fresh.push_back(at);
    std::ranges::reverse(fresh);
    for (const Hash& hash : fresh)
        chain_.finals.push_back({{hash, chain_.blocks.at(hash).number, epoch, wish.view}, wish.certificate});
    later(store_ms, epoch, event::FloorDurable{{wish.block, chain_.blocks.at(wish.block).number, epoch, wish.view}});
}

bool contradict(const votes::Statement& a, const votes::Statement& b) {
    using votes::Kind;
    if (a.epoch != b.epoch || a.view != b.view) return false;
    if (a.kind == b.kind) return a != b;
    return a.kind != Kind::Notarize && b.kind != Kind::Notarize;
}

}  // namespace consensus
