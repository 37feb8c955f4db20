#include "runtime/pallets/machines/lifecycle.hpp"

#include "chain/base/check.hpp"

#include <algorithm>
#include <bit>

namespace machines {

DeviceClass class_of(const Claims& claims) { return claims.gpus.value.empty() ? DeviceClass::Cpu : DeviceClass::Gpu; }

std::uint8_t leased_slots(const Machine& machine) { return static_cast<std::uint8_t>(std::popcount(machine.occupied)); }

std::optional<std::vector<std::uint8_t>> lowest_free_slots(const Machine& machine, std::uint8_t count) {
    std::vector<std::uint8_t> slots;
    for (std::uint8_t slot = 0; slot < machine.slots && slots.size() < count; ++slot)
        if ((machine.occupied >> slot & 1U) == 0) slots.push_back(slot);
    return slots.size() == count ? std::optional{std::move(slots)} : std::nullopt;
}

namespace {

/// The first interval that can be missed. An answer to a probe stands for the heartbeat of its interval, though that
/// may still come: a machine must not go silent a second after it has answered.
std::uint64_t expected_interval(const Machine& machine, const Parameters& parameters) {
    return std::max(machine.heartbeat.next_interval, interval_at(parameters, machine.heartbeat.at_ms) + 1);
}

}  // namespace

std::uint64_t missed_intervals(const Machine& machine, const Parameters& parameters, std::uint64_t now_ms) {
    return chain::saturating_sub(interval_at(parameters, now_ms), expected_interval(machine, parameters));
}

std::optional<std::uint64_t> next_wake(const Machine& machine, const Parameters& parameters) {
    if (machine.state == MachineState::Probing) return machine.probes.deadline_ms;
    if (machine.state == MachineState::Unbonding)
        return chain::saturating_add(machine.state_since_ms, parameters.unbonding_ms);
    if (!is_proven(machine.state)) return std::nullopt;

    const std::uint64_t patience = machine.heartbeat.missing ? parameters.offline_after : parameters.degraded_after;
    const std::uint64_t overdue =
        chain::saturating_mul(expected_interval(machine, parameters) + patience, parameters.heartbeat_interval_ms);
    return machine.maintenance ? std::min(overdue, machine.maintenance->from_ms) : overdue;
}

const PriceCard& card_in_force(const Machine& machine, std::uint64_t now_ms) {
    return machine.next_card && machine.next_card->from_ms <= now_ms ? machine.next_card->card : machine.card;
}

bool are_valid(const CardTerms& terms, DeviceClass device_class, const Parameters& parameters) {
    const Balance least =
        device_class == DeviceClass::Gpu ? parameters.gpu_slot_hour_min : parameters.cpu_slot_hour_min;
    return terms.slot_hour >= least && terms.slot_hour <= parameters.slot_hour_max && terms.minimum_duration_ms > 0 &&
           terms.minimum_duration_ms <= terms.maximum_duration_ms &&
           terms.maximum_duration_ms <= parameters.duration_max_ms &&
           terms.frontend_share_ppm <= parameters.frontend_share_max_ppm;
}

bool are_valid(const Claims& claims) {
    const auto& gpus = claims.gpus.value;
    if (claims.slots == 0 || claims.slots > slots_max) return false;
    if (!gpus.empty() && gpus.size() != claims.slots) return false;
    for (auto it = gpus.begin(); it != gpus.end(); ++it) {
        const bool again =
            std::any_of(gpus.begin(), it, [&](const Gpu& gpu) { return gpu.uuid_hash == it->uuid_hash; });
        if (again || it->memory_bytes == 0) return false;
    }
    return claims.cpu_threads > 0 && claims.memory_bytes > 0 && claims.disk_bytes > 0;
}

bool are_valid(const Parameters& p) {
    constexpr std::uint64_t longest_ms = 100ULL * 365 * 86'400'000;
    const auto dearest = chain::mul_div(p.slot_hour_max, chain::u128{slots_max} * p.duration_max_ms, 3'600'000);
    const bool money = p.gpu_slot_hour_min <= p.slot_hour_max && p.cpu_slot_hour_min <= p.slot_hour_max && dearest &&
                       *dearest < chain::u128{1} << 120 && chain::checked_mul(p.bond_per_slot, chain::u128{slots_max});
    const bool shares = p.frontend_share_max_ppm <= whole_ppm / 4 && p.outage_share_ppm <= whole_ppm;
    const bool order = p.heartbeat_interval_ms > 0 && p.degraded_after > 0 && p.offline_after > p.degraded_after &&
                       p.lapses_max > 0 && p.probe_deadline_ms > 0 && p.outage_window_ms >= p.heartbeat_interval_ms;
    const auto times = {p.duration_max_ms,   p.price_raise_delay_ms, p.heartbeat_interval_ms,
                        p.probe_deadline_ms, p.probe_backoff_ms,     p.probe_backoff_max_ms,
                        p.unbonding_ms,      p.outage_window_ms,     p.outage_ms_max};
    return money && shares && order && std::ranges::all_of(times, [](std::uint64_t ms) { return ms <= longest_ms; });
}

std::uint64_t probe_backoff_ms(const Parameters& parameters, std::uint8_t failures) {
    std::uint64_t wait = parameters.probe_backoff_ms;
    for (std::uint8_t i = 1; i < failures && wait < parameters.probe_backoff_max_ms; ++i)
        wait = chain::saturating_mul<std::uint64_t>(wait, 2);
    return failures == 0 ? 0 : std::min(wait, parameters.probe_backoff_max_ms);
}

ClassTotals contribution(const Machine& machine) {
    if (machine.state == MachineState::Exited) return {};
    const std::uint32_t proven = is_proven(machine.state) ? 1 : 0;
    return {.machines = 1,
            .slots = machine.slots,
            .proven_machines = proven,
            .proven_slots = proven * machine.slots,
            .leased_slots = leased_slots(machine)};
}

std::uint32_t score(const Standing& standing) {
    const std::uint64_t tried = std::uint64_t{standing.started} + standing.failed_starts;
    const std::uint64_t kept = chain::saturating_sub<std::uint64_t>(standing.started, standing.abandoned);
    return tried == 0 ? 1'000 : static_cast<std::uint32_t>(kept * 1'000 / tried);
}

}  // namespace machines
