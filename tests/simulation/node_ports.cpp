#include "tests/simulation/node_ports.hpp"

#include "consensus/replica/verify.hpp"
#include "tests/simulation/node.hpp"
#include "tests/simulation/node_sync.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

namespace simulation {

using consensus::EpochPtr;
using consensus::MessagePtr;

namespace effect = consensus::effect;
namespace event = consensus::event;

crypto::Ed25519Public NodePorts::public_key() const { return world_.key_of(*node_.validator_); }

votes::Signature NodePorts::sign(chain::ByteView message) const { return fast_sign(public_key(), message); }

void NodePorts::reset() {
    first_checked_.clear();
    said_.clear();
}

consensus::FinalBlock NodePorts::floor() { return node_.application_->last_final(); }

void NodePorts::send(const EpochPtr&, const effect::To& to, const MessagePtr& message) {
    // Who has lost power sends nothing more.
    if (node_.disk_.is_dead()) return;
    if (node_.is_honest_) record(*message);
    if (const auto* validator = std::get_if<effect::ToValidator>(&to)) {
        for (std::uint32_t i = 0; i < world_.node_count(); ++i)
            if (world_.validator_of(i) == validator->index) say(i, message);
    } else if (const auto* peer = std::get_if<effect::ToPeer>(&to)) {
        for (std::uint32_t i = 0; i < world_.node_count(); ++i)
            if (node_.peer_id_[i] == peer->id && node_.connected_[i] != 0) say(i, message);
    } else {
        for (std::uint32_t i = 0; i < world_.node_count(); ++i) say(i, message);
    }
}

void NodePorts::say(std::uint32_t to, const MessagePtr& message) {
    if (to == node_.index_) return;
    if (node_.behaviour_ != nullptr) node_.behaviour_->speak(*node_.mouth_, to, message);
    else world_.send(node_.index_, to, message, world_.now() + node_.disk_.spent_us());
}

void NodePorts::record(const consensus::Message& message) {
    if (!node_.validator_) return;
    const std::uint32_t me = *node_.validator_;
    if (const auto* vote = std::get_if<votes::Vote>(&message)) {
        if (vote->validator == me) note(vote->statement);
    } else if (const auto* proposal = std::get_if<consensus::Proposal>(&message)) {
        if (proposal->vote.validator != me) return;
        note(proposal->vote.statement);
        world_.note_proposal(proposal->vote.statement.block);
    } else if (const auto* certificate = std::get_if<consensus::CertificatePtr>(&message)) {
        if ((((*certificate)->signers[me / 8] >> (me % 8)) & 1) != 0) note((*certificate)->statement);
    }
}

void NodePorts::note(const votes::Statement& statement) {
    // R9: what is final needs no finalize vote any more. Votes of an earlier life may have been on their way since.
    const bool is_late = statement.kind == votes::Kind::Finalize && node_.life_ == 1 &&
                         statement.epoch == final_epoch_ && statement.view <= final_view_;
    said_.push_back({statement, is_late});
}

void NodePorts::turn_ended() {
    // Who died between signing and sending says everything at once in his next life, and the latest view first.
    std::ranges::stable_sort(said_, {}, [](const Said& said) { return std::pair{said.vote.epoch, said.vote.view}; });
    for (const Said& said : std::exchange(said_, {})) record(said);
}

void NodePorts::record(const Said& said) {
    const votes::Statement& statement = said.vote;
    if (!world_.checker().signed_by_honest(*node_.validator_, statement)) return;
    if (statement.kind == votes::Kind::Notarize) {
        const KnownBlock* block = world_.checker().find(statement.block);
        if (block != nullptr && block->view != 0 && block->maker != world_.leader(block->epoch, block->view))
            world_.checker().break_promise(
                Promise::RulesKept,
                fmt::format("node {} notarizes what no leader made, in view {}", node_.index_, statement.view));
    }
    if (said.is_late)
        world_.checker().break_promise(
            Promise::RulesKept, fmt::format("node {} finalizes view {} below its floor", node_.index_, statement.view));
}

void NodePorts::check(const EpochPtr& epoch, const effect::CheckSignatures& work) {
    auto checked = consensus::check_signatures(work, epoch->table, world_.genesis(), world_.scheme());
    const Micros each = world_.scenario().signature_us;
    if (each == 0) return node_.replica_->answer(epoch->epoch, std::move(checked));
    std::size_t count = work.votes.size();
    for (const auto& certificate : work.certificates) count += certificate->signatures.size();
    world_.at(world_.now() + count * each, node_.index_, node_.life_,
              [this, number = epoch->epoch, checked = std::move(checked)] { node_.take(number, checked); });
}

void NodePorts::answer_later(std::uint64_t epoch, consensus::Event answer) {
    const Micros longest = world_.scenario().work_us;
    if (longest == 0) return node_.replica_->answer(epoch, std::move(answer));
    world_.at(world_.now() + node_.random_.below(longest + 1), node_.index_, node_.life_,
              [this, epoch, answer = std::move(answer)] { node_.take(epoch, answer); });
}

EpochPtr NodePorts::epoch(std::uint64_t epoch) {
    if (auto own = node_.application_->epoch(epoch)) {
        world_.note_epoch(*own);
        return own;
    }
    if (world_.is_real()) return nullptr;
    const std::uint64_t root = epoch * world_.scenario().epoch_length;
    const auto hash =
        root <= node_.final_number() ? node_.application_->final_at(static_cast<std::uint32_t>(root)) : std::nullopt;
    if (!hash) return nullptr;
    const Tip tip{.hash = *hash, .number = static_cast<std::uint32_t>(root), .epoch = epoch};
    return std::make_shared<const consensus::EpochInfo>(world_.epoch(epoch, tip));
}

consensus::CertificatePtr NodePorts::boundary(std::uint64_t epoch) { return node_.application_->boundary(epoch); }

void NodePorts::recovered(const votes::Statement& notarized, const consensus::Payload& block) {
    node_.application_->keep(notarized.block, block);
}

void NodePorts::demand_first(std::uint64_t epoch, const effect::CheckBlock& wish) {
    const auto [first, is_new] = first_checked_.try_emplace({epoch, wish.position.view}, wish.block);
    const chain::Hash before = first->second;
    if (first_checked_.size() > 64) first_checked_.erase(first_checked_.begin());
    if (is_new || before == wish.block) return;
    if (!world_.checker().may_be_notarized(epoch, wish.position.view, wish.block))
        world_.checker().break_promise(Promise::RulesKept, fmt::format("node {} looks at a second proposal of view {}",
                                                                       node_.index_, wish.position.view));
}

void NodePorts::demand_executed(const chain::Hash& parent) {
    if (node_.is_honest_ && !node_.application_->is_executed(parent))
        world_.checker().break_promise(
            Promise::ExecutedFirst,
            fmt::format("node {} is to work on a parent that it has not executed", node_.index_));
}

void NodePorts::propose(std::uint64_t epoch, const effect::Propose& wish) {
    demand_executed(wish.parent.hash);
    const Built built =
        node_.application_->propose(wish.position, wish.parent, wish.must_be_empty, node_.clock_.wall_ms(world_.now()));
    if (built.payload == nullptr) return answer_later(epoch, event::BuildFailed{wish.position.view});
    answer_later(epoch, event::BlockBuilt{wish.position.view, built.hash, built.is_empty, built.payload});
}

void NodePorts::check(std::uint64_t epoch, const effect::CheckBlock& wish) {
    demand_executed(wish.parent.hash);
    auto checked = node_.application_->check(wish.position, wish.parent, wish.block, wish.payload,
                                             node_.clock_.wall_ms(world_.now()));
    // A block that is another one than the proposal says was no proposal.
    if (node_.is_honest_ && checked.verdict != event::Verdict::AnotherBlock) demand_first(epoch, wish);
    answer_later(epoch, checked);
}

void NodePorts::execute(std::uint64_t epoch, const effect::ExecuteBlock& wish) {
    demand_executed(wish.parent.hash);
    const Executed executed = node_.application_->execute(wish.block, wish.parent.hash);
    if (executed.is_lost) return;
    if (node_.is_honest_)
        world_.checker().executed(wish.block, executed.is_good, node_.application_->state_root(wish.block));
    answer_later(epoch, event::BlockExecuted{wish.view, wish.block, executed.is_good, executed.is_empty});
}

void NodePorts::find(std::uint64_t epoch, const effect::FindBlock& wish) {
    answer_later(epoch, event::BlockFound{wish.view, wish.block, node_.application_->has(wish.block)});
}

void NodePorts::serve(std::uint64_t epoch, const effect::ServeBlock& wish) {
    const auto payload = node_.application_->payload(wish.request.block);
    if (payload == nullptr) return;
    consensus::BlockAnswer answer{epoch, wish.request.view, wish.request.block, payload};
    send(nullptr, effect::ToPeer{wish.peer}, std::make_shared<const consensus::Message>(std::move(answer)));
}

void NodePorts::finalize(std::uint64_t epoch, const effect::Finalize& wish) {
    final_epoch_ = epoch;
    final_view_ = wish.view;
    const Micros longest = world_.scenario().work_us;
    if (longest == 0) return store(epoch, wish);
    world_.at(world_.now() + node_.random_.below(longest + 1), node_.index_, node_.life_, [this, epoch, wish] {
        store(epoch, wish);
        node_.run_turn();
    });
}

void NodePorts::store(std::uint64_t epoch, const effect::Finalize& wish) {
    Application& chain = *node_.application_;
    const auto path = chain.path_to(wish.block);
    if (!chain.finalize(wish.block, wish.certificate)) return node_.sync_->wanted();
    std::uint32_t number = node_.final_number() - static_cast<std::uint32_t>(path.size());
    for (const chain::Hash& block : path)
        if (++number; node_.is_honest_) world_.note_final(node_.index_, block, number);
    node_.replica_->answer(
        epoch, event::FloorDurable{
                   {.hash = wish.block, .number = chain.number_of(wish.block), .epoch = epoch, .view = wish.view}});
    node_.tell_work();
    if (!path.empty()) node_.sync_->moved();
}

void NodePorts::certified(std::uint64_t, const effect::Certified& news) {
    node_.application_->set_best(news.tip.hash);
    node_.tell_work();
}

void NodePorts::forward_work(const EpochPtr&, std::uint32_t leader) {
    const auto pending = node_.application_->pending();
    if (pending.empty()) return;
    for (std::uint32_t i = 0; i < world_.node_count(); ++i)
        if (world_.validator_of(i) == leader && i != node_.index_) world_.forward(node_.index_, i, pending);
}

void NodePorts::evidence(std::uint64_t, const consensus::Evidence& news) {
    ++world_.outcome().evidence;
    const votes::Vote& vote = votes::vote_of(news);
    world_.checker().accused(vote.validator,
                             fmt::format("evidence {} of view {}", votes::name(news), vote.statement.view));
    // Everybody here is a validator for ever: who is not can be no player. Who led is for unit tests to judge.
    if (!votes::verify(news, world_.genesis(), node_.replica_->epoch()->table, vote.validator, world_.scheme()))
        world_.checker().break_promise(Promise::RulesKept, fmt::format("evidence {} of view {} convinces nobody",
                                                                       votes::name(news), vote.statement.view));
}

void NodePorts::misbehaved(const effect::Misbehaved& news) {
    if (!node_.is_honest_ || !news.peer.validator) return;
    world_.checker().accused(*news.peer.validator, fmt::format("misdeed {}", static_cast<int>(news.misdeed)));
}

void NodePorts::state_mismatch(std::uint64_t epoch, const effect::StateMismatch& news) {
    if (news.is_final && node_.is_honest_)
        world_.checker().break_promise(
            Promise::EqualRoots,
            fmt::format("a final block of epoch {} view {} is bad at node {}", epoch, news.view, node_.index_));
}

void NodePorts::double_seen(const consensus::DoubleSeen& news) {
    if (node_.is_honest_ && !node_.is_tampered_)
        world_.checker().break_promise(
            Promise::NoDoubleSign,
            fmt::format("node {} does not remember its vote in view {}", node_.index_, news.vote.statement.view));
}

void NodePorts::memory_lost() {
    ++world_.outcome().memories_lost;
    if (!node_.is_tampered_)
        return world_.checker().break_promise(Promise::RulesKept,
                                              fmt::format("node {} takes what a crash left for damage", node_.index_));
    node_.call_operator();
}

void NodePorts::refused(const votes::Statement& statement, consensus::safety::Refusal why) {
    using consensus::safety::Refusal;
    // In a first life nothing was forgotten: what the signer must refuse, the core should not have asked for.
    const bool is_contradiction = why == Refusal::Twice || why == Refusal::Contradicts;
    if (is_contradiction && node_.is_honest_ && node_.life_ == 1)
        world_.checker().break_promise(Promise::RulesKept,
                                       fmt::format("the signer had to stop node {} in view {}: {}", node_.index_,
                                                   statement.view, consensus::safety::text(why)));
}

void NodePorts::view_ended(std::uint64_t, const effect::ViewEnded& news) {
    if (news.outcome == effect::Outcome::Nullified) world_.note_nullified(node_.index_);
}

void NodePorts::epoch_entered(const EpochPtr&) {}

}  // namespace simulation
