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
