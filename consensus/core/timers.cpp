// Views begin and end (R1, R5), patience grows (R11), and idle networks keep still (A8).
//
// All of a view's timers start together: at entry if there is work, else as soon as there is, else when the chain has
// rested for idle_ms. A proposal, or nullifies of more than a third, start them too: a view that somebody waits in is
// not idle. A nullified view is no progress, so the rest is not begun anew after it: silent leaders in a row cost an
// idle chain one rest, not one each.

#include "consensus/core/machine.hpp"

#include <utility>

namespace consensus {

void Core::Machine::enter(std::uint64_t number, effect::Outcome outcome) {
    chain::check(number > view_);
    if (is_ended_) return;
    if (!is_recovering_ && view_ > 0)
        emit(effect::ViewEnded{view_, deck_.leader(view_), number > view_ + 1 ? effect::Outcome::Overtaken : outcome,
                               now_ - entered_at_});
    view_ = number;
    if (is_recovering_) return;
    entered_at_ = now_;
    is_building_ = is_work_forwarded_ = is_wake_sent_ = false;
    for (std::uint64_t* at :
         {&timers_since_, &leader_at_, &advance_at_, &propose_at_, &give_up_at_, &retry_at_, &wake_at_, &ahead_at_})
        *at = never;
    if (outcome != effect::Outcome::Nullified) idle_until_ = now_ + timers().idle_ms;
    idle_at_ = std::max(now_, idle_until_);
    if (ahead_ && ahead_->view != view_) ahead_.reset();
    request_from_ = 0;

    const std::size_t kept = config_.limits.views_kept;
    if (view_ > kept && view_ - kept > floor_) views_.compact(view_ - kept);
    constexpr std::uint64_t blocks_kept = 4;
    if (View* old = view_ > blocks_kept ? views_.find(view_ - blocks_kept) : nullptr)
        for (Content& content : old->contents)
            if (!old->is_proved(content)) content.payload = nullptr;

    work_on(view_);
    is_woken_ = woken_view_ == view_;
    const bool is_idle = !has_work() && !is_woken_ && current().proposal == View::none;
    if (!is_idle || mutant(Mutant::TimersRunWhileIdle)) start_timers();
}

/// R11: how long `ms` is, after so many views without a finalization.
std::uint64_t Core::Machine::patience(std::uint64_t ms) const {
    const std::uint64_t views = view_ - std::max(floor_, std::min(backoff_base_, view_));
    std::uint64_t advance = timers().advance_ms;
    if (mutant(Mutant::NoBackoff)) return ms;
    for (std::uint64_t k = 2; k < views && advance * 3 / 2 <= timers().patience_ms_max; ++k) {
        advance = advance * 3 / 2;
        ms = ms * 3 / 2;
    }
    return ms;
}

/// A transaction in the pool, a block that is not final though it should be, or a boundary block (A8).
bool Core::Machine::has_work() const {
    if (is_ended_) return false;
    const bool is_ancestor_due = open_since_ != never && now_ >= open_since_ + 2 * timers().relay_ms;
    return has_host_work_ || boundary_view_ > 0 || (is_ancestor_due && !mutant(Mutant::AncestorIsNoWork));
}

void Core::Machine::start_timers() {
    if (timers_since_ != never || is_ended_ || view_ == 0) return;
    timers_since_ = now_;
    idle_at_ = never;
    if (standstill_at_ == never && has_work()) standstill_at_ = now_ + timers().standstill_ms;
    const View& view = current();
    if (votes_here()) {
        leader_at_ = now_ + patience(timers().leader_ms);
        advance_at_ = now_ + patience(timers().advance_ms);
        if (leads(view_)) return;
        const bool may_skip = skips_ < peers_.validators() || mutant(Mutant::EndlessLeaderSkip);
        if (may_skip && !mutant(Mutant::NoLeaderSkip) && view.proposal == View::none &&
            peers_.is_inactive(view.leader, view_, quorum_)) {
            ++skips_;
            return nullify();
        }
    }
    if (view.proposal != View::none) return;
    // Who held work when the view began gives the leader, who likely holds it too, the time that a block takes.
    if (entered_at_ < now_) wake_leader();
    else wake_at_ = now_ + timers().interval_ms + 2 * timers().relay_ms;
}

void Core::Machine::wake_leader() {
    wake_at_ = never;
    View& view = current();
    if (leads(view_) || view.proposal != View::none || view.did(Kind::Nullify)) return;
    // Once a view each: two nodes in different views, each of which takes the other for a leader, would else pass the
    // same work to and fro without end.
    if (has_host_work_ && !std::exchange(is_work_forwarded_, true)) emit(effect::ForwardWork{view.leader});
    if (config_.me && !std::exchange(is_wake_sent_, true))
        send(effect::ToValidator{view.leader}, Wake{epoch_.epoch, view_});
}

/// R5. Idempotent: one nullify a view.
void Core::Machine::nullify() {
    if (!votes_here()) return;
    View& view = current();
    if (view.did(Kind::Finalize) && !mutant(Mutant::NullifyAfterFinalize)) return;
    if (view.my(Kind::Nullify) == Mine::None) cast(view, Kind::Nullify, 0);
}

void Core::Machine::on(const event::WorkChanged& event) {
    has_host_work_ = event.has_work;
    if (event.has_work) work_appeared();
    else if (!has_work()) standstill_at_ = never;
}

void Core::Machine::work_appeared() {
    if (is_ended_ || view_ == 0) return;
    if (standstill_at_ == never) standstill_at_ = now_ + timers().standstill_ms;
    if (timers_since_ == never) start_timers();
    else if (wake_at_ == never && !leads(view_)) wake_leader();
}

void Core::Machine::receive(const Peer& from, const Wake& wake) {
    if (!from.validator || *from.validator >= peers_.validators() || mutant(Mutant::WakeIgnored)) return;
    ValidatorState& sender = peers_.validator(*from.validator);
    sender.progress = std::max(sender.progress, std::min(wake.view, view_ + 1));
    if (wake.view < view_) return answer_straggler(from, wake.view);
    if (wake.view > view_ + 1 || !leads(wake.view) || now_ < sender.wake_at) return;
    sender.wake_at = now_ + timers().wake_pause_ms;
    woken_view_ = wake.view;
    if (wake.view != view_) return;
    is_woken_ = true;
    start_timers();
}

Status Core::Machine::status_for(const ValidatorState* receiver) const {
    return {epoch_.epoch, view_, floor_, durable_.number, receiver == nullptr ? 0 : receiver->last_active};
}

void Core::Machine::send_status() {
    status_at_ = now_ + timers().status_ms;
    if (peers_.validators() > 1) send(effect::ToAll{}, status_for(nullptr));
}

void Core::Machine::receive(const Peer& from, const Status& status) {
    // One view behind is where many are at any moment.
    if (status.view + 1 < view_ || status.floor_view + 2 < floor_) answer_straggler(from, status.view);
    if (!from.validator || *from.validator >= peers_.validators()) return;
    ValidatorState& sender = peers_.validator(*from.validator);
    sender.progress = std::max(sender.progress, std::min(status.view, view_ + 1));
    sender.is_reporting = true;
    const chain::u128 mine = config_.me ? weight(*config_.me) : 0;
    if (has_quorum_ || peers_.reporting_weight() + mine < quorum_) return;
    has_quorum_ = true;
    reset_backoff();
}

/// §1.5: a quorum is in reach again. Tied to this transition, never to the state: on a slow network patience must grow.
void Core::Machine::reset_backoff() {
    if (mutant(Mutant::BackoffNeverResets) || now_ < reset_allowed_at_ || is_ended_) return;
    if (view_ - std::max(floor_, std::min(backoff_base_, view_)) <= 2) return;
    reset_allowed_at_ = now_ + timers().reset_pause_ms;
    backoff_base_ = view_;
    if (leader_at_ != never) leader_at_ = std::min(leader_at_, now_ + timers().leader_ms);
    if (advance_at_ != never) advance_at_ = std::min(advance_at_, now_ + timers().advance_ms);
    if (give_up_at_ != never) give_up_at_ = std::min(give_up_at_, now_ + timers().leader_ms / 2);
    if (retry_at_ != never) retry_at_ = now_;
    if (standstill_at_ != never) standstill_at_ = now_;
}

std::uint64_t Core::Machine::next_timer() const {
    // What was set since the epoch's end stays: a time that nobody acts on must not be waited for.
    if (is_ended_) return never;
    return std::min({leader_at_, advance_at_, idle_at_, propose_at_, give_up_at_, retry_at_, standstill_at_, status_at_,
                     wake_at_, ancestor_at_, chores_at_, relay_at_, ahead_at_});
}

/// Does what is due. Each timer is disarmed or moved ahead before it acts, so the loop ends.
void Core::Machine::run_due() {
    const auto is_due = [this](std::uint64_t& at) {
        if (at > now_) return false;
        at = never;
        return true;
    };
    while (!is_ended_ && next_timer() <= now_) {
        if (is_due(ancestor_at_)) work_appeared();
        else if (is_due(idle_at_)) start_timers();
        else if (is_due(leader_at_)) expire_leader();
        else if (is_due(advance_at_)) nullify();
        else if (is_due(give_up_at_)) {
            if (may_propose_now() && !find_parent()) nullify();
        } else if (is_due(propose_at_)) try_propose();
        else if (is_due(wake_at_)) wake_leader();
        else if (is_due(retry_at_)) retry();
        else if (is_due(standstill_at_)) stand_still();
        else if (is_due(chores_at_)) run_chores();
        else if (is_due(ahead_at_)) build_ahead();
        else if (is_due(relay_at_)) relay_late();
        else if (is_due(status_at_)) send_status();
    }
    if (!is_ended_) try_propose();
}

/// No acceptable proposal came in time.
void Core::Machine::expire_leader() {
    const View& view = current();
    if (view.proposal == View::none || view.is_failed) nullify();
}

}  // namespace consensus
