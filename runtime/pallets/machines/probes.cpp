// Questions to machines. An answer must follow from the seed, the machine and the registered claims, before the
// deadline.
#include "runtime/pallets/machines/probes.hpp"

#include "runtime/pallets/machines/access.hpp"
#include "runtime/pallets/machines/messages.hpp"
#include "runtime/pallets/system/accounts.hpp"

#include <algorithm>

namespace machines {
namespace {

void pass_probe(Context& context, const AccountId& id, Machine& machine, const Parameters& parameters,
                std::uint64_t now) {
    machine.state = MachineState::Online;
    machine.probes.failures = 0;
    machine.probes.not_before_ms = 0;
    machine.orders.needs_probe = false;
    machine.maintenance.reset();
    // The answer is a sign of life; the interval's heartbeat is still welcome.
    machine.heartbeat.next_interval = std::max(machine.heartbeat.next_interval, interval_at(parameters, now));
    machine.heartbeat.at_ms = now;
    context.emit(ProbePassed{id});
}

std::optional<Error> probe_refusal(const Machine& machine, const Parameters& parameters, std::uint64_t now) {
    if (machine.probes.deadline_ms) return Error::ProbeAlreadyOpen;
    const bool unproven = machine.state == MachineState::Bonded || machine.state == MachineState::Probing ||
                          machine.state == MachineState::Offline;
    if (!unproven || machine.orders.exiting) return Error::WrongState;
    if (machine.occupied != 0) return Error::HasLeases;
    if (machine.orders.frozen) return Error::MachineFrozen;
    if (now < machine.probes.not_before_ms) return Error::ProbeBackedOff;
    // A machine that went away must show that it is back before anybody asks it again.
    const bool silent = missed_intervals(machine, parameters, now) >= parameters.degraded_after ||
                        machine.heartbeat.at_ms <= machine.state_since_ms;
    if (machine.state == MachineState::Offline && silent) return Error::NoRecentHeartbeat;
    return std::nullopt;
}

}  // namespace

void forget_probe(Context& context, const AccountId& id, Machine& machine) {
    machine.probes.deadline_ms.reset();
    storage.probes.remove(context.state, id);
}

void leave_market(Context& context, const AccountId& id, Machine& machine) {
    forget_probe(context, id, machine);
    machine.lapses = {};
}

void fail_probe(Context& context, const AccountId& id, Machine& machine, ProbeFailure reason) {
    const Parameters parameters = storage.parameters.get(context.state);
    forget_probe(context, id, machine);
    machine.probes.failures = chain::saturating_add<std::uint8_t>(machine.probes.failures, 1);
    machine.probes.not_before_ms = live_now(context.state) + probe_backoff_ms(parameters, machine.probes.failures);
    machine.state = MachineState::Bonded;
    context.emit(ProbeFailed{.machine = id, .reason = reason, .not_before_ms = machine.probes.not_before_ms});
}

DispatchResult OpenProbe::operator()(Context& context) const {
    TRY(const AccountId auditor, frame::ensure_signed(context));
    const auto auditors = storage.auditors.get(context.state);
    if (std::ranges::find(auditors.value, auditor) == auditors.value.end()) return std::unexpected{Error::NotAuditor};
    const auto before = storage.machines.get(context.state, machine);
    if (!before) return std::unexpected{Error::UnknownMachine};
    const Parameters parameters = storage.parameters.get(context.state);
    const std::uint64_t now = live_now(context.state);
    if (const auto refusal = probe_refusal(*before, parameters, now)) return std::unexpected{*refusal};

    const Probe probe{.auditor = auditor, .seed = seed, .deadline_ms = now + parameters.probe_deadline_ms};
    storage.probes.put(context.state, machine, probe);
    Machine after = *before;
    after.state = MachineState::Probing;
    after.probes.deadline_ms = probe.deadline_ms;
    save(context, machine, before, after);
    context.emit(ProbeOpened{.machine = machine, .auditor = auditor, .seed = seed, .deadline_ms = probe.deadline_ms});
    return {};
}

chain::Result<void, frame::NotDue> AnswerProbe::check_due(const state::StateView& state,
                                                          const AccountId& signer) const {
    TRY(const AccountId id, due_machine(state, signer));
    const auto probe = storage.probes.get(state, id);
    if (!probe || probe->deadline_ms <= live_now(state)) return not_due(Undue::NoOpenProbe);
    return {};
}

DispatchResult AnswerProbe::operator()(Context& context) const {
    TRY(const AccountId signer, frame::ensure_signed(context));
    TRY(const AccountId id, machine_of_signer(context.state, signer));
    const auto probe = storage.probes.get(context.state, id);
    const std::uint64_t now = live_now(context.state);
    if (!probe || probe->deadline_ms <= now) return std::unexpected{Error::NoOpenProbe};

    const Machine before = *storage.machines.get(context.state, id);
    const Hash expected = probe_answer({.genesis = frame_system::genesis_hash(context.state),
                                        .machine = id,
                                        .seed = probe->seed,
                                        .claims_hash = before.claims_hash});
    Machine after = before;
    if (answer == expected) {
        forget_probe(context, id, after);
        pass_probe(context, id, after, storage.parameters.get(context.state), now);
    } else {
        fail_probe(context, id, after, ProbeFailure::WrongAnswer);
    }
    save(context, id, before, after);
    return {};
}

}  // namespace machines
