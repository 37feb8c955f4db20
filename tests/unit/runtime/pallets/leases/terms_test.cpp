#include "runtime/pallets/leases/terms.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace leases;
using chain::tph;

namespace {

constexpr std::uint64_t hour = escrow::hour_ms;

const std::vector<Term> two_prices{
    {.until_ms = hour, .slot_hour = 10 * tph, .burn_ppm = 300'000, .frontend_ppm = 50'000},
    {.until_ms = 3 * hour, .slot_hour = 20 * tph, .burn_ppm = 500'000},
};

std::vector<Term> random_terms(std::mt19937_64& random) {
    std::vector<Term> terms(1 + random() % terms_max);
    std::uint64_t until = 0;
    for (auto& term : terms) {
        until += 1 + random() % (24 * hour);
        term = {.until_ms = until,
                .slot_hour = random() % 10 == 0 ? Balance{random() % 5} : Balance{random()} * (random() % 1'000),
                .burn_ppm = static_cast<std::uint32_t>(random() % 750'001),
                .frontend_ppm = static_cast<std::uint32_t>(random() % 100'001)};
    }
    return terms;
}

}  // namespace

TEST_CASE("each stretch earns at its own price") {
    CHECK(duration_ms(two_prices) == 3 * hour);
    CHECK(duration_ms({}) == 0);
    CHECK(earned(two_prices, 1, 0, hour) == 10 * tph);
    CHECK(earned(two_prices, 2, 0, 3 * hour) == 100 * tph);
    CHECK(earned(two_prices, 1, hour / 2, 2 * hour) == 25 * tph);
    CHECK(earned(two_prices, 1, 3 * hour, 9 * hour) == 0);
    CHECK(earned(two_prices, 1, 2 * hour, 2 * hour) == 0);
    CHECK(earned_split(two_prices, 1, 0, 2 * hour) ==
          escrow::Split{.burn = 13 * tph, .frontend = tph / 2, .owner = 16 * tph + tph / 2});
}

TEST_CASE("money lasts until it has paid for each stretch at its price") {
    CHECK(funded_until(two_prices, 1, 0, 50 * tph) == 3 * hour);
    CHECK(funded_until(two_prices, 1, 0, 1'000 * tph) == 3 * hour);
    CHECK(funded_until(two_prices, 1, 0, 10 * tph) == hour);
    CHECK(funded_until(two_prices, 1, 0, 5 * tph) == hour / 2);
    CHECK(funded_until(two_prices, 1, 0, 30 * tph) == 2 * hour);
    CHECK(funded_until(two_prices, 1, 0, 0) == 0);
    CHECK(funded_until(two_prices, 1, hour / 2, 5 * tph) == hour);
    CHECK(funded_until(two_prices, 1, 3 * hour, 0) == 3 * hour);
}

TEST_CASE("cuts neither make nor lose rent, and the funded moment is exact") {
    std::mt19937_64 random{5};
    for (int i = 0; i < 3'000; ++i) {
        const auto terms = random_terms(random);
        const auto slots = static_cast<std::uint32_t>(1 + random() % 16);
        const std::uint64_t end = duration_ms(terms);
        const std::uint64_t a = random() % (end + 1);
        const std::uint64_t b = a + random() % (end - a + 1);
        REQUIRE(earned(terms, slots, 0, a) + earned(terms, slots, a, b) + earned(terms, slots, b, end) ==
                earned(terms, slots, 0, end));
        const auto parts = earned_split(terms, slots, a, b);
        REQUIRE(parts.burn + parts.frontend + parts.owner == earned(terms, slots, a, b));

        const Balance money = earned(terms, slots, 0, end) == 0 ? 0 : random() % earned(terms, slots, 0, end);
        const std::uint64_t funded = funded_until(terms, slots, a, money);
        REQUIRE(funded >= a);
        REQUIRE(funded <= end);
        REQUIRE(earned(terms, slots, a, funded) <= money);
        // Paying up to a moment before does not move the end.
        if (b <= funded) REQUIRE(funded_until(terms, slots, b, money - earned(terms, slots, a, b)) == funded);
    }
}
