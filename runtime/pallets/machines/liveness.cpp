// Signs of life, and what happens without them.
#include "runtime/pallets/machines/liveness.hpp"

#include "runtime/pallets/machines/access.hpp"

#include <algorithm>

namespace machines {
namespace {

std::uint32_t watched_slots(const state::StateView& state) {
    const Totals totals = storage.totals.get(state);
    return totals.gpu.proven_slots + totals.cpu.proven_slots;
}

bool in_outage(const state::StateView& state) { return storage.outage.get(state).since_ms.has_value(); }

/// The machine is heard again.
void end_silence(Context& context, const Parameters& parameters, Machine& machine, std::uint64_t now) {
    if (!machine.heartbeat.missing) return;
    machine.heartbeat.missing = false;
    Outage outage = storage.outage.get(context.state);
    const bool forgiven = outage.since_ms.has_value();
    if (machine_back(outage, parameters, machine.slots, watched_slots(context.state)))
        context.emit(OutageEnded{.missing_slots = outage.missing_slots});
    storage.outage.put(context.state, outage);
    if (machine.state != MachineState::Degraded) return;

    machine.state = MachineState::Online;
    if (forgiven) return;
    if (machine.lapses.day != now / day_ms) machine.lapses = {.day = now / day_ms, .count = 0};
    if (++machine.lapses.count < parameters.lapses_max) return;
    machine.lapses.count = 0;
    machine.orders.needs_probe = true;
}

void begin_silence(Context& context, const Parameters& parameters, Machine& machine, std::uint64_t now) {
    machine.heartbeat.missing = true;
    Outage outage = storage.outage.get(context.state);
    if (machine_missing(outage, parameters, now, machine.slots, watched_slots(context.state)))
        context.emit(OutageBegan{.missing_slots = outage.missing_slots});
    storage.outage.put(context.state, outage);
    if (machine.state == MachineState::Online && !outage.since_ms) machine.state = MachineState::Degraded;
}

void look_at_proven(Context& context, const Parameters& parameters, const AccountId& id, Machine& machine,
                    std::uint64_t now) {
    if (machine.maintenance && machine.maintenance->from_ms <= now) return go_offline(context, id, machine);
    const std::uint64_t missed = missed_intervals(machine, parameters, now);
    if (missed < parameters.degraded_after) return;
    if (!machine.heartbeat.missing) begin_silence(context, parameters, machine, now);
    if (missed < parameters.offline_after || in_outage(context.state)) return;
    go_offline(context, id, machine);
}

/// One machine whose moment has come, or which is looked at early.
void wake(Context& context, const Parameters& parameters, const WakeKey& entry, std::uint64_t now) {
    storage.wakes.remove(context.state, entry);
    auto before = storage.machines.get(context.state, entry.machine);
    chain::check(before.has_value() && before->wake_ms == entry.at_ms.value);
    before->wake_ms.reset();

    Machine machine = *before;
    if (is_proven(machine.state)) {
        look_at_proven(context, parameters, entry.machine, machine, now);
    } else if (machine.state == MachineState::Probing && machine.probes.deadline_ms <= now) {
        fail_probe(context, entry.machine, machine, ProbeFailure::Late);
    } else if (machine.state == MachineState::Unbonding && machine.state_since_ms + parameters.unbonding_ms <= now) {
        finish_exit(context, entry.machine, machine);
    }
    save(context, entry.machine, before, machine, now);
}

std::uint32_t count_due(const state::StateView& state, std::uint64_t until) {
    std::uint32_t due = 0;
    storage.wakes.for_each(state, constants.wakes_max, [&](const WakeKey& entry, const auto&) {
        if (entry.at_ms.value > until) return false;
        ++due;
        return true;
    });
    return due;
}

}  // namespace

chain::Result<void, frame::NotDue> Heartbeat::check_due(const state::StateView& state, const AccountId& signer) const {
    TRY(const AccountId id, due_machine(state, signer));
    const Machine machine = *storage.machines.get(state, id);
    if (utilisation_percent > 100) return not_due(Undue::BadArgument);
    if (!may_heartbeat(machine.state)) return not_due(Undue::WrongState);
    if (interval != interval_at(storage.parameters.get(state), live_now(state))) return not_due(Undue::WrongInterval);
    if (interval < machine.heartbeat.next_interval) return not_due(Undue::HeartbeatSent);
    return {};
}

DispatchResult Heartbeat::operator()(Context& context) const {
    TRY(const AccountId signer, frame::ensure_signed(context));
    TRY(const AccountId id, machine_of_signer(context.state, signer));
    const Machine before = *storage.machines.get(context.state, id);
    const Parameters parameters = storage.parameters.get(context.state);
    const std::uint64_t now = live_now(context.state);
    if (utilisation_percent > 100) return std::unexpected{Error::BadUtilisation};
    if (!may_heartbeat(before.state)) return std::unexpected{Error::WrongState};
    if (interval != interval_at(parameters, now)) return std::unexpected{Error::WrongInterval};
    if (interval < before.heartbeat.next_interval) return std::unexpected{Error::HeartbeatAlreadySent};

    Machine after = before;
    end_silence(context, parameters, after, now);
    after.heartbeat.next_interval = interval + 1;
    after.heartbeat.at_ms = now;
    after.heartbeat.utilisation_percent = utilisation_percent;
    if (after.orders.needs_probe && after.occupied == 0 && after.state == MachineState::Online)
        after.state = MachineState::Probing;
    save(context, id, before, after);
    return {};
}

frame::Weight Seat::on_initialize(Context& context) {
    // The block's own time is not known yet; it lies at most one step of the live clock ahead.
    const std::uint64_t latest = live_now(context.state) + live_step_ms_max;
    return weights::hook + weights::wake * count_due(context.state, latest);
}

void Seat::on_finalize(Context& context) {
    const std::uint64_t now = live_now(context.state);
    const Parameters parameters = storage.parameters.get(context.state);
    Outage outage = storage.outage.get(context.state);
    if (outage_over(outage, parameters, now)) {
        context.emit(OutageEnded{.missing_slots = outage.missing_slots});
        storage.outage.put(context.state, outage);
    }
    for (std::uint32_t i = 0; i < constants.wakes_max; ++i) {
        const auto first = storage.wakes.first(context.state);
        if (!first || first->first.at_ms.value > now) return;
        wake(context, parameters, first->first, now);
    }
}

}  // namespace machines
