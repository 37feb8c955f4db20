// Leading a view (R2). The view's timers say when (A8): they start when there is work, when somebody wakes the leader,
// or when the view has been idle long enough.
//
// The leader of the next view need not wait for the certificate of this one to build: he does so once he has executed
// its block, early enough to be ready when the block may be proposed, which needs the certificate as ever.

#include "consensus/core/machine.hpp"

#include <utility>

namespace consensus {

/// The highest certified block below the current view such that every view between is nullified. Nothing while a
/// certificate, a block or its execution is missing; certificates are asked for.
std::optional<Tip> Core::Machine::find_parent() {
    for (std::uint64_t u = view_; u-- > 0;) {
        const View* view = views_.find(u);
        const bool is_provable = u == 0 || (view != nullptr && view->proved() != nullptr);
        if (auto tip = certified_tip(u); tip && is_provable) return tip;
        if (view != nullptr && view->has(Kind::Nullify)) continue;
        if (!is_provable) request_certificates(floor_ + 1, u, effect::ToAll{});
        return std::nullopt;
    }
    return std::nullopt;
}

bool Core::Machine::may_propose_now() const {
    if (!votes_here() || !leads(view_) || is_building_ || timers_since_ == never) return false;
    const View* view = views_.find(view_);
    return view == nullptr || (view->my(Kind::Notarize) == Mine::None && view->my(Kind::Nullify) == Mine::None);
}

void Core::Machine::try_propose() {
    if (!may_propose_now()) return;
    if (propose_at_ != never && propose_at_ > now_) return;
    const auto parent = find_parent();
    if (!parent) {
        if (give_up_at_ == never) give_up_at_ = timers_since_ + patience(timers().leader_ms) / 2;
        return;
    }
    if (parent->number == epoch_.boundary() && !mutant(Mutant::BuildBeyondBoundary)) return propose_again(*parent);
    const View* parents = views_.find(parent->view);
    const std::uint64_t due = parents == nullptr || parents->seen_at == 0 ? 0 : parents->seen_at + timers().interval_ms;
    if (due > now_) {
        propose_at_ = due;
        return;
    }
    propose_at_ = never;
    if (ahead_ && take_ahead(*parent)) return;
    is_building_ = true;
    build_since_ = now_;
    build_parent_ = parent->view;
    emit(effect::Propose{.position = {epoch_.epoch, view_, parent->view, *config_.me},
                         .parent = *parent,
                         .must_be_empty = view_ - floor_ > config_.limits.empty_after});
}

/// Whether a block that was built ahead settles what to do now: it is proposed, or its answer is waited for, since the
/// next answer for this view must be the one to the next question.
bool Core::Machine::take_ahead(const Tip& parent) {
    if (!ahead_->is_answered) return true;
    const Ahead ahead = *std::exchange(ahead_, std::nullopt);
    const bool is_of_use = ahead.built && ahead.parent == parent.hash && view_ - floor_ <= config_.limits.empty_after;
    if (!is_of_use) return false;
    is_building_ = true;
    build_parent_ = parent.view;
    on(*ahead.built);
    return true;
}

/// The current view's block was executed here and I lead the next view. Empty blocks are quickly built, and better
/// late: there may be work by then.
void Core::Machine::build_ahead() {
    const View& view = current();
    if (!votes_here() || ahead_ || view.proposal == View::none || !leads(view_ + 1)) return;
    const Content& content = view.contents[static_cast<std::size_t>(view.proposal)];
    const bool is_ready = content.execution == Content::Execution::Good && content.number && !content.is_out_of_order;
    if (!is_ready || view.did(Kind::Nullify) || *content.number == epoch_.boundary()) return;
    if (!has_host_work_ && content.is_empty) return;
    if (view_ + 1 - floor_ > config_.limits.empty_after) return;
    const std::uint64_t due = view.seen_at + timers().interval_ms;
    const std::uint64_t start = due - std::min({due, build_ms_, timers().interval_ms});
    if (start > now_) {
        ahead_at_ = start;
        return;
    }
    ahead_ = Ahead{.view = view_ + 1, .parent = content.block};
    build_since_ = now_;
    emit(effect::Propose{.position = {epoch_.epoch, view_ + 1, view_, *config_.me},
                         .parent = {content.block, *content.number, epoch_.epoch, view_}});
}

/// A4: after the boundary block nothing is built; it is proposed again until one such view is final.
void Core::Machine::propose_again(const Tip& boundary) {
    View& view = current();
    const std::uint16_t content = view.content(boundary.view, boundary.hash);
    view.proposal = content;
    view.seen_at = now_;
    cast(view, Kind::Notarize, content);
    work_on(view_);
}

void Core::Machine::on(const event::BlockBuilt& event) {
    if (ahead_ && ahead_->view == event.view && !ahead_->is_answered) {
        ahead_->is_answered = true;
        build_ms_ = now_ - build_since_;
        if (!event.is_empty) ahead_->built = event;
        return;
    }
    if (event.view != view_ || !is_building_) return;
    if (build_since_ != 0) build_ms_ = now_ - std::exchange(build_since_, 0);
    is_building_ = mutant(Mutant::ProposeTwice) && current().proposal == View::none;
    View& view = current();
    if (view.did(Kind::Nullify)) return;
    const auto parent = certified_tip(build_parent_);
    if (!parent) return;
    const std::uint16_t index = view.content(build_parent_, event.block);
    Content& content = view.contents[index];
    content.payload = event.payload;
    content.number = parent->number + 1;
    content.check = Content::Check::Passed;
    content.execution = Content::Execution::Good;
    content.is_held = true;
    content.is_empty = event.is_empty;
    view.proposal = index;
    view.seen_at = now_;
    cast(view, Kind::Notarize, index, event.payload);
    if (is_building_)
        emit(effect::Propose{.position = {epoch_.epoch, view_, build_parent_, *config_.me}, .parent = *parent});
}

void Core::Machine::on(const event::BuildFailed& event) {
    if (ahead_ && ahead_->view == event.view && !ahead_->is_answered) {
        ahead_->is_answered = true;
        return;
    }
    if (event.view != view_ || !is_building_) return;
    is_building_ = false;
    nullify();
}

/// The leader's notarize leaves inside its proposal, with the proof of what it relies on.
bool Core::Machine::send_proposal(const View& view, const votes::Vote& vote, effect::To to) {
    const votes::Statement& said = vote.statement;
    Proposal out{.vote = vote};
    if (const View* parent = views_.find(said.parent_view); said.parent_view != 0 && parent != nullptr)
        out.certificates.push_back(parent->has(Kind::Notarize) ? parent->certificate(Kind::Notarize)
                                                               : parent->certificate(Kind::Finalize));
    const std::uint64_t skipped = said.view - said.parent_view - 1;
    const std::uint64_t listed = std::min<std::uint64_t>(skipped, Proposal::nullifications_max);
    for (std::uint64_t u = said.view - listed; u < said.view; ++u)
        if (const View* between = views_.find(u)) out.certificates.push_back(between->certificate(Kind::Nullify));
    if (std::ranges::find(out.certificates, nullptr) != out.certificates.end()) return false;
    for (const Content& content : view.contents)
        if (content.is(said.parent_view, said.block)) out.block = content.payload;
    send(to, std::move(out));
    return true;
}

}  // namespace consensus
