// Renting, and the allowances of sponsors.
#include "runtime/pallets/leases/renting.hpp"

#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/checks.hpp"
#include "runtime/pallets/machines/machines.hpp"

namespace leases {
namespace {

using machines::Machine;

Error as_error(WorkloadError error) {
    switch (error) {
        case WorkloadError::TooLarge: return Error::WorkloadTooLarge;
        case WorkloadError::BadImage: return Error::WorkloadBadImage;
        case WorkloadError::BadCommand: return Error::WorkloadBadCommand;
        case WorkloadError::BadEnvironment: return Error::WorkloadBadEnvironment;
        case WorkloadError::BadPort: return Error::WorkloadBadPort;
        case WorkloadError::NoMemory: return Error::WorkloadNoMemory;
        case WorkloadError::NoCpu: return Error::WorkloadNoCpu;
        case WorkloadError::NoTime: return Error::WorkloadNoTime;
    }
    std::unreachable();
}

/// How much the order puts in: at least the card's minimum duration, at most the whole.
chain::Result<Balance, Error> deposit_of(const Rent& order, const machines::CardTerms& terms) {
    const auto whole = escrow::deposit_for(terms.slot_hour, order.slots, order.duration_ms);
    const auto least = escrow::deposit_for(terms.slot_hour, order.slots, terms.minimum_duration_ms);
    if (!whole || !least) return std::unexpected{Error::Overflow};
    const Balance deposit = order.deposit.value_or(*whole);
    if (deposit < *least) return std::unexpected{Error::DepositTooSmall};
    if (deposit > *whole) return std::unexpected{Error::DepositTooLarge};
    return deposit;
}

/// Takes the deposit from what the sponsor allows this renter.
chain::Result<void, Error> use_allowance(Context& context, const AccountId& sponsor, const AccountId& renter,
                                         Balance per_hour, Balance deposit) {
    auto allowance = storage.allowances.get(context.state, sponsor, renter);
    if (!allowance) return std::unexpected{Error::NoAllowance};
    if (machines::live_now(context.state) >= allowance->expires_ms) return std::unexpected{Error::AllowanceExpired};
    if (per_hour > allowance->hour_max) return std::unexpected{Error::AllowanceRateExceeded};
    if (deposit > allowance->per_lease) return std::unexpected{Error::AllowancePerLeaseExceeded};
    if (deposit > allowance->left) return std::unexpected{Error::AllowanceExhausted};
    allowance->left -= deposit;
    storage.allowances.put(context.state, sponsor, renter, *allowance);
    return {};
}

LeaseId take_number(Context& context) {
    const LeaseId id = storage.next_lease_id.get(context.state);
    storage.next_lease_id.put(context.state, {id.value + 1});
    return id;
}

/// Gives the lease the lowest free slots of its machine.
std::vector<std::uint8_t> occupy(Context& context, LeaseId id, const AccountId& machine_id, const Machine& before,
                                 std::uint8_t count) {
    const auto slots = lowest_free_slots(before, count);
    chain::check(slots.has_value());
    Machine machine = before;
    for (const std::uint8_t slot : *slots) machine.occupied |= 1U << slot;
    machines::save(context, machine_id, before, machine);
    LeaseIds open = storage.open_on_machine.get(context.state, machine_id);
    open.value.push_back(id);
    storage.open_on_machine.put(context.state, machine_id, open);
    return *slots;
}

}  // namespace

DispatchResult Rent::operator()(Context& context) const {
    TRY(const AccountId renter, frame::ensure_signed(context));
    const auto found = machines::storage.machines.get(context.state, machine);
    if (!found) return std::unexpected{Error::UnknownMachine};
    const Parameters parameters = storage.parameters.get(context.state);
    const std::uint64_t now = machines::live_now(context.state);
    const std::uint64_t latest_end = chain::saturating_add(now + parameters.start_deadline_ms, duration_ms);
    const auto why = refusals(*found, slots, duration_ms, now, latest_end);
    if (!why.empty()) return std::unexpected{as_error(why.front())};
    const machines::PriceCard& card = card_in_force(*found, now);
    if (card.version != card_version) return std::unexpected{Error::CardVersionChanged};
    if (card.terms.slot_hour > max_price) return std::unexpected{Error::PriceTooHigh};
    const std::uint8_t waiting = storage.unstarted.get(context.state, renter);
    if (waiting >= parameters.unstarted_max) return std::unexpected{Error::TooManyUnstarted};
    if (workload)
        if (const auto checked = check_workload(*workload); !checked) return std::unexpected{as_error(checked.error())};
    TRY(const Balance money, deposit_of(*this, card.terms));
    if (frontend == AccountId{}) return std::unexpected{Error::NobodysAccount};
    if (sponsor == renter) return std::unexpected{Error::AllowanceForSelf};
    if (sponsor) TRY_VOID(use_allowance(context, *sponsor, renter, card.terms.slot_hour * slots, money));

    const LeaseId id = take_number(context);
    TRY_VOID(escrow::put_in(context, id, sponsor.value_or(renter), money, escrow::Place::Reserved));
    Lease lease{.machine = machine,
                .renter = renter,
                .sponsor = sponsor,
                .frontend = frontend,
                .receiver = found->receiver,
                .state = LeaseState::Starting,
                .slots = {occupy(context, id, machine, *found, slots)},
                .created_ms = now,
                .restart = workload ? workload->restart : RestartPolicy::Always};
    lease.terms.value.push_back({.until_ms = duration_ms,
                                 .slot_hour = card.terms.slot_hour,
                                 .burn_ppm = escrow::present_burn_ppm(context.state),
                                 .frontend_ppm = frontend ? card.terms.frontend_share_ppm : 0,
                                 .card_version = card.version});
    lease.ledger.deposited = money;
    if (workload) lease.workload_hash = hash_of(*workload);
    save(context, id, lease, std::nullopt, now + parameters.start_deadline_ms);
    storage.leases_of_renter.put(context.state, renter, id, {});
    storage.unstarted.put(context.state, renter, static_cast<std::uint8_t>(waiting + 1));
    context.emit(LeaseOpened{.lease = id,
                             .machine = machine,
                             .renter = renter,
                             .slots = lease.slots,
                             .deposit = money,
                             .deadline_ms = lease.due_ms,
                             .workload_hash = lease.workload_hash});
    return {};
}

DispatchResult SetAllowance::operator()(Context& context) const {
    TRY(const AccountId sponsor, frame::ensure_signed(context));
    if (sponsor == renter) return std::unexpected{Error::AllowanceForSelf};
    if (renter == AccountId{}) return std::unexpected{Error::NobodysAccount};
    const auto present = storage.allowances.get(context.state, sponsor, renter);
    if (!allowance && !present) return std::unexpected{Error::NoAllowance};
    if (allowance) {
        if (allowance->expires_ms <= machines::live_now(context.state)) return std::unexpected{Error::AllowanceExpired};
        if (allowance->left == 0 || allowance->per_lease == 0 || allowance->hour_max == 0)
            return std::unexpected{Error::EmptyAllowance};
        if (allowance == present) return std::unexpected{Error::NothingChanges};
    }
    if (allowance) storage.allowances.put(context.state, sponsor, renter, *allowance);
    else storage.allowances.remove(context.state, sponsor, renter);
    context.emit(AllowanceSet{.sponsor = sponsor, .renter = renter, .allowance = allowance});
    return {};
}

}  // namespace leases
