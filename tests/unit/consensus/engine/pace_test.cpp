#include "consensus/engine/pace.hpp"

#include <catch2/catch.hpp>

using namespace consensus;

constexpr PaceLimits limits{.interval_ms_min = 500, .interval_ms_max = 5'000};

TEST_CASE("work waits for the interval, and not at all once it has passed") {
    CHECK(due_in_ms(1'000, 1'000, true, limits) == 500);
    CHECK(due_in_ms(1'000, 1'499, true, limits) == 1);
    CHECK(due_in_ms(1'000, 1'500, true, limits) == 0);
    CHECK(due_in_ms(1'000, 9'000, true, limits) == 0);
}

TEST_CASE("without work an empty block is due at the longest interval") {
    CHECK(due_in_ms(1'000, 1'500, false, limits) == 4'500);
    CHECK(due_in_ms(1'000, 6'000, false, limits) == 0);
}
