#include "runtime/pallets/leases/leases.hpp"

#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/terms.hpp"
#include "runtime/pallets/machines/machines.hpp"

#include <algorithm>

namespace leases {

constinit const Storage storage = frame::declare_storage<Storage>(name);

std::uint32_t slot_count(const Lease& lease) { return static_cast<std::uint32_t>(lease.slots.value.size()); }

std::uint64_t ends_ms(const state::StateView& state, LeaseId id, const Lease& lease) {
    const Balance money = escrow::money_of(state, id);
    return chain::saturating_add(lease.started_ms,
                                 funded_until(lease.terms.value, slot_count(lease), lease.settled_ms, money));
}

Balance earned_so_far(const state::StateView& state, const Lease& lease) {
    if (lease.state != LeaseState::Active) return lease.ledger.burned + lease.ledger.frontend + lease.ledger.owner;
    const std::uint64_t now = std::min(machines::live_now(state), lease.due_ms);
    return earned(lease.terms.value, slot_count(lease), 0, chain::saturating_sub(now, lease.started_ms));
}

bool are_valid(const Parameters& p) {
    constexpr std::uint64_t longest_ms = 100ULL * 365 * 86'400'000;
    const auto times = {p.start_deadline_ms, p.withheld_ms,   p.penalty_ms,
                        p.renter_fault_ms,   p.top_up_min_ms, p.record_kept_ms};
    return std::ranges::all_of(times, [](std::uint64_t ms) { return ms <= longest_ms; }) && p.start_deadline_ms > 0 &&
           p.record_kept_ms > 0 && p.unstarted_max > 0 && p.penalty_share_ppm <= machines::whole_ppm;
}

void save(Context& context, LeaseId id, Lease& lease, std::optional<std::uint64_t> was_due_ms, std::uint64_t due_ms) {
    lease.due_ms = due_ms;
    if (was_due_ms != due_ms) {
        if (was_due_ms) storage.queue.remove(context.state, {{*was_due_ms}, {id.value}});
        storage.queue.put(context.state, {{due_ms}, {id.value}}, {});
    }
    storage.leases.put(context.state, id, lease);
}

}  // namespace leases

namespace scale {
template void encode(const leases::Lease&, Bytes&);
template void decode(Reader&, leases::Lease&);
template void decode(Reader&, leases::Event&);
}  // namespace scale
