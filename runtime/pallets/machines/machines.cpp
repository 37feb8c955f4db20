#include "runtime/pallets/machines/machines.hpp"

#include "runtime/pallets/timestamp/timestamp.hpp"

#include <algorithm>

namespace machines {

constinit const Storage storage = frame::declare_storage<Storage>(name);

namespace {

ClassTotals& of_class(Totals& totals, DeviceClass device_class) {
    return device_class == DeviceClass::Gpu ? totals.gpu : totals.cpu;
}

void add(ClassTotals& totals, const ClassTotals& more) {
    totals.machines += more.machines;
    totals.slots += more.slots;
    totals.proven_machines += more.proven_machines;
    totals.proven_slots += more.proven_slots;
    totals.leased_slots += more.leased_slots;
}

/// Unsigned differences wrap and come back with the matching `add`; a total below zero is caught where it is checked.
void subtract(ClassTotals& totals, const ClassTotals& less) {
    totals.machines -= less.machines;
    totals.slots -= less.slots;
    totals.proven_machines -= less.proven_machines;
    totals.proven_slots -= less.proven_slots;
    totals.leased_slots -= less.leased_slots;
}

void count(Context& context, const std::optional<Machine>& before, const Machine& after) {
    const ClassTotals was = before ? contribution(*before) : ClassTotals{};
    const ClassTotals is = contribution(after);
    if (was == is && (!before || before->device_class == after.device_class)) return;

    Totals totals = storage.totals.get(context.state);
    const std::uint32_t proven_before = totals.gpu.proven_slots;
    if (before) subtract(of_class(totals, before->device_class), was);
    add(of_class(totals, after.device_class), is);
    storage.totals.put(context.state, totals);

    if (totals.gpu.proven_slots == proven_before) return;
    storage.usage.update(
        context.state, [&](UsageMeter& meter) { set_slots(meter, live_now(context.state), totals.gpu.proven_slots); });
}

/// Whoever owes no heartbeats cannot be missing.
void settle_silence(Context& context, const std::optional<Machine>& before, Machine& machine) {
    if (!machine.heartbeat.missing || is_proven(machine.state)) return;
    machine.heartbeat.missing = false;
    const std::uint8_t slots = before && before->heartbeat.missing ? before->slots : machine.slots;
    const Totals totals = storage.totals.get(context.state);
    const std::uint32_t watched = totals.gpu.proven_slots + totals.cpu.proven_slots;
    Outage outage = storage.outage.get(context.state);
    if (machine_back(outage, storage.parameters.get(context.state), slots, watched))
        context.emit(OutageEnded{.missing_slots = outage.missing_slots});
    storage.outage.put(context.state, outage);
}

/// Where the queue looks at the machine in time already, its entry stays; looking too early does no harm.
void place_wake(Context& context, const AccountId& id, std::optional<std::uint64_t> present, Machine& machine,
                std::optional<std::uint64_t> woken_ms) {
    const Parameters parameters = storage.parameters.get(context.state);
    auto wanted = next_wake(machine, parameters);
    // Put off by an outage: asked again in each interval.
    if (wanted && woken_ms && *wanted <= *woken_ms)
        wanted = (interval_at(parameters, *woken_ms) + 1) * parameters.heartbeat_interval_ms;
    machine.wake_ms = present && wanted ? std::min(*present, *wanted) : wanted;
    if (machine.wake_ms == present) return;
    if (present) storage.wakes.remove(context.state, {{*present}, id});
    if (machine.wake_ms) storage.wakes.put(context.state, {{*machine.wake_ms}, id}, {});
}

}  // namespace

std::uint64_t live_now(const state::StateView& state) { return timestamp::storage.live_now.get(state); }

chain::Result<AccountId, Error> machine_of_signer(const state::StateView& state, const AccountId& signer) {
    const auto id = storage.machine_of_signer.get(state, signer);
    if (!id) return std::unexpected{Error::UnknownSigner};
    const auto machine = storage.machines.get(state, *id);
    chain::check(machine.has_value() && machine->keys.signer == signer);
    if (machine->orders.frozen) return std::unexpected{Error::MachineFrozen};
    return *id;
}

chain::Result<AccountId, frame::NotDue> due_machine(const state::StateView& state, const AccountId& signer) {
    const auto id = machine_of_signer(state, signer);
    if (id) return *id;
    return not_due(id.error() == Error::MachineFrozen ? Undue::Frozen : Undue::UnknownSigner);
}

void save(Context& context, const AccountId& id, const std::optional<Machine>& before, Machine after,
          std::optional<std::uint64_t> woken_ms) {
    const bool moved = !before || before->state != after.state;
    if (moved) after.state_since_ms = live_now(context.state);
    settle_silence(context, before, after);
    place_wake(context, id, before ? before->wake_ms : std::nullopt, after, woken_ms);
    count(context, before, after);
    storage.machines.put(context.state, id, after);
    if (before && moved) context.emit(StateChanged{.machine = id, .from = before->state, .to = after.state});
}

void vacate(Machine& machine, std::span<const std::uint8_t> slots) {
    for (const std::uint8_t slot : slots) {
        chain::check(slot < machine.slots && (machine.occupied >> slot & 1U) == 1);
        machine.occupied &= ~(1U << slot);
    }
    if (machine.occupied != 0) return;
    if (machine.orders.exiting) machine.state = MachineState::Unbonding;
    else if (machine.orders.needs_probe && machine.state == MachineState::Online) machine.state = MachineState::Probing;
}

void go_offline(Context& context, const AccountId& id, Machine& machine) {
    chain::check(is_proven(machine.state));
    machine.state = MachineState::Offline;
    if (machine.occupied != 0) storage.lost.put(context.state, id, machine.heartbeat.at_ms);
    else if (machine.orders.exiting) machine.state = MachineState::Unbonding;
}

}  // namespace machines

namespace scale {
template void encode(const machines::Machine&, Bytes&);
template void decode(Reader&, machines::Machine&);
template void decode(Reader&, machines::Event&);
}  // namespace scale
