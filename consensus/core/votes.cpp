// Votes come in, are held in one slot per validator and kind, and are checked only where together they may be a quorum
// (§1.5, lazy verification): the up to one third that arrive later cost nothing.
//
// A vote from its author's own connection may wait unchecked in the author's slot, since nobody else can put one there.
// A vote that somebody else brings is checked first.

#include "consensus/core/machine.hpp"

#include <utility>

namespace consensus {
namespace {

bool is_sound(const votes::Statement& statement) {
    if (statement.view == 0) return false;
    if (statement.kind == Kind::Nullify) return statement.parent_view == 0 && statement.block == Hash{};
    return statement.parent_view < statement.view;
}

}  // namespace

/// A12: the views that are open and the next one.
bool Core::Machine::admits(const votes::Statement& statement) const {
    const std::uint64_t ahead = mutant(Mutant::AdmitEveryView) ? 10'000 : 1;
    return statement.view > floor_ && statement.view <= view_ + ahead;
}

void Core::Machine::receive(const Peer& from, const votes::Vote& vote) {
    const votes::Statement& said = vote.statement;
    if (vote.validator >= epoch_.table.size() || !is_sound(said)) return;
    if (vote.validator == config_.me) return hear_elsewhere(from, vote);
    const bool is_from_author = from.validator == vote.validator;
    if (is_from_author) peers_.heard(vote.validator, std::min(said.view, view_ + 1));
    // A12: notarizes and finalizes of the last view are late, their authors are not.
    if (said.view < view_ && (said.kind == Kind::Nullify || said.view + 1 < view_)) answer_straggler(from, said.view);
    if (!admits(said)) return;

    View& view = views_.at(said.view);
    if (view.slots.empty()) return;
    Slot& slot = view.slot(said.kind, vote.validator);
    const bool is_open = slot.state == Slot::State::Empty || slot.state == Slot::State::Refuted;
    if (is_open && mutant(Mutant::FirstSignatureWins)) {
        if (slot.state == Slot::State::Empty) put(view, vote, Slot::State::Held, from.id);
    } else if (is_open && mutant(Mutant::CountUnverifiedVotes)) {
        put(view, vote, Slot::State::Verified, from.id);
    } else if (is_open && is_from_author && slot.state == Slot::State::Empty) {
        put(view, vote, Slot::State::Held, from.id);
    } else if (is_open) {
        if (batches_.size() >= config_.limits.batches_max) return;
        if (!peers_.of(from).checks.take(1, now_)) return;
        open_batch({.purpose = Batch::Purpose::Relayed, .from = from, .votes = {vote}});
    } else if (!view.says(slot, said)) {
        on_rival(from, view, vote);
    } else if (mutant(Mutant::OverwriteVerifiedVote) ||
               (mutant(Mutant::CheckNotBoundToVote) && slot.state == Slot::State::Checking)) {
        slot.signature = vote.signature;
    }
}

/// A vote of mine that somebody else brings: an echo, or somebody signs with my key.
void Core::Machine::hear_elsewhere(const Peer& from, const votes::Vote& vote) {
    if (vote.statement.view <= floor_) return;
    if (const View* view = views_.find(vote.statement.view)) {
        const MessagePtr& mine = view->own[index(vote.statement.kind)];
        if (mine && std::get<votes::Vote>(*mine) == vote) return;
    }
    if (batches_.size() >= config_.limits.batches_max) return;
    if (!peers_.of(from).checks.take(1, now_)) return;
    open_batch({.purpose = Batch::Purpose::OwnKey, .from = from, .votes = {vote}});
}

std::uint64_t Core::Machine::open_batch(Batch batch) {
    batch.id = next_batch_++;
    emit(effect::CheckSignatures{batch.id, batch.votes, batch.certificates});
    batches_.push_back(std::move(batch));
    return batches_.back().id;
}

/// Puts a vote into its slot. A slot that holds another statement stays as it is and the contradiction is looked into
/// (R12). What follows from a quorum may prune views: `view` is not to be used afterwards.
void Core::Machine::put(View& view, const votes::Vote& vote, Slot::State state, std::uint64_t via) {
    using State = Slot::State;
    const Kind kind = vote.statement.kind;
    Slot& slot = view.slot(kind, vote.validator);
    const bool is_taken = slot.state != State::Empty && slot.state != State::Refuted;
    if (is_taken && !view.says(slot, vote.statement)) return on_rival({.id = via}, view, vote);
    const std::uint16_t content =
        kind == Kind::Nullify ? 0 : view.content(vote.statement.parent_view, vote.statement.block);
    Tally& tally = view.tally(kind, content);
    if (slot.state == State::Verified || (is_taken && state != State::Verified)) return;
    if (!is_taken) {
        slot.content = content;
        slot.via = via;
        tally.held += weight(vote.validator);
    }
    slot.signature = vote.signature;
    slot.state = state;
    if (state == State::Verified) {
        tally.verified += weight(vote.validator);
        peers_.heard(vote.validator, vote.statement.view);
    }
    const std::uint64_t number = view.number;
    if (kind == Kind::Notarize) look_for_skip({.id = via, .validator = vote.validator}, vote);
    else look_for_nullify_and_finalize(view, vote.validator);
    count(view, kind, content);
    if (kind != Kind::Nullify || number != view_) return;
    // R5: a leader who gives up ends his view for everybody.
    if (vote.validator == deck_.leader(number) && vote.validator != config_.me) {
        if (state == State::Verified) nullify();
        else if (slot.state == State::Held) {
            slot.state = State::Checking;
            open_batch({.purpose = Batch::Purpose::Group, .votes = {vote}});
        }
    }
    // Some honest validator's timers ran out: a view that somebody waits in is not idle.
    if (number == view_ && timers_since_ == never && current().nullifies.held * 3 > epoch_.table.total())
        start_timers();
}

/// Acts on what a statement weighs now.
void Core::Machine::count(View& view, Kind kind, std::uint16_t content) {
    if (view.has(kind)) return;
    const Tally& tally = view.tally(kind, content);
    if (kind == Kind::Notarize && is_lost_proposal(view, view.contents[content]))
        seek(view, view.contents[content], now_ + timers().leader_ms / 4);
    if (tally.verified >= quorum_) return certify_group(view, kind, content);
    if (!tally.is_checking && tally.held >= quorum_) check_group(view, kind, content);
}

/// Has as many unchecked votes of the statement checked as it takes to make a quorum.
void Core::Machine::check_group(View& view, Kind kind, std::uint16_t content) {
    Tally& tally = view.tally(kind, content);
    Batch batch{.purpose = Batch::Purpose::Group};
    chain::u128 expected = tally.verified;
    for (std::uint32_t i = 0; i < peers_.validators() && expected < quorum_; ++i) {
        Slot& slot = view.slot(kind, i);
        if (slot.state != Slot::State::Held || slot.content != content) continue;
        slot.state = Slot::State::Checking;
        batch.votes.push_back(vote_in(view, kind, i));
        expected += weight(i);
    }
    if (batch.votes.empty()) return;
    tally.is_checking = true;
    open_batch(std::move(batch));
}

void Core::Machine::group_checked(const Batch& batch, const std::vector<std::uint32_t>& bad) {
    const votes::Statement& said = batch.votes.front().statement;
    View* view = views_.find(said.view);
    if (view == nullptr || view->slots.empty()) return;
    const std::uint16_t content = said.kind == Kind::Nullify ? 0 : view->content(said.parent_view, said.block);
    Tally& tally = view->tally(said.kind, content);
    tally.is_checking = false;
    bool leader_nullified = false;
    for (std::uint32_t i = 0; i < batch.votes.size(); ++i) {
        const votes::Vote& vote = batch.votes[i];
        Slot& slot = view->slot(said.kind, vote.validator);
        // The answer is about this very vote: nothing else that may lie in the slot by now profits from it.
        const bool is_it = slot.signature == vote.signature || mutant(Mutant::CheckNotBoundToVote);
        if (slot.state != Slot::State::Checking || slot.content != content || !is_it) continue;
        if (std::ranges::find(bad, i) != bad.end()) {
            slot.state = Slot::State::Refuted;
            tally.held -= weight(vote.validator);
            misbehaved({.id = slot.via, .validator = vote.validator}, effect::Misdeed::BadSignature);
            continue;
        }
        slot.state = Slot::State::Verified;
        tally.verified += weight(vote.validator);
        peers_.heard(vote.validator, said.view);
        leader_nullified |= said.kind == Kind::Nullify && vote.validator == view->leader;
    }
    const bool is_current = said.view == view_;
    count(*view, said.kind, content);
    if (leader_nullified && is_current && said.view == view_) nullify();
}

void Core::Machine::relayed_checked(const Batch& batch) {
    const votes::Vote& vote = batch.votes.front();
    if (!admits(vote.statement)) return;
    View& view = views_.at(vote.statement.view);
    if (!view.slots.empty()) put(view, vote, Slot::State::Verified, batch.from.id);
}

/// A quorum of checked votes becomes a certificate.
void Core::Machine::certify_group(View& view, Kind kind, std::uint16_t content) {
    votes::Certificate out{.statement = view.statement(kind, epoch_.epoch, content),
                           .signers = Bytes((peers_.validators() + 7) / 8)};
    out.signatures.reserve(peers_.validators());
    for (std::uint32_t i = 0; i < peers_.validators(); ++i) {
        const Slot& slot = view.slot(kind, i);
        if (slot.state != Slot::State::Verified || slot.content != content) continue;
        out.signers[i / 8] |= static_cast<std::uint8_t>(1U << (i % 8));
        out.signatures.push_back(slot.signature);
    }
    learn(std::make_shared<const votes::Certificate>(std::move(out)));
}

}  // namespace consensus
