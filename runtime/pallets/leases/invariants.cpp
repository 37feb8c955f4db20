// What must hold between blocks, recounted from the records themselves.
#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/leases.hpp"
#include "runtime/pallets/leases/terms.hpp"
#include "runtime/pallets/machines/machines.hpp"

#include <map>
#include <set>

namespace leases {
namespace {

constexpr std::size_t all = ~std::size_t{0};

struct Recount {
    std::map<AccountId, std::uint32_t> occupied;
    std::map<AccountId, std::set<LeaseId>> open;
    std::map<AccountId, std::uint8_t> unstarted;
    std::size_t leases = 0;
};

/// What is wrong with one record.
std::string_view fault_of(const state::StateView& state, LeaseId id, const Lease& lease) {
    const Ledger& ledger = lease.ledger;
    const Balance money = escrow::money_of(state, id);
    const Balance gone = ledger.burned + ledger.frontend + ledger.owner + ledger.refunded;
    if (ledger.deposited != gone + money) return "has lost or made money";
    if (!storage.queue.contains(state, {{lease.due_ms}, {id.value}})) return "has no queue entry";
    if (!storage.leases_of_renter.contains(state, lease.renter, id)) return "is not among its renter's leases";
    if (lease.terms.value.empty() || lease.slots.value.empty()) return "has no terms or no slots";
    if ((lease.state == LeaseState::Closed) != lease.closed.has_value()) return "is half closed";
    if (lease.state == LeaseState::Closed) return money == 0 ? "" : "is closed and has money";
    if (lease.state == LeaseState::Starting && gone != 0) return "has paid before it started";
    if (lease.state == LeaseState::Active && lease.due_ms != ends_ms(state, id, lease)) return "ends at another moment";
    if (lease.settled_ms > duration_ms(lease.terms.value)) return "was paid for more than its time";
    return {};
}

/// Counts an open lease; false where a slot has two.
bool count(Recount& recount, LeaseId id, const Lease& lease) {
    if (lease.state == LeaseState::Closed) return true;
    if (lease.state == LeaseState::Starting) ++recount.unstarted[lease.renter];
    recount.open[lease.machine].insert(id);
    for (const std::uint8_t slot : lease.slots.value) {
        const std::uint32_t bit = 1U << slot;
        if ((recount.occupied[lease.machine] & bit) != 0) return false;
        recount.occupied[lease.machine] |= bit;
    }
    return true;
}

template <class Map>
std::size_t size_of(const state::StateView& state, const Map& map) {
    std::size_t size = 0;
    map.for_each(state, all, [&](const auto&, const auto&) { ++size; });
    return size;
}

std::string_view fault_of(const state::StateView& state, const Recount& recount) {
    std::string_view fault;
    machines::storage.machines.for_each(state, all, [&](const AccountId& id, const machines::Machine& machine) {
        const auto occupied = recount.occupied.find(id);
        if (machine.occupied != (occupied == recount.occupied.end() ? 0 : occupied->second))
            fault = "a machine's occupied slots are not those of its open leases";
    });
    for (const auto& [machine, open] : recount.open) {
        const auto listed = storage.open_on_machine.get(state, machine).value;
        if (std::set<LeaseId>(listed.begin(), listed.end()) != open || listed.size() != open.size())
            fault = "a machine's list of open leases is wrong";
    }
    for (const auto& [renter, waiting] : recount.unstarted)
        if (storage.unstarted.get(state, renter) != waiting) fault = "a renter's unstarted leases are miscounted";
    if (size_of(state, storage.open_on_machine) != recount.open.size()) fault = "leases are open on unknown machines";
    if (size_of(state, storage.unstarted) != recount.unstarted.size()) fault = "unstarted leases of nobody";
    if (size_of(state, storage.queue) != recount.leases) fault = "the queue has entries of no lease";
    return fault;
}

}  // namespace

chain::Result<void, std::string> check_invariants(const state::StateView& state) {
    Recount recount;
    std::string fault;
    storage.leases.for_each(state, all, [&](LeaseId id, const Lease& lease) {
        ++recount.leases;
        auto why = fault_of(state, id, lease);
        if (!count(recount, id, lease)) why = "shares a slot with another";
        if (!why.empty()) fault = "lease " + chain::to_decimal(id.value) + " " + std::string{why};
    });
    escrow::storage.deposits.for_each(state, all, [&](LeaseId id, const escrow::Deposits&) {
        if (!storage.leases.contains(state, id)) fault = "escrow has money of lease " + chain::to_decimal(id.value);
    });
    if (!fault.empty()) return std::unexpected{fault};
    if (const auto why = fault_of(state, recount); !why.empty()) return std::unexpected{"leases: " + std::string{why}};
    return {};
}

}  // namespace leases
