// What becomes of a block: checked (R4), notarized, executed, certified, and then voted final (R6). A block is looked
// at while it is the current view's proposal, and whenever a quorum stands behind it, in whatever view and whatever I
// voted.

#include "consensus/core/machine.hpp"

namespace consensus {

/// The executed and notarized block of a view, if this replica has one.
std::optional<Tip> Core::Machine::certified_tip(std::uint64_t number) const {
    if (number == 0) return epoch_.root;
    if (number == durable_.view) return durable_;
    const View* view = views_.find(number);
    if (view == nullptr || view->certified == View::none) return std::nullopt;
    const Content& content = view->contents[static_cast<std::size_t>(view->certified)];
    return Tip{content.block, *content.number, epoch_.epoch, number};
}

/// Takes every block of the view as far as it can go now.
void Core::Machine::work_on(std::uint64_t number) {
    View* view = views_.find(number);
    if (view == nullptr || is_ended_) return;
    for (std::size_t i = 0; i < view->contents.size() && view->certified == View::none; ++i)
        work_on(*view, static_cast<std::uint16_t>(i));
}

void Core::Machine::work_on(View& view, std::uint16_t at) {
    using Check = Content::Check;
    using Execution = Content::Execution;
    Content& content = view.contents[at];
    const bool is_proposal = view.number == view_ && view.proposal == at;
    const bool is_candidate = is_proposal && (!view.did(Kind::Nullify) || mutant(Mutant::NotarizeAfterNullify));
    bool is_proved = view.is_proved(content);
    if (mutant(Mutant::CertificateNeedsSlot) && view.proposal != View::none && !is_proposal) is_proved = false;
    if (mutant(Mutant::StopCertifyingAfterNullify) && view.did(Kind::Nullify)) return;
    if ((!is_candidate && !is_proved) || content.is_out_of_order) return;

    // By block sync, and whatever becomes of its execution here: a ledger need not answer for what is final.
    const bool is_stored = view.number == durable_.view && content.block == durable_.hash;
    if (is_stored && is_proved) {
        content.number = durable_.number;
        content.is_held = true;
        content.execution = Execution::Good;
        return certify(view, at);
    }
    const bool is_missing = !content.is_held && !content.payload;
    const auto parent = certified_tip(content.parent_view);
    if (!parent) {
        if (is_proved && is_missing && view.number > floor_) seek(view, content, now_ + timers().relay_ms);
        return;
    }
    if (!know_number(view, content, *parent)) return;
    if (content.check == Check::None && content.payload && (is_candidate || !content.is_held)) {
        content.check = Check::Asked;
        content.judged = content.sender;
        const Position position{epoch_.epoch, view.number, content.parent_view, view.leader};
        return emit(effect::CheckBlock{position, *parent, content.block, content.payload});
    }
    if (is_proved && !content.is_held && !content.payload && view.number > floor_)
        seek(view, content, now_ + timers().relay_ms);
    if (is_candidate && content.check == Check::Passed) try_notarize(view, at);
    const bool is_mine = view.did(Kind::Notarize) && view.proposal == at;
    if (content.is_held && content.execution == Execution::None && (is_proved || is_mine))
        execute(view, content, *parent);
    if (is_proved && content.execution == Execution::Bad && !content.is_mismatch_told) {
        content.is_mismatch_told = true;
        emit(effect::StateMismatch{view.number, content.block, view.has(Kind::Finalize)});
    }
    if (is_proposal && content.execution == Execution::Good && !ahead_) build_ahead();
    const bool is_good = content.execution == Execution::Good || mutant(Mutant::FinalizeWithoutExecution);
    if (is_proved && is_good) certify(view, at);
    else if (is_good && mutant(Mutant::NotarizeWithoutParent)) view.certified = at;
}

/// The block's number follows from its parent's. False where no block may stand (A4): after the boundary block only
/// that block itself, and nothing else twice.
bool Core::Machine::know_number(const View& view, Content& content, const Tip& parent) {
    const bool is_at_boundary = parent.number == epoch_.boundary() && !mutant(Mutant::BuildBeyondBoundary);
    const bool is_again = content.block == parent.hash;
    if (is_again != is_at_boundary) {
        content.is_out_of_order = true;
        fail(views_.at(view.number), content);
        return false;
    }
    content.number = is_again ? parent.number : parent.number + 1;
    if (!is_again) return true;
    content.check = Content::Check::Passed;
    content.execution = Content::Execution::Good;
    content.is_held = true;
    return true;
}

/// R4: all that stands between a checked proposal and my vote.
void Core::Machine::try_notarize(View& view, std::uint16_t at) {
    if (!votes_here() || view.number != view_) return;
    const Content& content = view.contents[at];
    if (view.my(Kind::Notarize) != Mine::None && !mutant(Mutant::NotarizeSecondProposal)) return;
    if (view.did(Kind::Nullify) && !mutant(Mutant::NotarizeAfterNullify)) return;
    if (!has_skip_proof(content.parent_view, view.number))
        return request_certificates(content.parent_view + 1, view.number - 1, effect::ToValidator{view.leader});
    cast(view, Kind::Notarize, at, content.payload);
}

/// I4: every view between is nullified.
bool Core::Machine::has_skip_proof(std::uint64_t parent_view, std::uint64_t number) {
    if (mutant(Mutant::NotarizeWithoutSkipProof)) return true;
    for (std::uint64_t u = parent_view + 1; u < number; ++u) {
        const View* between = views_.find(u);
        if (between == nullptr || !between->has(Kind::Nullify)) return false;
    }
    return true;
}

void Core::Machine::execute(View& view, Content& content, const Tip& parent) {
    content.execution = Content::Execution::Asked;
    emit(effect::ExecuteBlock{view.number, content.block, parent});
}

/// Notarized and executed: the chain may go on from here (R6).
void Core::Machine::certify(View& view, std::uint16_t at) {
    view.certified = at;
    Content& content = view.contents[at];
    content.payload = nullptr;
    content.chore_at = never;
    const Tip tip{content.block, *content.number, epoch_.epoch, view.number};
    const bool is_open = view.number > floor_;
    if (is_open && tip.number == epoch_.boundary()) boundary_view_ = view.number;
    if (is_open && !content.is_empty) {
        if (open_since_ == never) open_since_ = now_;
        open_view_ = std::max(open_view_, view.number);
        ancestor_at_ = open_since_ + 2 * timers().relay_ms;
    }
    emit(effect::Certified{tip});
    if (!is_open || mutant(Mutant::EndEpochOnNotarization)) check_end(tip);
    try_finalize(view);
    if (view.number >= view_) enter(view.number + 1, effect::Outcome::Notarized);
    const std::uint64_t end = std::min(views_.end(), view_ + 2);
    for (std::uint64_t child = view.number + 1; child < end; ++child) work_on(child);
}

/// R6 (i), R9: never after a nullify of mine, never at or below the floor.
void Core::Machine::try_finalize(View& view) {
    if (!votes_here() || view.my(Kind::Finalize) != Mine::None) return;
    if (view.did(Kind::Nullify) && !mutant(Mutant::FinalizeAfterNullify)) return;
    if (view.number <= floor_ && !mutant(Mutant::FinalizeBelowFloor)) return;
    cast(view, Kind::Finalize, static_cast<std::uint16_t>(view.certified));
}

/// The block must not be voted for. Where it is what the view waits for, the view is over (R5).
void Core::Machine::fail(View& view, Content& content) {
    const bool is_proposal =
        view.proposal != View::none && &view.contents[static_cast<std::size_t>(view.proposal)] == &content;
    if (view.is_proved(content) && content.is_out_of_order && !content.is_mismatch_told) {
        content.is_mismatch_told = true;
        emit(effect::StateMismatch{view.number, content.block, view.has(Kind::Finalize)});
    }
    if (!is_proposal) return;
    view.is_failed = true;
    if (view.number == view_) nullify();
}

void Core::Machine::on(const event::BlockChecked& event) {
    using Check = Content::Check;
    View* view = views_.find(event.view);
    if (view == nullptr) return;
    const auto found = std::ranges::find_if(view->contents, [&](const Content& content) {
        return content.block == event.block && content.check == Check::Asked;
    });
    if (found == view->contents.end()) return;
    Content& content = *found;
    if (event.verdict == event::Verdict::AnotherBlock) {
        misbehaved({.id = content.judged}, effect::Misdeed::AnotherBlock);
        content.check = Check::None;
        if (content.sender != content.judged) return work_on(event.view);  // its leader sent the real one meanwhile
        content.payload = nullptr;
        // The same proposal may come with the right block; a quorum's block is sought.
        if (view->proposal == found - view->contents.begin() && view->my(Kind::Notarize) == Mine::None)
            view->proposal = View::none;
        return work_on(event.view);
    }
    content.is_held = true;
    content.is_empty = event.is_empty;
    const bool is_early = event.verdict == event::Verdict::Later && !mutant(Mutant::EarlyTimestampIsBad);
    if (is_early) {
        content.check = Check::Waiting;
        content.chore_at = now_ + std::max<std::uint64_t>(event.due_in_ms, 1);
        chores_at_ = std::min(chores_at_, content.chore_at);
    } else if (event.verdict == event::Verdict::Good) {
        content.check = Check::Passed;
    } else {
        content.check = Check::Failed;
        fail(*view, content);
    }
    work_on(event.view);
}

void Core::Machine::on(const event::BlockExecuted& event) {
    using Execution = Content::Execution;
    View* view = views_.find(event.view);
    if (view == nullptr) return;
    const auto found = std::ranges::find_if(view->contents, [&](const Content& content) {
        return content.block == event.block && content.execution == Execution::Asked;
    });
    if (found == view->contents.end()) return;
    found->execution = event.is_good ? Execution::Good : Execution::Bad;
    found->is_empty = event.is_empty;
    if (!event.is_good) fail(*view, *found);
    work_on(event.view);
}

}  // namespace consensus
