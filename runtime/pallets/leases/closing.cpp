#include "runtime/pallets/leases/closing.hpp"

#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/checks.hpp"
#include "runtime/pallets/leases/terms.hpp"
#include "runtime/pallets/machines/machines.hpp"

#include <algorithm>

namespace leases {
namespace {

escrow::Payees payees_of(const Lease& lease) { return {.frontend = lease.frontend, .receiver = lease.receiver}; }

void enter(Ledger& ledger, const escrow::Split& parts) {
    ledger.burned += parts.burn;
    ledger.frontend += parts.frontend;
    ledger.owner += parts.owner;
}

/// The price that holds at a moment of the lease.
Balance slot_hour_at(const Lease& lease, std::uint64_t elapsed_ms) {
    for (const Term& term : lease.terms.value)
        if (elapsed_ms <= term.until_ms) return term.slot_hour;
    return lease.terms.value.back().slot_hour;
}

/// A penalty comes out of what the owner has not got yet; what was paid out before stays paid.
escrow::Penalty penalty_of(const Lease& lease, const Parameters& parameters, std::uint64_t elapsed_ms) {
    const std::uint64_t withheld_from =
        std::max(lease.settled_ms, chain::saturating_sub(elapsed_ms, parameters.withheld_ms));
    const Balance withheld = earned_split(lease.terms.value, slot_count(lease), withheld_from, elapsed_ms).owner;
    const auto most = escrow::rent(slot_hour_at(lease, elapsed_ms), slot_count(lease), parameters.penalty_ms);
    return escrow::penalty(most.value_or(withheld), withheld, parameters.penalty_share_ppm);
}

/// Pays what an active lease earned up to its last moment. Returns that moment.
std::uint64_t pay_earned(Context& context, LeaseId id, Lease& lease, const Parameters& parameters, CloseReason reason,
                         std::uint64_t at_ms) {
    const std::uint64_t last = std::min(at_ms, ends_ms(context.state, id, lease));
    const std::uint64_t elapsed = std::max(lease.settled_ms, chain::saturating_sub(last, lease.started_ms));
    escrow::Split parts = earned_split(lease.terms.value, slot_count(lease), lease.settled_ms, elapsed);
    escrow::Penalty penalty;
    if (carries_penalty(reason)) penalty = penalty_of(lease, parameters, elapsed);
    const Balance owed = penalty.to_depositors + penalty.burn;
    chain::check(owed <= parts.owner);
    parts.owner -= owed;

    escrow::pay(context, id, parts, payees_of(lease));
    escrow::burn(context, id, penalty.burn, escrow::BurnReason::Penalty);
    enter(lease.ledger, parts);
    lease.ledger.burned += penalty.burn;
    lease.ledger.penalty = owed;
    lease.settled_ms = elapsed;
    return lease.started_ms + elapsed;
}

/// What a faulty order costs. All of it is burned: a machine that finds fault with honest orders gains nothing.
void pay_fault(Context& context, LeaseId id, Lease& lease, const Parameters& parameters) {
    const auto cost = escrow::rent(lease.terms.value.front().slot_hour, slot_count(lease), parameters.renter_fault_ms);
    const Balance money = escrow::money_of(context.state, id);
    const Balance fine = std::min(cost.value_or(money), money);
    escrow::burn(context, id, fine, escrow::BurnReason::RejectedStart);
    lease.ledger.burned += fine;
}

void leave_machine(Context& context, LeaseId id, const Lease& lease, StartFault fault, CloseReason reason) {
    const auto before = machines::storage.machines.get(context.state, lease.machine);
    chain::check(before.has_value());
    machines::Machine machine = *before;
    machines::vacate(machine, lease.slots.value);
    const bool machines_fault = carries_penalty(reason) && fault == StartFault::None;
    if (machines_fault) {
        auto& count = lease.state == LeaseState::Starting ? machine.standing.failed_starts : machine.standing.abandoned;
        count = chain::saturating_add<std::uint32_t>(count, 1);
    }
    machines::save(context, lease.machine, before, machine);

    LeaseIds open = storage.open_on_machine.get(context.state, lease.machine);
    std::erase(open.value, id);
    if (open.value.empty()) storage.open_on_machine.remove(context.state, lease.machine);
    else storage.open_on_machine.put(context.state, lease.machine, open);
}

}  // namespace

void count_started(Context& context, const AccountId& renter) {
    const std::uint8_t waiting = storage.unstarted.get(context.state, renter);
    chain::check(waiting > 0);
    if (waiting == 1) storage.unstarted.remove(context.state, renter);
    else storage.unstarted.put(context.state, renter, static_cast<std::uint8_t>(waiting - 1));
}

std::uint64_t rent_ends_ms(const machines::Machine& machine, std::uint64_t at_ms) {
    const bool away = machine.heartbeat.missing || !machines::is_proven(machine.state);
    return away ? std::min(at_ms, machine.heartbeat.at_ms) : at_ms;
}

void close(Context& context, LeaseId id, Lease lease, Cause cause, CloseReason reason, std::uint64_t at_ms,
           StartFault fault) {
    chain::check(lease.state != LeaseState::Closed && may_cause(cause, reason));
    const Parameters parameters = storage.parameters.get(context.state);
    const auto machine = machines::storage.machines.get(context.state, lease.machine);
    chain::check(machine.has_value());

    std::uint64_t charged_to = at_ms;
    if (lease.state == LeaseState::Active)
        charged_to = pay_earned(context, id, lease, parameters, reason, rent_ends_ms(*machine, at_ms));
    else if (fault == StartFault::Renters) pay_fault(context, id, lease, parameters);
    lease.ledger.refunded = escrow::refund_rest(context, id);
    const Ledger& ledger = lease.ledger;
    chain::check(ledger.deposited == ledger.burned + ledger.frontend + ledger.owner + ledger.refunded);

    leave_machine(context, id, lease, fault, reason);
    if (lease.state == LeaseState::Starting) count_started(context, lease.renter);
    lease.state = LeaseState::Closed;
    lease.closed = Closure{.reason = reason, .at_ms = charged_to};
    lease.auto_extend.reset();
    const std::uint64_t gone = chain::saturating_add(machines::live_now(context.state), parameters.record_kept_ms);
    save(context, id, lease, lease.due_ms, gone);
    context.emit(LeaseClosed{.lease = id,
                             .machine = lease.machine,
                             .renter = lease.renter,
                             .reason = reason,
                             .at_ms = charged_to,
                             .ledger = lease.ledger});
}

bool settle(Context& context, LeaseId id, Lease& lease) {
    const Parameters parameters = storage.parameters.get(context.state);
    const auto machine = machines::storage.machines.get(context.state, lease.machine);
    chain::check(machine.has_value());
    // Only what lies before a sign of life is surely earned, and of that the withheld time stays here.
    const std::uint64_t sure = std::min({machines::live_now(context.state), machine->heartbeat.at_ms, lease.due_ms});
    const std::uint64_t payable =
        chain::saturating_sub(chain::saturating_sub(sure, lease.started_ms), parameters.withheld_ms);
    if (payable <= lease.settled_ms) return false;

    const escrow::Split parts = earned_split(lease.terms.value, slot_count(lease), lease.settled_ms, payable);
    escrow::pay(context, id, parts, payees_of(lease));
    enter(lease.ledger, parts);
    lease.settled_ms = payable;
    context.emit(Settled{
        .lease = id, .burned = parts.burn, .frontend = parts.frontend, .owner = parts.owner, .settled_ms = payable});
    return true;
}

}  // namespace leases
