#include "runtime/pallets/leases/quote.hpp"

#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/leases.hpp"
#include "runtime/pallets/machines/machines.hpp"

#include <algorithm>

namespace leases {
namespace {

using machines::MachineState;

/// Online, or draining towards maintenance: until then there may be time for a lease.
bool takes_leases(const machines::Machine& machine) {
    if (machine.orders.exiting) return false;
    return machine.state == MachineState::Online || (machine.state == MachineState::Draining && machine.maintenance);
}

void add_claim_refusals(std::vector<Refusal>& why, const Order& order, const machines::Machine& machine,
                        const machines::Claims& claims) {
    if (order.device_class && *order.device_class != machine.device_class) why.push_back(Refusal::OtherClass);
    const bool small_gpu = std::ranges::any_of(
        claims.gpus.value, [&](const auto& gpu) { return gpu.memory_bytes < order.gpu_memory_bytes_min; });
    const bool no_gpu = claims.gpus.value.empty() && order.gpu_memory_bytes_min > 0;
    if (small_gpu || no_gpu || claims.memory_bytes < order.memory_bytes_min) why.push_back(Refusal::TooLittleMemory);
    if (order.region && *order.region != claims.region) why.push_back(Refusal::OtherRegion);
}

struct Market {
    std::uint64_t now_ms;
    std::uint64_t start_deadline_ms;
    std::uint32_t burn_ppm;
};

Quote quote_one(const state::StateView& state, const Order& order, const AccountId& id,
                const machines::Machine& machine, const Market& market) {
    const machines::Claims claims = machines::storage.claims.get(state, id).value_or(machines::Claims{});
    const machines::PriceCard& card = card_in_force(machine, market.now_ms);
    const std::uint64_t latest_end = chain::saturating_add(market.now_ms + market.start_deadline_ms, order.duration_ms);
    Quote quote{.machine = id,
                .device_class = machine.device_class,
                .free_slots = static_cast<std::uint8_t>(machine.slots - leased_slots(machine)),
                .why_not = refusals(machine, order.slots, order.duration_ms, market.now_ms, latest_end)};
    if (order.max_price && card.terms.slot_hour > *order.max_price) quote.why_not.push_back(Refusal::PriceTooHigh);
    add_claim_refusals(quote.why_not, order, machine, claims);
    const auto deposit = escrow::deposit_for(card.terms.slot_hour, order.slots, order.duration_ms);
    if (!quote.why_not.empty() || !deposit) return quote;
    quote.offer = Offer{.card_version = card.version,
                        .slot_hour = card.terms.slot_hour,
                        .deposit = *deposit,
                        .burn_ppm = market.burn_ppm,
                        .score = score(machine.standing)};
    return quote;
}

}  // namespace

std::vector<Refusal> refusals(const machines::Machine& machine, std::uint8_t slots, std::uint64_t duration_ms,
                              std::uint64_t now_ms, std::uint64_t latest_end_ms) {
    std::vector<Refusal> why;
    const auto refuse_if = [&](bool holds, Refusal refusal) {
        if (holds) why.push_back(refusal);
    };
    const auto& terms = card_in_force(machine, now_ms).terms;
    refuse_if(!takes_leases(machine), Refusal::NotOnline);
    refuse_if(machine.heartbeat.missing, Refusal::Silent);
    refuse_if(machine.orders.frozen, Refusal::Frozen);
    refuse_if(machine.orders.needs_probe, Refusal::NeedsProbe);
    refuse_if(slots == 0 || slots > machine.slots - leased_slots(machine), Refusal::NotEnoughSlots);
    refuse_if(duration_ms < terms.minimum_duration_ms, Refusal::DurationTooShort);
    refuse_if(duration_ms > terms.maximum_duration_ms, Refusal::DurationTooLong);
    refuse_if(machine.maintenance && latest_end_ms > machine.maintenance->from_ms, Refusal::MaintenanceAhead);
    return why;
}

QuotePage quote(const state::StateView& state, const Order& order, const std::optional<AccountId>& after,
                std::uint32_t limit) {
    const Market market{.now_ms = machines::live_now(state),
                        .start_deadline_ms = storage.parameters.get(state).start_deadline_ms,
                        .burn_ppm = escrow::present_burn_ppm(state)};
    const auto& all = machines::storage.machines;
    QuotePage page;
    auto entry = after ? all.next(state, *after) : all.first(state);
    for (std::uint32_t i = 0; entry && i < std::min(limit, quote_page_max); ++i) {
        const auto& [id, machine] = *entry;
        if (machine.state != MachineState::Exited) page.quotes.push_back(quote_one(state, order, id, machine, market));
        page.next = id;
        entry = all.next(state, AccountId{id});
    }
    if (!entry) page.next.reset();
    return page;
}

}  // namespace leases
