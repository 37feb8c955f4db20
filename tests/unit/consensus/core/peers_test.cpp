#include "consensus/core/peers.hpp"

#include <catch2/catch.hpp>

using namespace consensus;

TEST_CASE("each peer has its own budgets, and the limits say how large") {
    const CoreLimits limits{.checks_per_s = 4, .checks_burst = 10, .answers_per_s = 3};
    const votes::ValidatorTable table{{{.weight = 1}}};
    Peers peers{table, limits};
    auto& one = peers.of({.id = 1});
    CHECK(one.checks.take(10, 5));
    CHECK_FALSE(one.checks.take(1, 254));
    CHECK(one.checks.take(1, 255));
    CHECK(one.answers.take(6, 0));
    CHECK_FALSE(one.answers.take(1, 0));
    CHECK(one.stragglers.take(1, 0));
    CHECK_FALSE(one.stragglers.take(1, 999));
    CHECK(one.stragglers.take(1, 1'000));
    CHECK(peers.of({.id = 2}).checks.take(10, 5));
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
