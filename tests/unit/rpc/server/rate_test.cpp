#include "rpc/server/rate.hpp"

#include <catch2/catch.hpp>

TEST_CASE("a burst passes, then calls come at the rate") {
    rpc::RateLimiter rate{100, 10};
    for (int i = 0; i < 10; ++i) CHECK_FALSE(rate.admit("a", 1, 1'000));
    CHECK(rate.admit("a", 1, 1'000) == 10);
    CHECK(rate.admit("a", 1, 1'009) == 1);
    CHECK_FALSE(rate.admit("a", 1, 1'010));
    CHECK(rate.admit("a", 1, 1'010));
}

TEST_CASE("addresses do not share a bucket, and a refused call costs nothing") {
    rpc::RateLimiter rate{1, 2};
    CHECK_FALSE(rate.admit("a", 2, 0));
    CHECK_FALSE(rate.admit("b", 2, 0));
    for (int i = 0; i < 100; ++i) CHECK(rate.admit("a", 1, 999));
    CHECK_FALSE(rate.admit("a", 1, 1'000));
}

TEST_CASE("a batch above the burst costs the whole bucket") {
    rpc::RateLimiter rate{1, 5};
    CHECK_FALSE(rate.admit("a", 100, 0));
    CHECK(rate.admit("a", 1, 0) == 1'000);
}

TEST_CASE("a bucket never holds more than the burst, however long nobody calls") {
    rpc::RateLimiter rate{4'000'000'000, 3};
    CHECK_FALSE(rate.admit("a", 3, 0));
    CHECK_FALSE(rate.admit("a", 3, ~std::uint64_t{0} / 2));
    CHECK(rate.admit("a", 1, ~std::uint64_t{0} / 2));
}

TEST_CASE("time that goes back gives nothing") {
    rpc::RateLimiter rate{1, 1};
    CHECK_FALSE(rate.admit("a", 1, 5'000));
    CHECK(rate.admit("a", 1, 1'000));
    CHECK_FALSE(rate.admit("a", 1, 6'000));
}

TEST_CASE("the number of remembered addresses is bounded") {
    rpc::RateLimiter rate{1, 5};
    for (std::size_t i = 0; i < 3 * rpc::RateLimiter::addresses_max; ++i) {
        rate.admit(std::to_string(i), 1, 0);
        REQUIRE(rate.addresses() <= rpc::RateLimiter::addresses_max);
    }
}
