// Accepting a leader's proposal (R3, A10): first his signature, then what the envelope carries, then the view. The
// first (parent view, block) that a leader signs for a view is his proposal; a second one is evidence and nothing else.

#include "consensus/core/machine.hpp"

#include <utility>

namespace consensus {

/// Whether the envelope has the certificates that the vote relies on, in their only order.
bool Core::Machine::is_well_formed(const Proposal& proposal) const {
    const votes::Statement& said = proposal.vote.statement;
    if (said.kind != Kind::Notarize || said.view == 0 || said.parent_view >= said.view) return false;
    std::size_t next = 0;
    const auto& carried = proposal.certificates;
    if (said.parent_view != 0 && !mutant(Mutant::NotarizeWithoutParent)) {
        if (carried.empty() || carried[0]->statement.view != said.parent_view) return false;
        if (carried[0]->statement.kind == Kind::Nullify) return false;
        next = 1;
    }
    if (mutant(Mutant::NotarizeWithoutSkipProof) || mutant(Mutant::NotarizeWithoutParent)) return true;
    const std::uint64_t skipped = said.view - said.parent_view - 1;
    const std::uint64_t listed = std::min<std::uint64_t>(skipped, Proposal::nullifications_max);
    if (carried.size() - next != listed) return false;
    for (std::uint64_t u = said.view - listed; u < said.view; ++u, ++next)
        if (carried[next]->statement.view != u || carried[next]->statement.kind != Kind::Nullify) return false;
    return std::ranges::all_of(carried, [&](const CertificatePtr& certificate) {
        return certificate->statement.epoch == epoch_.epoch && votes::verify_form(*certificate, epoch_.table);
    });
}

void Core::Machine::receive(const Peer& from, const Proposal& proposal, const MessagePtr& message) {
    const votes::Vote& vote = proposal.vote;
    const votes::Statement& said = vote.statement;
    if (vote.validator >= epoch_.table.size()) return;
    if (vote.validator == config_.me) return hear_elsewhere(from, vote);
    if (!is_well_formed(proposal)) {
        look_for_skip(from, vote);  // the envelope may lack what cannot be had
        return misbehaved(from, effect::Misdeed::BadProposal);
    }
    // Leaders further ahead than the next shuffle are not worth the shuffling.
    if (Deck::round(said.view) > Deck::round(view_) + 1) return;
    if (vote.validator != deck_.leader(said.view) && !mutant(Mutant::AcceptAnyLeader))
        return misbehaved(from, effect::Misdeed::BadProposal);
    if (from.validator == vote.validator) peers_.heard(vote.validator, std::min(said.view, view_ + 1));
    if (said.view <= floor_) return answer_straggler(from, said.view);

    Batch batch{.purpose = Batch::Purpose::Proposal, .from = from, .proposal = message};
    std::uint32_t cost = 0;
    bool is_vote_known = false;
    if (View* view = views_.find(said.view); view != nullptr && !view->slots.empty()) {
        const Slot& slot = view->slot(Kind::Notarize, vote.validator);
        is_vote_known =
            slot.state == Slot::State::Verified && slot.signature == vote.signature && view->says(slot, said);
        // A copy of what was accepted already; but a block that somebody else brought may yet prove to be another one.
        const Content* known = is_vote_known ? &view->contents[slot.content] : nullptr;
        if (known != nullptr && view->proposal == slot.content &&
            (known->is_held || (known->payload && known->sender == from.id)))
            return;
    }
    if (!is_vote_known) {
        batch.votes.push_back(vote);
        ++cost;
    }
    for (const auto& certificate : proposal.certificates) {
        if (!is_news(*certificate)) continue;
        batch.certificates.push_back(certificate);
        cost += static_cast<std::uint32_t>(certificate->signatures.size());
    }
    if (cost == 0) return accept(from, proposal);
    if (batches_.size() >= config_.limits.batches_max) return;
    if (!peers_.of(from).checks.take(cost, now_)) return;
    open_batch(std::move(batch));
}

void Core::Machine::proposal_checked(const Batch& batch, const std::vector<std::uint32_t>& bad) {
    const auto is_bad = [&](std::size_t i) {
        return std::ranges::find(bad, static_cast<std::uint32_t>(i)) != bad.end();
    };
    if (!batch.votes.empty() && is_bad(0)) return misbehaved(batch.from, effect::Misdeed::BadSignature);
    for (std::size_t i = 0; i < batch.certificates.size(); ++i)
        if (!is_bad(batch.votes.size() + i)) learn(batch.certificates[i]);
    // A10: a bad envelope drops this message alone; the same proposal may come again in a good one.
    if (!bad.empty()) return misbehaved(batch.from, effect::Misdeed::BadCertificate);
    accept(batch.from, std::get<Proposal>(*batch.proposal));
}

/// The signature and the envelope are good.
void Core::Machine::accept(const Peer& from, const Proposal& proposal) {
    const votes::Statement& said = proposal.vote.statement;
    if (!admits(said) || is_ended_) return;
    if (View& view = views_.at(said.view); !view.slots.empty())
        put(view, proposal.vote, Slot::State::Verified, from.id);

    View* view = views_.find(said.view);
    if (view == nullptr || view->slots.empty() || !admits(said)) return;
    // A re-proposal (A4) brings no block, anything else must; this is about the envelope, which anybody may have cut.
    const View* parent = views_.find(said.parent_view);
    const votes::Statement* proved = parent == nullptr ? nullptr : parent->proved();
    const bool is_again = proved != nullptr && proved->block == said.block;
    if (is_again == (proposal.block != nullptr)) return misbehaved(from, effect::Misdeed::BadProposal);

    const bool goes_on = mutant(Mutant::EquivocationGoesOn) || mutant(Mutant::NotarizeSecondProposal);
    if (!view->says(view->slot(Kind::Notarize, proposal.vote.validator), said) && !goes_on) return;
    const std::uint16_t content = view->content(said.parent_view, said.block);
    Content& accepted = view->contents[content];
    const bool is_from_leader = from.validator == view->leader;
    if (!accepted.is_held && !is_again && (!accepted.payload || is_from_leader)) {
        accepted.payload = proposal.block;
        accepted.sender = from.id;
    }
    if (view->proposal == View::none || goes_on) {
        view->proposal = content;
        view->seen_at = now_;
    }
    const std::uint64_t number = view->number;
    work_on(number);
    if (number == view_) start_timers();
}

}  // namespace consensus
