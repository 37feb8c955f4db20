#include "chain/base/check.hpp"
#include "consensus/replica/replica.hpp"
#include "consensus/types/mutant.hpp"

#include <algorithm>

namespace consensus {
namespace {

bool has_signed(const votes::Certificate& certificate, std::uint32_t validator) {
    return validator / 8 < certificate.signers.size() && (certificate.signers[validator / 8] >> validator % 8 & 1) != 0;
}

safety::Mark mark_of(const votes::Statement& statement) { return {statement.epoch, statement.view}; }

template <class T, class... Among>
inline constexpr bool is_among = (std::is_same_v<T, Among> || ...);

}  // namespace

void Replica::carry_out() {
    Host& host = *ports_.host;
    const std::uint64_t epoch = epoch_->epoch;
    // The list grows while votes are signed.
    for (std::size_t i = 0; i < effects_.size(); ++i) {
        Effect effect = std::move(effects_[i]);
        std::visit(
            [&]<class E>(E& wish) {
                using namespace effect;
                if constexpr (is_among<E, Send, Finalize, Certified>) {
                    if constexpr (std::is_same_v<E, Finalize>) {
                        finals_.push_back(wish.certificate);
                        if (mutant(Mutant::PruneAboveDurableFloor)) durable_.push_back({.hash = wish.block});
                    }
                    outgoing_.emplace_back(epoch_, std::move(wish));
                } else if constexpr (std::is_same_v<E, CheckSignatures>) ports_.verifier->check(epoch_, wish);
                else if constexpr (std::is_same_v<E, Propose>) host.propose(epoch, wish);
                else if constexpr (std::is_same_v<E, CheckBlock>) host.check(epoch, wish);
                else if constexpr (std::is_same_v<E, ExecuteBlock>) host.execute(epoch, wish);
                else if constexpr (std::is_same_v<E, FindBlock>) host.find(epoch, wish);
                else if constexpr (std::is_same_v<E, ServeBlock>) host.serve(epoch, wish);
                else if constexpr (std::is_same_v<E, ForwardWork>) host.forward_work(epoch_, wish.leader);
                else if constexpr (std::is_same_v<E, ReportEvidence>) host.evidence(epoch, wish.evidence);
                else if constexpr (std::is_same_v<E, Misbehaved>) host.misbehaved(wish);
                else carry_out(wish);
            },
            effect);
    }
    effects_.clear();
    if (finals_.size() > config_.limits.finals_max) finals_.pop_front();
}

void Replica::carry_out(const effect::CastVote& wish) {
    if (!me_ || !signer_) return refuse(wish.statement, safety::Refusal::NoKey);
    if (is_stopped_) return refuse(wish.statement, safety::Refusal::Silent);
    if (guard_) return defer(wish);
    sign(wish);
}

void Replica::sign(const effect::CastVote& wish) {
    auto vote = signer_->sign(wish.statement, *me_);
    if (!vote) return refuse(wish.statement, vote.error());
    if (wish.block) journal_->append(safety::HeldBlock{wish.statement, *wish.block});
    journal_->append(safety::OwnVote{*vote});
    core_->step(now_ms_, event::OwnVote{*vote}, effects_);
}

void Replica::refuse(const votes::Statement& statement, safety::Refusal why) {
    ++refusals_;
    ports_.host->refused(statement, why);
    core_->step(now_ms_, event::SigningRefused{statement}, effects_);
}

void Replica::defer(const effect::CastVote& wish) {
    const auto same = [&](const effect::CastVote& other) { return other.statement == wish.statement; };
    if (std::ranges::any_of(deferred_, same)) return;
    if (deferred_.size() == config_.limits.deferred_max) {
        const votes::Statement oldest = deferred_.front().statement;
        deferred_.erase(deferred_.begin());
        refuse(oldest, safety::Refusal::Silent);
    }
    deferred_.push_back(wish);
}

void Replica::end_guard() {
    guard_.reset();
    // What the world has passed meanwhile is not said any more.
    for (const effect::CastVote& wish : std::exchange(deferred_, {}))
        if (wish.statement.view >= core_->view()) carry_out(wish);
        else refuse(wish.statement, safety::Refusal::Silent);
    carry_out();
}

void Replica::carry_out(const effect::StoreCertificate& wish) {
    if (!journal_) return;
    journal_->append(safety::Held{*wish.certificate});
    if (wish.certificate->statement.kind != votes::Kind::Finalize) ports_.host->keep(wish.certificate);
    // Proof of a vote of ours, from this life or from one that we do not remember.
    if (me_ && has_signed(*wish.certificate, *me_)) {
        signer_->note(wish.certificate->statement);
        const safety::Mark mark = mark_of(wish.certificate->statement);
        if (guard_ && mark > remembered_) remembered_ = mark;
    }
}

void Replica::carry_out(const effect::OwnKeyElsewhere& news) {
    if (!signer_ || mutant(Mutant::NoDoppelgaengerGuard)) return;
    signer_->note(news.vote.statement);
    const safety::Mark mark = mark_of(news.vote.statement);
    // Up to there it may be a vote of our own that a damaged disk forgot.
    if (mark <= remembered_) return;
    if (guard_) remember(mark);
    else is_stopped_ = true;
    ports_.host->double_seen({.vote = news.vote, .is_fatal = is_stopped_});
}

void Replica::remember(const safety::Mark& signed_elsewhere) {
    if (signed_elsewhere <= remembered_) return;
    remembered_ = signed_elsewhere;
    signer_->silence(signed_elsewhere);
    guard_->heard_ourselves(now_ms_);
}

void Replica::hear_status(const Peer& from, const Status& status) {
    if (!guard_ || !me_ || !from.validator) return;
    guard_->claim(*from.validator, status.heard_of_you);
    const std::uint64_t credible = guard_->credible(epoch_->table);
    if (credible > 0) remember({epoch_->epoch, credible});
    // What is remembered of an earlier epoch says nothing of this one.
    const std::uint64_t mine = remembered_.epoch == epoch_->epoch ? remembered_.view : 0;
    if (guard_->is_reassured(epoch_->table, *me_, mine)) guard_->reassured(now_ms_);
}

void Replica::carry_out(const effect::ViewEnded& news) {
    if (guard_) guard_->view_ended(news.outcome);
    ports_.host->view_ended(epoch_->epoch, news);
}

void Replica::carry_out(const effect::EpochEnded& news) { ended_ = FinalBlock{news.tip, news.certificate}; }

void Replica::carry_out(const effect::StateMismatch& news) {
    ports_.host->state_mismatch(epoch_->epoch, news);
    if (news.is_final)
        fault_ = chain::Fault{
            "a final block is bad here: this node or all others compute wrongly. Keep its folder, do not "
            "restart it, and compare the block " +
            chain::to_hex(news.block) + " with another version of the program"};
}

}  // namespace consensus
