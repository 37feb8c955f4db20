#include "runtime/pallets/machines/usage.hpp"

#include <algorithm>

namespace machines {
namespace {

void close_day(UsageMeter& meter) {
    auto& days = meter.days.value;
    if (days.size() == usage_days) days.erase(days.begin());
    days.push_back(meter.today);
    meter.today = 0;
}

}  // namespace

void advance(UsageMeter& meter, std::uint64_t now_ms) {
    if (now_ms <= meter.at_ms) return;
    // After a week without a look only the present count matters, however long ago the last look was.
    const std::uint64_t first_day = now_ms / day_ms - std::min<std::uint64_t>(now_ms / day_ms, usage_days + 1);
    if (meter.at_ms / day_ms < first_day) {
        meter.at_ms = first_day * day_ms;
        meter.today = 0;
        meter.days.value.clear();
    }
    while (meter.at_ms / day_ms < now_ms / day_ms) {
        const std::uint64_t midnight = (meter.at_ms / day_ms + 1) * day_ms;
        meter.today += chain::u128{meter.slots} * (midnight - meter.at_ms);
        meter.at_ms = midnight;
        close_day(meter);
    }
    meter.today += chain::u128{meter.slots} * (now_ms - meter.at_ms);
    meter.at_ms = now_ms;
}

void set_slots(UsageMeter& meter, std::uint64_t now_ms, std::uint32_t slots) {
    advance(meter, now_ms);
    meter.slots = slots;
}

std::uint32_t mean_slots(const UsageMeter& meter) {
    chain::u128 sum = 0;
    for (const auto& day : meter.days.value) sum += day;
    return static_cast<std::uint32_t>(sum / (chain::u128{usage_days} * day_ms));
}

}  // namespace machines
