// What happens by itself: deadlines, ends, machines that went away, records that have been kept long enough.
#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/checks.hpp"
#include "runtime/pallets/leases/leases.hpp"
#include "runtime/pallets/leases/terms.hpp"
#include "runtime/pallets/leases/weights.hpp"
#include "runtime/pallets/machines/machines.hpp"

#include <algorithm>

namespace leases {
namespace {

/// Adds a step to a lease whose time is up. The rules and the payer's money decide.
DispatchResult extend_by_rules(Context& context, LeaseId id, Lease& lease) {
    AutoExtend& rules = *lease.auto_extend;
    TRY(const Balance cost, add_term(context, id, lease, rules.step_ms, rules.max_slot_hour));
    if (cost > rules.left) return std::unexpected{Error::NoAutoExtend};
    TRY_VOID(escrow::put_in(context, id, rules.payer, cost, escrow::Place::Reserved));
    rules.left -= cost;
    lease.ledger.deposited += cost;
    const std::uint64_t end = ends_ms(context.state, id, lease);
    save(context, id, lease, lease.due_ms, end);
    context.emit(LeaseExtended{.lease = id, .term = lease.terms.value.back(), .ends_ms = end});
    return {};
}

void end_active(Context& context, LeaseId id, const Lease& lease) {
    const bool time_is_up = lease.due_ms >= lease.started_ms + duration_ms(lease.terms.value);
    if (time_is_up && lease.auto_extend) {
        const auto extended = frame::with_layer(context, [&](Context& layer) {
            Lease longer = lease;
            return extend_by_rules(layer, id, longer);
        });
        if (extended) return;
        context.emit(AutoExtendRefused{.lease = id, .error = extended.error()});
    }
    close(context, id, lease, Cause::Time, time_is_up ? CloseReason::Expired : CloseReason::OutOfFunds, lease.due_ms);
}

void forget(Context& context, LeaseId id, const Lease& lease) {
    storage.queue.remove(context.state, {{lease.due_ms}, {id.value}});
    storage.leases_of_renter.remove(context.state, lease.renter, id);
    storage.leases.remove(context.state, id);
}

void run_entry(Context& context, const DueKey& entry) {
    const LeaseId id{entry.lease.value};
    const auto lease = storage.leases.get(context.state, id);
    chain::check(lease.has_value() && lease->due_ms == entry.at_ms.value);
    switch (lease->state) {
        case LeaseState::Starting:
            close(context, id, *lease, Cause::Time, CloseReason::StartTimeout, lease->due_ms);
            break;
        case LeaseState::Active: end_active(context, id, *lease); break;
        case LeaseState::Closed: forget(context, id, *lease); break;
    }
}

/// Closes leases of one machine that went away, at most `most`. Returns how many.
std::uint32_t close_lost(Context& context, const AccountId& machine, std::uint64_t at_ms, std::uint32_t most) {
    const LeaseIds open = storage.open_on_machine.get(context.state, machine);
    const auto count = std::min<std::uint32_t>(most, static_cast<std::uint32_t>(open.value.size()));
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto lease = storage.leases.get(context.state, open.value[i]);
        chain::check(lease.has_value());
        close(context, open.value[i], *lease, Cause::Owner, CloseReason::MachineOffline, at_ms);
    }
    if (count == open.value.size()) machines::storage.lost.remove(context.state, machine);
    return count;
}

std::uint32_t count_due(const state::StateView& state, std::uint64_t until) {
    std::uint32_t due = 0;
    storage.queue.for_each(state, constants.closings_max, [&](const DueKey& entry, const auto&) {
        if (entry.at_ms.value > until) return false;
        ++due;
        return true;
    });
    return due;
}

}  // namespace

frame::Weight Seat::on_initialize(Context& context) {
    // The block's own time is not known yet, nor which machines it will find gone: those are at most the due ones.
    const std::uint64_t latest = machines::live_now(context.state) + machines::live_step_ms_max;
    std::uint32_t due = count_due(context.state, latest);
    machines::storage.lost.for_each(context.state, constants.closings_max, [&](const AccountId& id, std::uint64_t) {
        due += static_cast<std::uint32_t>(storage.open_on_machine.get(context.state, id).value.size());
    });
    machines::storage.wakes.for_each(
        context.state, machines::constants.wakes_max, [&](const machines::WakeKey& entry, const auto&) {
            if (entry.at_ms.value > latest) return false;
            due += static_cast<std::uint32_t>(storage.open_on_machine.get(context.state, entry.machine).value.size());
            return due < constants.closings_max;
        });
    return weights::hook + weights::close * std::min<std::uint32_t>(due, constants.closings_max);
}

void Seat::on_finalize(Context& context) {
    const std::uint64_t now = machines::live_now(context.state);
    std::uint32_t left = constants.closings_max;
    for (; left > 0; --left) {
        const auto first = storage.queue.first(context.state);
        if (!first || first->first.at_ms.value > now) break;
        run_entry(context, first->first);
    }
    while (left > 0) {
        const auto lost = machines::storage.lost.first(context.state);
        if (!lost) return;
        left -= close_lost(context, lost->first, lost->second, left);
    }
}

}  // namespace leases
