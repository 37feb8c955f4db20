#include "consensus/core/peers.hpp"

#include <catch2/catch.hpp>

using namespace consensus;

TEST_CASE("a bucket gives a burst, then so much a second, and never runs over") {
    Bucket bucket;
    for (int i = 0; i < 10; ++i) CHECK(bucket.take(5, 1, 4, 10));
    CHECK_FALSE(bucket.take(5, 1, 4, 10));
    CHECK_FALSE(bucket.take(254, 1, 4, 10));
    CHECK(bucket.take(255, 1, 4, 10));
    CHECK_FALSE(bucket.take(255, 1, 4, 10));
    CHECK(bucket.take(UINT64_MAX, 10, 4, 10));
    CHECK_FALSE(bucket.take(UINT64_MAX, 1, 4, 10));
}

TEST_CASE("more than the burst is never given") {
    Bucket bucket;
    CHECK_FALSE(bucket.take(0, 11, 4, 10));
    CHECK(bucket.take(0, 10, 4, 10));
}

TEST_CASE("beyond the limit peers share one budget, and a place that is given up is free") {
    const votes::ValidatorTable table{{{.weight = 1}, {.weight = 1}}};
    const CoreLimits limits{.peers_max = 2};
    Peers peers{table, limits};
    for (std::uint64_t id = 1; id <= 5; ++id) peers.of({.id = id});
    CHECK(peers.count() == 2);
    CHECK(&peers.of({.id = 3}) == &peers.of({.id = 4}));
    peers.gone({.id = 1});
    peers.of({.id = 3});
    CHECK(peers.count() == 2);
    CHECK(&peers.of({.id = 3}) != &peers.of({.id = 4}));
}

TEST_CASE("a validator is inactive after eight views without a vote, if a quorum was heard in them") {
    const votes::ValidatorTable table{{{.weight = 1}, {.weight = 1}, {.weight = 1}, {.weight = 1}}};
    const CoreLimits limits;
    Peers peers{table, limits};
    peers.heard(0, 91);
    for (const std::uint32_t i : {1U, 2U}) peers.heard(i, 100);
    CHECK_FALSE(peers.is_inactive(0, 100, table.quorum()));
    peers.heard(3, 92);
    CHECK(peers.is_inactive(0, 100, table.quorum()));
    peers.heard(0, 92);
    CHECK_FALSE(peers.is_inactive(0, 100, table.quorum()));
    CHECK_FALSE(peers.is_inactive(0, 3, table.quorum()));
}

TEST_CASE("a validator reports until its last connection is gone") {
    const votes::ValidatorTable table{{{.weight = 5}, {.weight = 7}}};
    const CoreLimits limits;
    Peers peers{table, limits};
    const Peer one{.id = 1, .validator = 1}, two{.id = 2, .validator = 1};
    peers.arrived(one);
    peers.arrived(two);
    peers.validator(1).is_reporting = true;
    CHECK(peers.reporting_weight() == 7);
    peers.gone(one);
    CHECK(peers.reporting_weight() == 7);
    peers.gone(two);
    CHECK(peers.reporting_weight() == 0);
}
