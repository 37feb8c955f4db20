#include "runtime/pallets/machines/usage.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <random>

using namespace machines;

TEST_CASE("the mean looks back over seven whole days and counts the time before the chain as empty") {
    UsageMeter meter;
    set_slots(meter, 0, 7'000);
    CHECK(mean_slots(meter) == 0);
    advance(meter, day_ms - 1);
    CHECK(mean_slots(meter) == 0);
    advance(meter, day_ms);
    CHECK(mean_slots(meter) == 1'000);
    advance(meter, 7 * day_ms);
    CHECK(mean_slots(meter) == 7'000);
    advance(meter, 70 * day_ms + 5);
    CHECK(mean_slots(meter) == 7'000);
    set_slots(meter, 70 * day_ms + 5, 0);
    advance(meter, 77 * day_ms);
    CHECK(mean_slots(meter) == 0);
}

TEST_CASE("moments that lie back change nothing") {
    UsageMeter meter;
    set_slots(meter, 5'000, 3);
    const UsageMeter before = meter;
    advance(meter, 4'000);
    CHECK(meter == before);
}

TEST_CASE("the meter agrees with a count of every minute") {
    std::mt19937_64 random{6};
    UsageMeter meter;
    constexpr std::uint64_t minute = 60'000;
    std::map<std::uint64_t, chain::u128> by_day;
    std::uint32_t slots = 0;
    for (std::uint64_t now = 0; now < 30 * day_ms; now += minute) {
        if (random() % 200 == 0) {
            slots = static_cast<std::uint32_t>(random() % 30'000);
            set_slots(meter, now, slots);
        }
        by_day[now / day_ms] += chain::u128{slots} * minute;
        if (random() % 500 != 0) continue;
        advance(meter, now + minute);
        const std::uint64_t today = (now + minute) / day_ms;
        chain::u128 sum = 0;
        for (std::uint64_t day = today < 7 ? 0 : today - 7; day < today; ++day) sum += by_day[day];
        REQUIRE(mean_slots(meter) == static_cast<std::uint32_t>(sum / (7 * day_ms)));
    }
}
