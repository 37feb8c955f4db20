#include "gpu-worker/lease/life.hpp"

#include "chain/base/check.hpp"

#include <algorithm>
#include <utility>

namespace worker::lease {

std::string_view name_of(Phase phase) {
    switch (phase) {
        case Phase::Unknown: return "unknown";
        case Phase::Preparing: return "preparing";
        case Phase::Confirming: return "ready";
        case Phase::Rejecting: return "rejected";
        case Phase::Open: return "open";
        case Phase::Launching: return "launching";
        case Phase::Running: return "running";
        case Phase::Reporting: return "exited";
        case Phase::Stopping: return "stopping";
        case Phase::Kept: return "closed";
        case Phase::Removed: return "removed";
    }
    std::unreachable();
}

namespace {

std::string reason_of(const Seen& event) {
    std::string name = "without a reason";
    reflect::for_each_index<reflect::enumerator_count<leases::CloseReason>()>([&](auto i) {
        constexpr auto reason = static_cast<leases::CloseReason>(i.value);
        if (event.closed == reason) name = reflect::enumerator_name<reason>;
    });
    return name;
}

std::string exit_text(std::int32_t code) { return "ended with exit code " + std::to_string(code); }

}  // namespace

Effects Life::step(const Event& event) {
    Effects out;
    if (phase_ != Phase::Removed) std::visit([&](const auto& e) { on(e, out); }, event);
    return out;
}

void Life::on(const Seen& event, Effects& out) {
    has_workload_ = has_workload_ || event.has_workload;
    if (event.has_workload) {
        restart_ = event.restart;
        ends_lease_ = leases::runs_to_completion(event.restart);
    }
    left_ms_ = event.due_ms > event.live_now_ms ? event.due_ms - event.live_now_ms : 0;
    switch (event.state) {
        case leases::LeaseState::Starting: return starting(out);
        case leases::LeaseState::Active: return active(out);
        case leases::LeaseState::Closed: return closed("closed on the chain: " + reason_of(event), out);
    }
    std::unreachable();
}

void Life::on(const Gone&, Effects& out) { closed("closed on the chain", out); }

void Life::on(const Remembered& event, Effects&) {
    if (phase_ != Phase::Unknown) return;
    remembered_ = event.text;
    if (event.kept_until_ms == 0) return;
    // All has been said: nobody hears it twice, and what is kept is not kept longer.
    text_ = event.text;
    phase_ = Phase::Kept;
    kept_until_ms_ = event.kept_until_ms;
}

void Life::on(const Found& event, Effects&) {
    if (phase_ == Phase::Unknown) found_ = event;
    if (phase_ == Phase::Kept) exit_code_ = event.exit_code;
}

void Life::starting(Effects& out) {
    if (phase_ != Phase::Unknown) return;
    if (has_workload_) {
        phase_ = Phase::Preparing;
        note("fetching and checking the image", out);
        out.emplace_back(Prepare{});
        return;
    }
    phase_ = Phase::Confirming;
    call(ConfirmStart{}, out);
}

void Life::active(Effects& out) {
    active_ = true;
    switch (phase_) {
        case Phase::Unknown:
            if (!found_) return run(out);
            phase_ = Phase::Running;
            note("found running after a restart of the worker", out);
            if (found_->exit_code)
                ended(*found_->exit_code, remembered_.empty() ? exit_text(*found_->exit_code) : remembered_, out);
            return;
        case Phase::Confirming:
        case Phase::Rejecting: return run(out);
        default: return;
    }
}

/// Active on the chain and nothing runs: that is the moment to start the workload.
void Life::run(Effects& out) {
    open_call_.reset();
    if (!has_workload_) {
        phase_ = Phase::Open;
        return note("open: waits for a workload", out);
    }
    phase_ = Phase::Launching;
    note("starting", out);
    out.emplace_back(Launch{});
}

void Life::closed(const std::string& why, Effects& out) {
    open_call_.reset();
    const bool between_runs = std::exchange(restart_at_ms_, 0) != 0;
    switch (phase_) {
        case Phase::Unknown:
            if (!found_ || !found_->running) {
                if (found_) exit_code_ = found_->exit_code;
                note(remembered_.empty() ? why : why + ": " + remembered_, out);
                return keep();
            }
            [[fallthrough]];
        case Phase::Launching:
        case Phase::Running:
            if (between_runs) break;
            phase_ = Phase::Stopping;
            note(why, out);
            out.emplace_back(Stop{});
            return;
        case Phase::Stopping:
        case Phase::Kept:
        case Phase::Removed: return;
        // The renter reads here what the chain's word does not say: which image was not found, how the program ended.
        case Phase::Rejecting:
        case Phase::Reporting: note(why + ": " + text_, out); return keep();
        default: break;
    }
    note(why, out);
    keep();
}

void Life::keep() {
    phase_ = Phase::Kept;
    kept_until_ms_ = now_ms_ + terms_.results_kept_ms;
}

void Life::on(const Prepared&, Effects& out) {
    if (phase_ != Phase::Preparing) return;
    if (active_) return run(out);  // an earlier process of this worker has confirmed it
    phase_ = Phase::Confirming;
    note("ready: waits for the chain", out);
    call(ConfirmStart{}, out);
}

void Life::on(const PrepareFailed& event, Effects& out) {
    if (phase_ != Phase::Preparing) return;
    if (active_) return ended(125, event.text, out);
    note(event.text, out);
    phase_ = Phase::Rejecting;
    call(RejectStart{event.reason, event.text}, out);
}

void Life::on(const Launched&, Effects& out) {
    if (phase_ != Phase::Launching) return;
    phase_ = Phase::Running;
    note("running", out);
}

void Life::on(const LaunchFailed& event, Effects& out) {
    if (phase_ == Phase::Stopping) return keep();
    if (phase_ != Phase::Launching) return;
    ended(event.code, event.text, out);
}

void Life::on(const Exited& event, Effects& out) {
    exit_code_ = event.code;
    if (phase_ == Phase::Stopping) return keep();
    // A short program may end before its Launched arrives.
    if (phase_ == Phase::Running || phase_ == Phase::Launching)
        ended(event.code, event.text.empty() ? exit_text(event.code) : event.text, out);
}

void Life::ended(std::int32_t code, const std::string& how, Effects& out) {
    exit_code_ = code;
    const bool again =
        restart_ == leases::RestartPolicy::Always || (restart_ == leases::RestartPolicy::OnFailure && code != 0);
    if (again && !stop_asked_) {
        restart_delay_ms_ = std::clamp(restart_delay_ms_ * 2, terms_.restart_first_ms, terms_.restart_most_ms);
        restart_at_ms_ = now_ms_ + restart_delay_ms_;
        phase_ = Phase::Launching;
        return note(how + ", starts again in " + std::to_string(restart_delay_ms_) + " ms", out);
    }
    if (!ends_lease_) {
        // A service, or what the renter started in an open lease: the lease goes on.
        phase_ = Phase::Open;
        note(std::exchange(stop_asked_, false) ? "stopped" : how, out);
        return;
    }
    phase_ = Phase::Reporting;
    if (!stop_asked_) note(how, out);
    call(ReportExit{code}, out);
}

void Life::on(const StartAsked& event, Effects& out) {
    if (phase_ != Phase::Open) return;
    has_workload_ = true;
    restart_ = event.restart;
    run(out);
}

void Life::on(const StopAsked&, Effects& out) {
    if (phase_ != Phase::Running && phase_ != Phase::Launching) return;
    stop_asked_ = true;
    note("stopped by the renter", out);
    if (std::exchange(restart_at_ms_, 0) != 0) return ended(exit_code_.value_or(0), {}, out);  // between two runs
    out.emplace_back(Stop{});
}

void Life::on(const CallFailed& event, Effects& out) { note("the chain did not accept the call: " + event.text, out); }

void Life::on(const Tick& event, Effects& out) {
    now_ms_ = event.now_ms;
    if (open_call_ && now_ms_ >= call_again_at_ms_) call(Effect{*open_call_}, out);
    if (restart_at_ms_ != 0 && now_ms_ >= restart_at_ms_) {
        restart_at_ms_ = 0;
        out.emplace_back(Launch{});
    }
    if (phase_ == Phase::Running && !stop_asked_ && event.since_block_ms > left_ms_ &&
        event.since_block_ms - left_ms_ > terms_.silence_slack_ms) {
        // The chain has been silent for longer than the lease was paid: nobody pays for what runs on.
        stop_asked_ = true;
        note("stopped: the lease's time is over and the chain is out of reach", out);
        out.emplace_back(Stop{});
    }
    if (phase_ == Phase::Kept && now_ms_ >= kept_until_ms_) {
        phase_ = Phase::Removed;
        out.emplace_back(Remove{});
    }
}

void Life::note(std::string text, Effects& out) {
    text_ = std::move(text);
    out.emplace_back(Note{text_});
}

void Life::call(const Effect& effect, Effects& out) {
    open_call_ = effect;
    call_again_at_ms_ = now_ms_ + terms_.call_again_ms;
    out.push_back(effect);
}

}  // namespace worker::lease
