// Evidence (R12, §1.10). Contradictions: both votes are checked, reported once, the first is kept and the second
// dropped. Skips of final views (S5): whoever notarizes over a view that is final here is charged once a view.

#include "consensus/core/machine.hpp"

#include <utility>

namespace consensus {
namespace {

bool is_bad(const std::vector<std::uint32_t>& bad, std::uint32_t i) { return std::ranges::find(bad, i) != bad.end(); }

using Kinds = votes::Contradiction::Kind;

Kinds kind_of(const votes::Vote& first, const votes::Vote& second, std::uint32_t leader) {
    if (first.statement.kind != second.statement.kind) return Kinds::NullifyAndFinalize;
    if (first.statement.kind == Kind::Finalize) return Kinds::TwoFinalizes;
    return first.validator == leader ? Kinds::TwoProposals : Kinds::TwoNotarizes;
}

}  // namespace

votes::Vote Core::Machine::vote_in(View& view, Kind kind, std::uint32_t validator) const {
    const Slot& slot = view.slot(kind, validator);
    return {view.statement(kind, epoch_.epoch, slot.content), validator, slot.signature};
}

/// A vote of the kind that its author gave another way in this view.
void Core::Machine::on_rival(const Peer& from, View& view, const votes::Vote& vote) {
    Slot& slot = view.slot(vote.statement.kind, vote.validator);
    if (slot.is_rival_known || vote.validator == config_.me || mutant(Mutant::NoEvidence)) return;
    if (batches_.size() >= config_.limits.batches_max) return;
    if (!peers_.of(from).checks.take(2, now_)) return;
    open_batch({.purpose = Batch::Purpose::Rival,
                .from = from,
                .votes = {vote_in(view, vote.statement.kind, vote.validator), vote}});
}

void Core::Machine::look_for_nullify_and_finalize(View& view, std::uint32_t validator) {
    const auto is_there = [&](Kind kind) {
        const auto state = view.slot(kind, validator).state;
        return state != Slot::State::Empty && state != Slot::State::Refuted;
    };
    if (!is_there(Kind::Nullify) || !is_there(Kind::Finalize)) return;
    Slot& slot = view.slot(Kind::Nullify, validator);
    if (slot.is_rival_known || validator == config_.me || mutant(Mutant::NoEvidence)) return;
    slot.is_rival_known = true;
    open_batch({.purpose = Batch::Purpose::Rival,
                .from = {.id = slot.via, .validator = validator},
                .votes = {vote_in(view, Kind::Nullify, validator), vote_in(view, Kind::Finalize, validator)}});
}

void Core::Machine::rivals_checked(const Batch& batch, const std::vector<std::uint32_t>& bad) {
    const votes::Vote &first = batch.votes[0], &second = batch.votes[1];
    View* view = views_.find(first.statement.view);
    if (view == nullptr || view->slots.empty()) return;
    Slot& slot = view->slot(first.statement.kind, first.validator);
    const bool are_of_one_kind = first.statement.kind == second.statement.kind;
    if (bad.empty()) {
        if (slot.is_rival_known && are_of_one_kind) return;
        slot.is_rival_known = true;
        emit(effect::ReportEvidence{votes::Contradiction{kind_of(first, second, view->leader), first, second}});
        return;
    }
    if (!are_of_one_kind) slot.is_rival_known = false;
    for (std::uint32_t i = 0; i < batch.votes.size(); ++i) {
        if (!is_bad(bad, i)) continue;
        misbehaved(batch.from, effect::Misdeed::BadSignature);
        const votes::Vote& vote = batch.votes[i];
        Slot& held = view->slot(vote.statement.kind, vote.validator);
        // What was checked meanwhile by another way is not refuted by this copy of it.
        if (held.signature != vote.signature || held.state != Slot::State::Held) continue;
        held.state = Slot::State::Refuted;
        view->tally(vote.statement.kind, held.content).held -= weight(vote.validator);
    }
    // The place is free for the vote that is real.
    if (are_of_one_kind && is_bad(bad, 0) && !is_bad(bad, 1) && slot.state == Slot::State::Refuted)
        put(*view, second, Slot::State::Verified, batch.from.id);
}

/// What makes a view final that this vote skips; null where none is known here. The floor is the likeliest.
CertificatePtr Core::Machine::skipped_final(const votes::Statement& said) const {
    if (said.kind != Kind::Notarize || said.parent_view >= floor_) return nullptr;
    const std::uint64_t first = std::max(said.parent_view + 1, views_.base());
    for (std::uint64_t u = std::min(said.view - 1, floor_); u >= first; --u)
        if (const View* view = views_.find(u); view != nullptr && view->has(Kind::Finalize) && votes::skips(said, u))
            return view->certificate(Kind::Finalize);
    return nullptr;
}

/// A vote whose signature may not have been checked, in an open view.
void Core::Machine::look_for_skip(const Peer& from, const votes::Vote& vote) {
    if (vote.validator == config_.me || !admits(vote.statement) || !skipped_final(vote.statement)) return;
    View& view = views_.at(vote.statement.view);
    if (view.slots.empty() || view.slot(Kind::Notarize, vote.validator).is_skip_known) return;
    const Slot& slot = view.slot(Kind::Notarize, vote.validator);
    const bool is_checked = slot.state == Slot::State::Verified && slot.signature == vote.signature;
    if (is_checked && view.says(slot, vote.statement)) return charge_skip(vote);
    if (batches_.size() >= config_.limits.batches_max || mutant(Mutant::NoEvidence)) return;
    if (!peers_.of(from).checks.take(1, now_)) return;
    open_batch({.purpose = Batch::Purpose::Skip, .from = from, .votes = {vote}});
}

/// Its signature is good.
void Core::Machine::charge_skip(const votes::Vote& vote) {
    const CertificatePtr skipped = skipped_final(vote.statement);
    View* view = views_.find(vote.statement.view);
    if (!skipped || view == nullptr || view->slots.empty() || mutant(Mutant::NoEvidence)) return;
    Slot& slot = view->slot(Kind::Notarize, vote.validator);
    if (std::exchange(slot.is_skip_known, true)) return;
    emit(effect::ReportEvidence{votes::FinalViewSkipped{vote, *skipped}});
}

/// A quorum that notarized over a final view: everyone in it.
void Core::Machine::charge_signers(const votes::Certificate& notarization) {
    if (is_recovering_ || !skipped_final(notarization.statement)) return;
    for (const votes::Vote& vote : votes::votes_of(notarization))
        if (vote.validator != config_.me) charge_skip(vote);
}

/// The floor has risen: open views may hold votes that skip it.
void Core::Machine::look_for_skips_of_floor() {
    if (is_recovering_) return;
    for (std::uint64_t u = floor_ + 1; u < views_.end(); ++u) {
        View* view = views_.find(u);
        if (view == nullptr || view->slots.empty()) continue;
        if (const auto& certificate = view->certificate(Kind::Notarize)) charge_signers(*certificate);
        for (std::uint32_t i = 0; i < peers_.validators(); ++i) {
            const Slot& slot = view->slot(Kind::Notarize, i);
            const bool is_there = slot.state != Slot::State::Empty && slot.state != Slot::State::Refuted;
            if (is_there && view->contents[slot.content].parent_view < floor_)
                look_for_skip({.id = slot.via, .validator = i}, vote_in(*view, Kind::Notarize, i));
        }
    }
}

}  // namespace consensus
