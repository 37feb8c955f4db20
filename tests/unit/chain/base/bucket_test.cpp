#include "chain/base/bucket.hpp"

#include <catch2/catch.hpp>

using chain::Bucket;

TEST_CASE("a bucket gives its burst at once and then as it fills") {
    Bucket bucket{{.per_second = 10, .burst = 5}};
    for (int i = 0; i < 5; ++i) CHECK(bucket.take(1, 1'000));
    CHECK_FALSE(bucket.take(1, 1'000));
    CHECK_FALSE(bucket.take(1, 1'099));
    CHECK(bucket.take(1, 1'100));
    CHECK_FALSE(bucket.take(1, 1'100));
    CHECK(bucket.take(5, 1'000'000));
    CHECK_FALSE(bucket.take(1, 1'000'000));
}

TEST_CASE("more than the burst costs the whole bucket") {
    Bucket bucket{{.per_second = 10, .burst = 5}};
    CHECK(bucket.take(1'000, 0));
    CHECK_FALSE(bucket.take(1, 0));
}

TEST_CASE("a debt is paid with time") {
    Bucket bucket{{.per_second = 100, .burst = 10}};
    CHECK(bucket.owe(10, 0) == 0);
    CHECK(bucket.owe(10, 0) == 100);
    CHECK(bucket.owe(10, 0) == 200);
    CHECK(bucket.owe(0, 150) == 50);
    CHECK(bucket.owe(0, 200) == 0);
    CHECK_FALSE(bucket.take(1, 200));
    CHECK(bucket.take(1, 210));
}

TEST_CASE("a bucket without rate is empty, and a clock that goes back fills nothing") {
    Bucket none{{.per_second = 0, .burst = 0}};
    CHECK_FALSE(none.take(1, 1'000'000));
    Bucket bucket{{.per_second = 1'000, .burst = 1}};
    CHECK(bucket.take(1, 10));
    CHECK_FALSE(bucket.take(1, 5));
}

TEST_CASE("a bucket says when it will hold enough, and when it is full") {
    Bucket bucket{{.per_second = 100, .burst = 10}};
    CHECK(bucket.is_full(0));
    CHECK(bucket.wait_ms(10, 0) == 0);
    REQUIRE(bucket.take(10, 0));
    CHECK(bucket.wait_ms(1, 0) == 10);
    CHECK(bucket.wait_ms(1, 9) == 1);
    CHECK(bucket.wait_ms(1, 10) == 0);
    CHECK(bucket.wait_ms(1'000, 0) == 100);  // the whole bucket is all it can cost
    CHECK_FALSE(bucket.is_full(99));
    CHECK(bucket.is_full(100));
}
