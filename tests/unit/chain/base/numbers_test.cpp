#include "chain/base/numbers.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace chain;

namespace {

constexpr u128 wide(std::uint64_t high, std::uint64_t low) { return u128{high} << 64 | low; }

}  // namespace

TEST_CASE("checked arithmetic stops exactly at the edges") {
    CHECK(checked_add<std::uint8_t>(200, 55) == 255);
    CHECK_FALSE(checked_add<std::uint8_t>(200, 56));
    CHECK((checked_add(u128_max - 1, u128{1}) == u128_max));
    CHECK_FALSE(checked_add(u128_max, u128{1}));
    CHECK(checked_sub(5U, 5U) == 0U);
    CHECK_FALSE(checked_sub(5U, 6U));
    CHECK((checked_mul(u128_max / 3, u128{3}) == u128_max));
    CHECK_FALSE(checked_mul(u128_max / 3 + 1, u128{3}));
    CHECK((checked_mul(u128_max, u128{0}) == u128{0}));
    CHECK((checked_mul(u128{0}, u128_max) == u128{0}));
}

TEST_CASE("saturating arithmetic ends at the edges instead of wrapping") {
    CHECK((saturating_add(u128_max, u128{7}) == u128_max));
    CHECK(saturating_add<std::uint8_t>(250, 10) == 255);
    CHECK(saturating_sub(3U, 4U) == 0U);
    CHECK((saturating_mul(u128_max, u128{2}) == u128_max));
    CHECK(saturating_mul(6U, 7U) == 42U);
}

TEST_CASE("mul_div keeps all 256 bits of the product") {
    CHECK((mul_div(u128_max, u128_max, u128_max) == u128_max));
    CHECK((mul_div(u128_max, 3, 4) == u128_max / 4 * 3 + 2));
    CHECK((mul_div(wide(1, 0), wide(1, 0), wide(2, 0)) == wide(0, 1ULL << 63)));
    CHECK((mul_div(7, 3, 2) == u128{10}));
    CHECK((mul_div_up(7, 3, 2) == u128{11}));
    CHECK((mul_div_up(6, 3, 2) == u128{9}));
    CHECK((mul_div(0, u128_max, 1) == u128{0}));
}

TEST_CASE("mul_div says so when there is no answer") {
    CHECK_FALSE(mul_div(1, 1, 0));
    CHECK_FALSE(mul_div_up(0, 0, 0));
    CHECK_FALSE(mul_div(u128_max, 2, 1));
    CHECK_FALSE(mul_div(u128_max, u128_max, u128_max - 1));
    // (2^129 − 1) / 2: rounded down it is the largest number, rounded up it is none.
    const u128 seventh = u128_max / 7 * 2 + 1;
    CHECK((mul_div(seventh, 7, 2) == u128_max));
    CHECK_FALSE(mul_div_up(seventh, 7, 2));
}

TEST_CASE("mul_div agrees with plain division wherever the product fits") {
    std::mt19937_64 random{11};
    for (int i = 0; i < 10'000; ++i) {
        const u128 a = random();
        const u128 b = random() >> (random() % 64);
        const u128 divisor = (random() >> (random() % 64)) + 1;
        REQUIRE((mul_div(a, b, divisor) == a * b / divisor));
        REQUIRE((mul_div_up(a, b, divisor) == a * b / divisor + (a * b % divisor != 0)));
    }
}

TEST_CASE("mul_div inverts a multiplication of any two numbers") {
    std::mt19937_64 random{12};
    for (int i = 0; i < 10'000; ++i) {
        const u128 a = wide(random(), random());
        const u128 b = wide(random() >> (random() % 64), random()) | 1;
        REQUIRE((mul_div(a, b, b) == a));
        REQUIRE((mul_div_up(a, b, b) == a));
        // ⌊a·b / (b+1)⌋ lies just below a.
        if (b == u128_max) continue;
        const u128 less = *mul_div(a, b, b + 1);
        REQUIRE(less <= a);
        REQUIRE((mul_div_up(less, b + 1, b).value_or(u128_max) <= a + (a < u128_max ? 1 : 0)));
    }
}

TEST_CASE("decimal texts go both ways") {
    CHECK(to_decimal(0) == "0");
    CHECK(to_decimal(u128_max) == "340282366920938463463374607431768211455");
    CHECK(to_decimal(tph) == "1000000000000000000");
    for (const u128 value : {u128{0}, u128{7}, u128{10}, wide(1, 0), u128_max})
        CHECK((from_decimal(to_decimal(value)) == value));
    for (const char* bad : {"", " ", "-1", "+1", "1 ", "0x1", "1e3", "1.0", "340282366920938463463374607431768211456",
                            "999999999999999999999999999999999999999999"})
        CHECK_FALSE(from_decimal(bad));
}
