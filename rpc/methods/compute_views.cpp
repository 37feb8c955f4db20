#include "rpc/methods/compute_views.hpp"

#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/leases.hpp"
#include "runtime/pallets/machines/machines.hpp"
#include "runtime/pallets/timestamp/timestamp.hpp"

namespace rpc {

namespace {

CardView view(const machines::PriceCard& card) {
    return {.version = card.version,
            .slot_hour = {card.terms.slot_hour},
            .minimum_duration_ms = card.terms.minimum_duration_ms,
            .maximum_duration_ms = card.terms.maximum_duration_ms,
            .frontend_share_ppm = card.terms.frontend_share_ppm};
}

ClaimsView view(const machines::Claims& claims) {
    ClaimsView out{.cpu = claims.cpu.value,
                   .cpu_threads = claims.cpu_threads,
                   .memory_bytes = claims.memory_bytes,
                   .disk_bytes = claims.disk_bytes,
                   .upload_bits_per_second = claims.upload_bits_per_second,
                   .download_bits_per_second = claims.download_bits_per_second,
                   .region = claims.region.value,
                   .driver_version = claims.driver_version.value,
                   .worker_version = claims.worker_version.value};
    if (claims.endpoint) out.endpoint = claims.endpoint->value;
    for (const machines::Gpu& gpu : claims.gpus.value)
        out.gpus.push_back({.label = gpu.label.value,
                            .memory_bytes = gpu.memory_bytes,
                            .compute_capability = gpu.compute_capability,
                            .uuid_hash = gpu.uuid_hash});
    return out;
}

std::vector<std::uint8_t> free_slots(const machines::Machine& machine) {
    std::vector<std::uint8_t> out;
    for (std::uint8_t slot = 0; slot < machine.slots; ++slot)
        if ((machine.occupied >> slot & 1) == 0) out.push_back(slot);
    return out;
}

TermView view(const leases::Term& term) {
    return {.until_ms = term.until_ms,
            .slot_hour = {term.slot_hour},
            .burn_ppm = term.burn_ppm,
            .frontend_ppm = term.frontend_ppm,
            .card_version = term.card_version};
}

}  // namespace

MachineView view(const state::StateView& state, const AccountId& account, const machines::Machine& machine) {
    const std::uint64_t now_ms = timestamp::live_now(state);
    MachineView out{.machine = account,
                    .owner = machine.owner,
                    .controller = machine.controller,
                    .receiver = machine.receiver,
                    .signer = machine.keys.signer,
                    .tls_key = {chain::to_bytes(machine.keys.tls_key)},
                    .box_key = {chain::to_bytes(machine.keys.box_key)},
                    .state = name_of(machine.state),
                    .state_since_ms = machine.state_since_ms,
                    .device_class = name_of(machine.device_class),
                    .slots = machine.slots,
                    .free_slots = free_slots(machine),
                    .bond = {machine.bond},
                    .card = view(machines::card_in_force(machine, now_ms)),
                    .exiting = machine.orders.exiting,
                    .frozen = machine.orders.frozen,
                    .standing = {.started = machine.standing.started,
                                 .failed_starts = machine.standing.failed_starts,
                                 .abandoned = machine.standing.abandoned,
                                 .score = machines::score(machine.standing)}};
    if (machine.next_card && machine.next_card->from_ms > now_ms)
        out.next_card = {machine.next_card->from_ms, view(machine.next_card->card)};
    // A machine that never sent one has a heartbeat of zeros.
    if (const auto& beat = machine.heartbeat; beat.at_ms != 0)
        out.heartbeat = {beat.next_interval, beat.at_ms, beat.utilisation_percent, beat.missing};
    if (machine.maintenance) out.maintenance = {machine.maintenance->from_ms, machine.maintenance->to_ms};
    for (const leases::LeaseId id : leases::storage.open_on_machine.get(state, account).value)
        out.open_leases.push_back(id.value);
    if (const auto claims = machines::storage.claims.get(state, account)) out.claims = view(*claims);
    return out;
}

LeaseView view(const state::StateView& state, leases::LeaseId id, const leases::Lease& lease) {
    LeaseView out{.lease = id.value,
                  .machine = lease.machine,
                  .renter = lease.renter,
                  .sponsor = lease.sponsor,
                  .frontend = lease.frontend,
                  .receiver = lease.receiver,
                  .state = name_of(lease.state),
                  .slots = lease.slots.value,
                  .created_ms = lease.created_ms,
                  .started_ms = lease.started_ms,
                  .settled_ms = lease.settled_ms,
                  .due_ms = lease.due_ms,
                  .ledger = {.deposited = {lease.ledger.deposited},
                             .burned = {lease.ledger.burned},
                             .frontend = {lease.ledger.frontend},
                             .owner = {lease.ledger.owner},
                             .refunded = {lease.ledger.refunded},
                             .penalty = {lease.ledger.penalty},
                             .left = {escrow::money_of(state, id)}},
                  .workload_hash = lease.workload_hash,
                  .restart = name_of(lease.restart)};
    for (const leases::Term& term : lease.terms.value) out.terms.push_back(view(term));
    if (lease.closed) out.closed = {name_of(lease.closed->reason), lease.closed->at_ms};
    return out;
}

QuoteView view(const leases::Quote& quote) {
    QuoteView out{
        .machine = quote.machine, .device_class = name_of(quote.device_class), .free_slots = quote.free_slots};
    if (quote.offer)
        out.offer = {.card_version = quote.offer->card_version,
                     .slot_hour = {quote.offer->slot_hour},
                     .deposit = {quote.offer->deposit},
                     .burn_ppm = quote.offer->burn_ppm,
                     .score = quote.offer->score};
    for (const leases::Refusal refusal : quote.why_not) out.why_not.push_back(name_of(refusal));
    return out;
}

}  // namespace rpc
