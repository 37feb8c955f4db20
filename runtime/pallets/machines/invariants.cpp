// What must hold between blocks, recounted from the records themselves.
#include "runtime/pallets/balances/balances.hpp"
#include "runtime/pallets/machines/machines.hpp"

#include <map>

namespace machines {
namespace {

constexpr std::size_t all = ~std::size_t{0};

/// Everything that can be counted from the machine records.
struct Recount {
    Totals totals;
    Outage missing;
    std::map<AccountId, Balance> bonds;
    std::size_t wakes = 0;
    std::size_t signers = 0;
    std::size_t probes = 0;
    std::size_t lost = 0;
};

void count_in(ClassTotals& totals, const ClassTotals& more) {
    totals.machines += more.machines;
    totals.slots += more.slots;
    totals.proven_machines += more.proven_machines;
    totals.proven_slots += more.proven_slots;
    totals.leased_slots += more.leased_slots;
}

/// What is wrong with one record.
std::string_view fault_of(const state::StateView& state, const AccountId& id, const Machine& machine) {
    const bool exited = machine.state == MachineState::Exited;
    if (machine.slots == 0 || machine.slots > slots_max) return "has an impossible number of slots";
    if ((machine.occupied & ~slot_mask(machine.slots)) != 0) return "has leases on slots that it lacks";
    if (machine.occupied != 0 && !is_proven(machine.state) && !storage.lost.contains(state, id))
        return "has leases though it is not proven";
    if (machine.heartbeat.missing && !is_proven(machine.state)) return "is missing though it owes no heartbeats";
    if (exited && machine.bond != 0) return "has exited with a bond";
    if (machine.wake_ms && !storage.wakes.contains(state, {{*machine.wake_ms}, id})) return "waits for no queue entry";
    const auto wanted = next_wake(machine, storage.parameters.get(state));
    if (wanted && !machine.wake_ms) return "should be looked at and is not queued";
    if (!exited && storage.machine_of_signer.get(state, machine.keys.signer) != id) return "is not found by its key";
    const auto probe = storage.probes.get(state, id);
    if (probe.has_value() != machine.probes.deadline_ms.has_value()) return "has a deadline without a probe";
    if (probe && machine.state != MachineState::Probing) return "has an open probe though it is not probing";
    const auto claims = storage.claims.get(state, id);
    if (!claims || claims->slots != machine.slots || class_of(*claims) != machine.device_class)
        return "is not what it claims";
    return {};
}

void count(Recount& recount, const state::StateView& state, const AccountId& id, const Machine& machine) {
    count_in(machine.device_class == DeviceClass::Gpu ? recount.totals.gpu : recount.totals.cpu, contribution(machine));
    recount.bonds[machine.owner] += machine.bond;
    recount.wakes += machine.wake_ms.has_value();
    recount.signers += machine.state != MachineState::Exited;
    recount.probes += machine.probes.deadline_ms.has_value();
    recount.lost += storage.lost.contains(state, id);
    if (!machine.heartbeat.missing) return;
    ++recount.missing.missing_machines;
    recount.missing.missing_slots += machine.slots;
}

template <class Map>
std::size_t size_of(const state::StateView& state, const Map& map) {
    std::size_t size = 0;
    map.for_each(state, all, [&](const auto&, const auto&) { ++size; });
    return size;
}

std::string_view fault_of(const state::StateView& state, const Recount& recount) {
    const Outage outage = storage.outage.get(state);
    if (recount.totals != storage.totals.get(state)) return "the totals are not what a recount gives";
    if (recount.totals.gpu.proven_slots != storage.usage.get(state).slots) return "the usage meter counts other slots";
    if (recount.missing.missing_machines != outage.missing_machines ||
        recount.missing.missing_slots != outage.missing_slots)
        return "other machines are missing than the outage counts";
    if (recount.wakes != size_of(state, storage.wakes)) return "the wake queue has entries of nobody";
    if (recount.signers != size_of(state, storage.machine_of_signer)) return "keys sign for no machine";
    if (recount.probes != size_of(state, storage.probes)) return "probes are open for no machine";
    if (recount.lost != size_of(state, storage.lost)) return "unknown machines are lost";
    for (const auto& [owner, bond] : recount.bonds)
        if (balances::held(state, owner, balances::HoldReason::MachineBond) != bond)
            return "an owner's bond on hold is not the sum of the machines' bonds";
    return {};
}

}  // namespace

chain::Result<void, std::string> check_invariants(const state::StateView& state) {
    Recount recount;
    std::string fault;
    storage.machines.for_each(state, all, [&](const AccountId& id, const Machine& machine) {
        if (const auto why = fault_of(state, id, machine); !why.empty())
            fault = "machine " + crypto::to_string(id) + " " + std::string{why};
        count(recount, state, id, machine);
    });
    if (!fault.empty()) return std::unexpected{fault};
    if (const auto why = fault_of(state, recount); !why.empty())
        return std::unexpected{"machines: " + std::string{why}};
    return {};
}

}  // namespace machines
