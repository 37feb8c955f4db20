// Contradictions (R12, §1.10): both votes are checked, reported once, the first is kept and the second dropped.

#include "consensus/core/machine.hpp"

#include <utility>

namespace consensus {
namespace {

bool is_bad(const std::vector<std::uint32_t>& bad, std::uint32_t i) { return std::ranges::find(bad, i) != bad.end(); }

Evidence::Kind kind_of(const votes::Vote& first, const votes::Vote& second, std::uint32_t leader) {
    if (first.statement.kind != second.statement.kind) return Evidence::Kind::NullifyAndFinalize;
    if (first.statement.kind == Kind::Finalize) return Evidence::Kind::TwoFinalizes;
    return first.validator == leader ? Evidence::Kind::TwoProposals : Evidence::Kind::TwoNotarizes;
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
        emit(effect::ReportEvidence{{kind_of(first, second, view->leader), first, second}});
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

}  // namespace consensus
