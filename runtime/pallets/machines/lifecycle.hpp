#pragma once
// The rules of a machine's life as plain functions: which states may do what, when the chain looks again, which card is
// in force. Pure.

#include "runtime/pallets/machines/records.hpp"

namespace machines {

/// Has shown what it can do and may have leases.
constexpr bool is_proven(MachineState state) {
    return state == MachineState::Online || state == MachineState::Degraded || state == MachineState::Draining;
}

/// Registered, not leaving, not judged: what may send heartbeats.
constexpr bool may_heartbeat(MachineState state) { return state <= MachineState::Draining; }

/// A GPU makes the class.
DeviceClass class_of(const Claims& claims);

/// All slots of a machine as bits.
constexpr std::uint32_t slot_mask(std::uint8_t slots) { return (1U << slots) - 1; }

/// How many slots have a lease.
std::uint8_t leased_slots(const Machine& machine);

/// The lowest `count` free slots. Nothing where there are fewer.
std::optional<std::vector<std::uint8_t>> lowest_free_slots(const Machine& machine, std::uint8_t count);

/// The heartbeat interval that a moment lies in.
constexpr std::uint64_t interval_at(const Parameters& parameters, std::uint64_t now_ms) {
    return now_ms / parameters.heartbeat_interval_ms;
}

/// Whole intervals that passed without a heartbeat.
std::uint64_t missed_intervals(const Machine& machine, const Parameters& parameters, std::uint64_t now_ms);

/// When the chain must look at this machine again, if nothing happens before. Nothing: never by itself.
std::optional<std::uint64_t> next_wake(const Machine& machine, const Parameters& parameters);

/// The card that an order at this moment must name.
const PriceCard& card_in_force(const Machine& machine, std::uint64_t now_ms);

/// True where the terms keep to the bounds of the class and of the parameters.
bool are_valid(const CardTerms& terms, DeviceClass device_class, const Parameters& parameters);

/// True where the claims name 1 to 16 slots, one for each GPU if there are GPUs, no GPU twice, and some memory and cpu.
bool are_valid(const Claims& claims);

/// True where no rule above divides by zero, waits for ever or overflows under them.
bool are_valid(const Parameters& parameters);

/// How long after so many failures in a row no probe is opened: doubles with each, up to the parameters' most.
std::uint64_t probe_backoff_ms(const Parameters& parameters, std::uint8_t failures);

/// What a machine adds to the totals of its class.
ClassTotals contribution(const Machine& machine);

/// 0 to 1,000: leases that began and were not abandoned, of all that were tried. 1,000 for a machine without history.
std::uint32_t score(const Standing& standing);

}  // namespace machines
