// Four replicas, every message carried by hand.

#include "cluster.hpp"

#include <catch2/catch.hpp>

using namespace stage;

TEST_CASE("four honest replicas with work finalize view after view and agree") {
    Cluster cluster{epoch_of(4)};
    cluster.start();
    cluster.everybody_has_work();
    cluster.run(10'000);
    CHECK(cluster.agree());
    // A block every 250 ms: the interval is what holds them up.
    for (std::uint32_t i = 0; i < 4; ++i) CHECK(cluster.node(i).core().floor_view() >= 38);
    for (std::uint32_t i = 0; i < 4; ++i) CHECK(cluster.node(i).core().nullification(1) == nullptr);
}

TEST_CASE("three of four go on without the fourth, and skip its views once it is known to be silent") {
    Cluster cluster{epoch_of(4)};
    cluster.silent = {2};
    cluster.start();
    cluster.everybody_has_work();
    cluster.run(60'000);
    CHECK(cluster.agree());
    // Silent views cost a second each at first, nothing later; blocks are 250 ms apart.
    CHECK(cluster.node(0).core().floor_view() > 200);
}

TEST_CASE("two of four can do nothing, and when the others come back it takes them no minute") {
    Cluster cluster{epoch_of(4)};
    cluster.start();
    cluster.everybody_has_work();
    cluster.run(2'000);
    cluster.silent = {0, 1};
    cluster.run(60'000);
    const std::uint64_t stuck = cluster.node(2).core().floor_view();
    CHECK(stuck < 15);
    cluster.silent = {};
    for (std::uint32_t i = 0; i < 4; ++i)
        for (std::uint32_t peer = 0; peer < 4; ++peer)
            if (i != peer) {
                cluster.node(i).happens(event::PeerGone{{.id = peer + 1, .validator = peer}});
                cluster.node(i).happens(event::PeerArrived{{.id = peer + 1, .validator = peer}});
            }
    cluster.run(5'000);
    for (std::uint32_t i = 0; i < 4; ++i) CHECK(cluster.node(i).core().floor_view() > stuck + 3);
    CHECK(cluster.agree());
}

TEST_CASE("a fifth of all messages lost: they agree and go on") {
    Cluster cluster{epoch_of(4)};
    std::uint32_t random = 1;
    cluster.passes = [&](auto, auto, const auto&) {
        random = random * 1'664'525 + 1'013'904'223;
        return (random >> 16) % 5 != 0;
    };
    cluster.start();
    cluster.everybody_has_work();
    cluster.run(60'000);
    CHECK(cluster.agree());
    for (std::uint32_t i = 0; i < 4; ++i) CHECK(cluster.node(i).core().floor_view() > 15);
}

TEST_CASE("a node that hears nothing for a minute is with the others within seconds of hearing them") {
    Cluster cluster{epoch_of(4)};
    cluster.passes = [](auto, auto to, const auto&) { return to != 3; };
    cluster.start();
    cluster.everybody_has_work();
    cluster.run(60'000);
    CHECK(cluster.node(3).core().floor_view() == 0);
    cluster.passes = [](auto, auto, const auto&) { return true; };
    cluster.run(3'000);
    CHECK(cluster.node(3).core().floor_view() + 3 >= cluster.node(0).core().floor_view());
    CHECK(cluster.agree());
}

TEST_CASE("an idle network makes a block every five seconds and hardly speaks") {
    Cluster cluster{epoch_of(4)};
    for (std::uint32_t i = 0; i < 4; ++i) cluster.node(i).builds_empty = true;
    cluster.start();
    cluster.run(100'000);
    CHECK(cluster.node(0).core().view() >= 20);
    CHECK(cluster.node(0).core().view() <= 22);
    CHECK(cluster.done<effect::Misbehaved>().empty());
    CHECK(cluster.done<effect::ReportEvidence>().empty());
    for (const auto& ended : cluster.done<effect::ViewEnded>()) CHECK(ended.outcome == effect::Outcome::Notarized);
}

TEST_CASE("one validator alone finalizes by itself") {
    Cluster cluster{epoch_of(1)};
    cluster.start();
    cluster.everybody_has_work();
    cluster.run(5'000);
    CHECK(cluster.node(0).core().floor_view() >= 19);
    CHECK(cluster.done<effect::Send>().empty());
}

TEST_CASE("what a replica holds stays small through a thousand views") {
    Config config;
    config.timers.interval_ms = 0;
    Cluster cluster{epoch_of(4), config};
    cluster.start();
    cluster.everybody_has_work();
    cluster.run(6'000);
    const Footprint held = cluster.node(0).core().footprint();
    CHECK(cluster.node(0).core().floor_view() >= 1'000);
    CHECK(held.views <= 67);
    CHECK(held.slots <= 67 * 12);
    CHECK(held.payloads <= 4);
    CHECK(held.batches == 0);
}
