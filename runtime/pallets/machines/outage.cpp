#include "runtime/pallets/machines/outage.hpp"

#include "chain/base/check.hpp"

#include <algorithm>

namespace machines {
namespace {

bool exceeds_share(std::uint64_t part, std::uint64_t whole, std::uint32_t share_ppm) {
    return chain::u128{part} * whole_ppm > chain::u128{whole} * share_ppm;
}

void forget(Outage& outage) {
    outage.since_ms.reset();
    outage.recent.value.clear();
}

}  // namespace

bool machine_missing(Outage& outage, const Parameters& parameters, std::uint64_t now_ms, std::uint32_t slots,
                     std::uint32_t watched_slots) {
    ++outage.missing_machines;
    outage.missing_slots += slots;
    const std::uint64_t interval = now_ms / parameters.heartbeat_interval_ms;
    const std::uint64_t window =
        std::max<std::uint64_t>(1, parameters.outage_window_ms / parameters.heartbeat_interval_ms);
    auto& recent = outage.recent.value;
    std::erase_if(recent, [&](const MissedInterval& missed) { return missed.interval + window <= interval; });
    if (recent.empty() || recent.back().interval != interval) {
        if (recent.size() == outage.recent.max) recent.erase(recent.begin());
        recent.push_back({interval, 0});
    }
    recent.back().slots += slots;

    std::uint64_t within_window = 0;
    for (const auto& missed : recent) within_window += missed.slots;
    if (outage.since_ms || outage.missing_machines < parameters.outage_machines_min ||
        !exceeds_share(within_window, watched_slots, parameters.outage_share_ppm))
        return false;
    outage.since_ms = now_ms;
    return true;
}

bool machine_back(Outage& outage, const Parameters& parameters, std::uint32_t slots, std::uint32_t watched_slots) {
    chain::check(outage.missing_machines > 0 && outage.missing_slots >= slots);
    --outage.missing_machines;
    outage.missing_slots -= slots;
    if (!outage.since_ms || exceeds_share(outage.missing_slots, watched_slots, parameters.outage_share_ppm))
        return false;
    forget(outage);
    return true;
}

bool outage_over(Outage& outage, const Parameters& parameters, std::uint64_t now_ms) {
    if (!outage.since_ms || now_ms - *outage.since_ms < parameters.outage_ms_max) return false;
    forget(outage);
    return true;
}

}  // namespace machines
