#pragma once
// How many GPU slots were proven, averaged over the last seven live-clock days. The burn share follows it. Pure.

#include "chain/base/numbers.hpp"
#include "chain/codec/scale.hpp"

#include <cstdint>
#include <vector>

namespace machines {

inline constexpr std::uint64_t day_ms = 86'400'000;
/// Days that the mean looks back.
inline constexpr std::uint32_t usage_days = 7;

/// Slots × milliseconds, by day.
struct UsageMeter {
    std::uint64_t at_ms{};                                      ///< counted up to here
    std::uint32_t slots{};                                      ///< proven at that moment
    chain::u128 today{};                                        ///< slot-milliseconds of the day of `at_ms`
    scale::Bounded<std::vector<chain::u128>, usage_days> days;  ///< the days before it, newest last

    bool operator==(const UsageMeter&) const = default;
};

/// Counts up to `now_ms`; earlier moments change nothing.
void advance(UsageMeter& meter, std::uint64_t now_ms);

/// From `now_ms` on there are so many slots.
void set_slots(UsageMeter& meter, std::uint64_t now_ms, std::uint32_t slots);

/// The mean over the last seven whole days, rounded down. Days before the chain began count as empty.
std::uint32_t mean_slots(const UsageMeter& meter);

}  // namespace machines
