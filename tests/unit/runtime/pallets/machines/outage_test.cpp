#include "runtime/pallets/machines/outage.hpp"

#include <catch2/catch.hpp>

using namespace machines;

namespace {

constexpr std::uint64_t minute = 60'000;
const Parameters rules{.outage_machines_min = 3};

}  // namespace

TEST_CASE("more than a tenth of the slots within the window is the network's fault") {
    Outage outage;
    CHECK_FALSE(machine_missing(outage, rules, 0, 4, 100));
    CHECK_FALSE(machine_missing(outage, rules, minute, 4, 100));
    CHECK_FALSE(machine_missing(outage, rules, 2 * minute, 2, 100));  // a tenth, not more
    CHECK(machine_missing(outage, rules, 3 * minute, 1, 100));
    CHECK(outage.since_ms == 3 * minute);
    CHECK_FALSE(machine_missing(outage, rules, 3 * minute, 1, 100));  // begins once
}

TEST_CASE("silence that is spread over more than the window is not an outage") {
    Outage outage;
    for (std::uint64_t i = 0; i < 50; ++i) CHECK_FALSE(machine_missing(outage, rules, 11 * i * minute, 8, 100));
    CHECK(outage.recent.value.size() == 1);
}

TEST_CASE("a few machines are no network") {
    Outage outage;
    CHECK_FALSE(machine_missing(outage, rules, 0, 50, 100));
    CHECK_FALSE(machine_missing(outage, rules, 0, 49, 100));
    CHECK(machine_missing(outage, rules, 0, 1, 100));
}

TEST_CASE("an outage ends when few enough are missing") {
    Outage outage;
    for (int i = 0; i < 4; ++i) machine_missing(outage, rules, 0, 5, 100);
    REQUIRE(outage.since_ms.has_value());
    CHECK_FALSE(machine_back(outage, rules, 5, 100));
    CHECK(machine_back(outage, rules, 5, 100));
    CHECK_FALSE(outage.since_ms.has_value());
    CHECK_FALSE(machine_back(outage, rules, 5, 100));
    CHECK(outage.missing_slots == 5);
    CHECK(outage.missing_machines == 1);
}

TEST_CASE("an outage does not last for ever, and does not begin again for the same machines") {
    Outage outage;
    for (int i = 0; i < 4; ++i) machine_missing(outage, rules, 0, 5, 100);
    CHECK_FALSE(outage_over(outage, rules, rules.outage_ms_max - 1));
    CHECK(outage_over(outage, rules, rules.outage_ms_max));
    CHECK_FALSE(outage_over(outage, rules, rules.outage_ms_max));
    CHECK_FALSE(machine_missing(outage, rules, rules.outage_ms_max, 5, 100));
}
