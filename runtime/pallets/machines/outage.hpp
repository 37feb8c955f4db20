#pragma once
// When many machines fall silent together it is the network, not they. While such an outage lasts nobody changes state
// and nobody is fined. Pure.

#include "runtime/pallets/machines/records.hpp"

namespace machines {

/// Slots that began to miss heartbeats in one interval.
struct MissedInterval {
    std::uint64_t interval{};
    std::uint32_t slots{};

    bool operator==(const MissedInterval&) const = default;
};

/// Who is missing now, and since when it counts as the network's fault.
struct Outage {
    std::uint32_t missing_machines{};
    std::uint32_t missing_slots{};
    scale::Bounded<std::vector<MissedInterval>, 64> recent;  ///< within the window, oldest first
    std::optional<std::uint64_t> since_ms;

    bool operator==(const Outage&) const = default;
};

/// A machine began to miss heartbeats. `watched_slots`: all slots that owe heartbeats. True where this began an outage.
bool machine_missing(Outage& outage, const Parameters& parameters, std::uint64_t now_ms, std::uint32_t slots,
                     std::uint32_t watched_slots);

/// A missing machine is heard again, or owes no heartbeats any more. True where this ended the outage.
bool machine_back(Outage& outage, const Parameters& parameters, std::uint32_t slots, std::uint32_t watched_slots);

/// Ends an outage that lasted longer than the parameters allow: whoever is still missing answers for itself, so that a
/// provider with a tenth of all slots cannot declare holidays. True where this ended it.
bool outage_over(Outage& outage, const Parameters& parameters, std::uint64_t now_ms);

}  // namespace machines
