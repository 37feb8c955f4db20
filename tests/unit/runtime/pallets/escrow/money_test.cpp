#include "runtime/pallets/escrow/money.hpp"

#include "tests/support/accounts.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace escrow;
using chain::tph;

namespace {

constexpr std::uint64_t hour = escrow::hour_ms;

/// Sums of parts and wholes that tests draw from: small, round and huge.
Balance draw(std::mt19937_64& random) {
    const unsigned bits = static_cast<unsigned>(random() % 120);
    return ((Balance{random()} << 64) | random()) & ((Balance{1} << bits) - 1);
}

}  // namespace

TEST_CASE("rent is the floor, the deposit the ceiling, and they differ by at most one unit") {
    CHECK(rent(10 * tph, 1, hour) == 10 * tph);
    CHECK(rent(10 * tph, 4, hour / 2) == 20 * tph);
    CHECK(rent(1, 1, hour - 1) == 0);
    CHECK(deposit_for(1, 1, 1) == 1);
    CHECK(rent(tph, 0, hour) == 0);
    CHECK(rent(tph, 1, 0) == 0);
    CHECK(deposit_for(0, 16, hour) == 0);

    std::mt19937_64 random{1};
    for (int i = 0; i < 20'000; ++i) {
        const Balance price = draw(random) >> 20;
        const auto slots = static_cast<std::uint32_t>(random() % 17);
        const std::uint64_t ms = random() % (60ULL * 24 * hour);
        const auto low = rent(price, slots, ms);
        const auto high = deposit_for(price, slots, ms);
        REQUIRE(low.has_value() == high.has_value());
        if (!low) continue;
        REQUIRE(*high - *low <= 1);
        // The deposit surely pays for the time, and the time that money surely pays for costs no more than the money.
        REQUIRE(funded_ms(*high, price, slots) >= ms);
        const Balance money = draw(random);
        const auto funded = funded_ms(money, price, slots);
        if (funded != ~std::uint64_t{0}) REQUIRE(rent(price, slots, funded).value_or(0) <= money);
    }
}

TEST_CASE("rent that exceeds u128 is refused, not wrapped") {
    CHECK_FALSE(rent(chain::u128_max, 2, hour).has_value());
    CHECK(rent(chain::u128_max, 1, hour) == chain::u128_max);
    CHECK_FALSE(deposit_for(chain::u128_max, 16, ~std::uint64_t{0}).has_value());
    CHECK(funded_ms(chain::u128_max, 1, 1) == ~std::uint64_t{0});
    CHECK(funded_ms(chain::u128_max, chain::u128_max, 16) == 0);
    CHECK(funded_ms(0, 0, 3) == ~std::uint64_t{0});
}

TEST_CASE("what a stream pays does not depend on how it is cut") {
    const Balance price = 3'333'333'333'333'333'333ULL;
    Balance sum = 0;
    std::uint64_t at = 0;
    std::mt19937_64 random{2};
    while (at < 10 * hour) {
        const std::uint64_t next = std::min<std::uint64_t>(at + random() % 100'000, 10 * hour);
        sum += *rent(price, 3, next) - *rent(price, 3, at);
        at = next;
    }
    CHECK(sum == *rent(price, 3, 10 * hour));
}

TEST_CASE("a split loses no unit, and burn and frontend are rounded down") {
    CHECK(split(100, 300'000, 50'000) == Split{.burn = 30, .frontend = 5, .owner = 65});
    CHECK(split(1, 999'999, 0) == Split{.owner = 1});
    CHECK(split(0, 300'000, 100'000) == Split{});
    CHECK(split(7, 1'000'000, 0) == Split{.burn = 7});
    std::mt19937_64 random{3};
    for (int i = 0; i < 20'000; ++i) {
        const Balance used = draw(random);
        const auto burn = static_cast<std::uint32_t>(random() % 750'001);
        const auto frontend = static_cast<std::uint32_t>(random() % 250'001);
        const Split parts = split(used, burn, frontend);
        REQUIRE(parts.burn + parts.frontend + parts.owner == used);
        REQUIRE(parts.burn == *chain::mul_div(used, burn, 1'000'000));
        REQUIRE(parts.frontend == *chain::mul_div(used, frontend, 1'000'000));
    }
}

TEST_CASE("the burn share rises from 30 to 70 percent with use") {
    const BurnRamp ramp;
    CHECK(burn_share_ppm(ramp, 0) == 300'000);
    CHECK(burn_share_ppm(ramp, 5'000) == 300'000);
    CHECK(burn_share_ppm(ramp, 5'001) == 300'040);
    CHECK(burn_share_ppm(ramp, 7'500) == 400'000);
    CHECK(burn_share_ppm(ramp, 10'000) == 500'000);
    CHECK(burn_share_ppm(ramp, 15'000) == 600'000);
    CHECK(burn_share_ppm(ramp, 19'999) == 699'980);
    CHECK(burn_share_ppm(ramp, 20'000) == 700'000);
    CHECK(burn_share_ppm(ramp, ~std::uint32_t{0}) == 700'000);
    for (std::uint32_t slots = 0; slots < 25'000; ++slots)
        REQUIRE(burn_share_ppm(ramp, slots) <= burn_share_ppm(ramp, slots + 1));
}

TEST_CASE("a ramp that falls, has no width or leaves too little is no ramp") {
    CHECK(is_valid(BurnRamp{}));
    CHECK_FALSE(is_valid({.low_slots = 10'000}));
    CHECK_FALSE(is_valid({.middle_slots = 20'000}));
    CHECK_FALSE(is_valid({.low_ppm = 500'001}));
    CHECK_FALSE(is_valid({.middle_ppm = 700'001}));
    CHECK_FALSE(is_valid({.high_ppm = 750'001}));
    CHECK(is_valid({.high_ppm = 750'000}));
}

TEST_CASE("a penalty is the smaller of two bounds, and its odd unit burns") {
    CHECK(penalty(1'000, 400, 250'000) == Penalty{.to_depositors = 50, .burn = 50});
    CHECK(penalty(60, 400, 250'000) == Penalty{.to_depositors = 30, .burn = 30});
    CHECK(penalty(1'000, 404, 250'000) == Penalty{.to_depositors = 50, .burn = 51});
    CHECK(penalty(0, 400, 250'000) == Penalty{});
    CHECK(penalty(1'000, 0, 250'000) == Penalty{});
    CHECK(penalty(1'000, 3, 250'000) == Penalty{});
}

TEST_CASE("deposits give in proportion, and to the last unit") {
    const std::vector<Deposit> deposits{{tests::alice, 1}, {tests::bob, 2}, {tests::carol, 7}};
    CHECK(in_proportion(10, deposits) == std::vector<Balance>{1, 2, 7});
    CHECK(in_proportion(0, deposits) == std::vector<Balance>{0, 0, 0});
    CHECK(in_proportion(5, deposits) == std::vector<Balance>{0, 1, 4});
    CHECK(in_proportion(0, {}).empty());

    std::mt19937_64 random{4};
    for (int i = 0; i < 5'000; ++i) {
        std::vector<Deposit> many(1 + random() % 16);
        for (auto& deposit : many) deposit.amount = draw(random) >> 5;
        const Balance total = sum_of(many);
        const Balance amount = total == 0 ? 0 : draw(random) % (total + 1);
        const auto parts = in_proportion(amount, many);
        Balance sum = 0;
        for (std::size_t k = 0; k < parts.size(); ++k) {
            REQUIRE(parts[k] <= many[k].amount);
            const Balance fair = total == 0 ? 0 : *chain::mul_div(amount, many[k].amount, total);
            REQUIRE(parts[k] + 1 >= fair);
            REQUIRE(parts[k] <= fair + 1);
            sum += parts[k];
        }
        REQUIRE(sum == amount);
    }
}
