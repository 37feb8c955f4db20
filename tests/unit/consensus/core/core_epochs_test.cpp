// The end of an epoch (§1.8, A4): the boundary block is proposed again until it is final, and nothing follows it.

#include "cluster.hpp"
#include "scene.hpp"

#include <catch2/catch.hpp>

using namespace stage;
using Statements = std::vector<Statement>;

namespace {

/// An epoch of one block: block 1 is the boundary, and it is notarized in view 1 but not final.
struct AtBoundary : Scene {
    AtBoundary() : Scene({}, {}, led_by_others(1)) {
        node.start();
        node.hears(leader(1), proposal(1, 0));
        others_say(notarize(1, 0, block(1, 0)));
    }
    Proposal again(std::uint64_t view) const {
        Proposal out = proposal(view, 1);
        out.vote = signed_by(leader(view), notarize(view, 1, block(1, 0)));
        out.block = nullptr;
        return out;
    }
};

}  // namespace

TEST_CASE("after the boundary block only the boundary block is notarized again") {
    AtBoundary scene;
    REQUIRE(scene.node.core().view() == 2);
    SECTION("itself: without a check, it has passed one") {
        const Effects effects = scene.node.hears(scene.leader(2), scene.again(2));
        CHECK(cast(effects) == Statements{notarize(2, 1, scene.block(1, 0))});
        CHECK(all<effect::CheckBlock>(effects).empty());
        CHECK(all<effect::ExecuteBlock>(effects).empty());
    }
    SECTION("a block beyond it ends the view") {
        CHECK(cast(scene.node.hears(scene.leader(2), scene.proposal(2, 1))) == Statements{nullify(2)});
    }
}

TEST_CASE("a block before the boundary is not proposed twice") {
    Scene scene;
    scene.node.start();
    scene.node.hears(scene.leader(1), scene.proposal(1, 0));
    scene.others_say(notarize(1, 0, scene.block(1, 0)));
    Proposal again = scene.proposal(2, 1);
    again.vote = signed_by(scene.leader(2), notarize(2, 1, scene.block(1, 0)));
    again.block = nullptr;
    CHECK(cast(scene.node.hears(scene.leader(2), again)) == Statements{nullify(2)});
}

TEST_CASE("the epoch ends when the boundary block is final, by whichever view") {
    AtBoundary scene;
    scene.node.hears(scene.leader(2), scene.again(2));
    const Effects notarized = scene.others_say(notarize(2, 1, scene.block(1, 0)));
    CHECK(cast(notarized) == Statements{finalize(2, 1, scene.block(1, 0))});
    CHECK(all<effect::EpochEnded>(notarized).empty());
    const auto ended = all<effect::EpochEnded>(scene.others_say(finalize(2, 1, scene.block(1, 0))));
    REQUIRE(ended.size() == 1);
    CHECK(ended[0].tip == Tip{scene.block(1, 0), 1, 0, 2});
    CHECK(ended[0].certificate->statement == finalize(2, 1, scene.block(1, 0)));
    CHECK(scene.node.core().is_ended());
    CHECK_FALSE(scene.node.core().next_timer_ms());
}

TEST_CASE("a pending boundary is work: its leader proposes at once, without being woken") {
    EpochInfo epoch = epoch_of(4, 1);
    while (leader_of(epoch, 1) == leader_of(epoch, 2)) ++epoch.seed.value[0];
    const Scene scene({}, {}, epoch);
    Node node{epoch, leader_of(epoch, 2)};
    node.start();
    node.hears(scene.leader(1), scene.proposal(1, 0));
    node.hears(scene.leader(1), scene.notarized(1, 0));
    REQUIRE(node.core().view() == 2);
    CHECK(node.cast.back().statement == notarize(2, 1, scene.block(1, 0)));
}

TEST_CASE("after its end the core answers stragglers and signs nothing") {
    AtBoundary scene;
    scene.others_say(finalize(1, 0, scene.block(1, 0)));
    REQUIRE(scene.node.core().is_ended());
    const auto cast_before = scene.node.cast.size();
    const Effects effects = scene.node.hears_vote(0, nullify(1));
    CHECK(certificates_sent(effects) == Statements{finalize(1, 0, scene.block(1, 0))});
    scene.node.hears(scene.leader(2), scene.again(2));
    scene.node.has_work();
    scene.node.waits(60'000);
    CHECK(scene.node.cast.size() == cast_before);
}

TEST_CASE("after its end the core waits for no time: a block that is early by this clock was final by all others") {
    Scene scene({}, {}, led_by_others(1));
    scene.node.answers_checks = false;
    scene.node.answers_finalized = false;
    scene.node.start();
    scene.node.hears(scene.leader(1), scene.proposal(1, 0));
    scene.node.hears(0, scene.finalized(1, 0));
    scene.node.happens(event::FloorDurable{{scene.block(1, 0), 1, 0, 1}});
    REQUIRE(scene.node.core().is_ended());
    scene.node.happens(event::BlockChecked{1, scene.block(1, 0), event::Verdict::Later, false, 300});
    CHECK(scene.node.core().next_timer_ms() == std::nullopt);
}

TEST_CASE("a node that was left behind learns from its stored floor that the epoch is over") {
    Scene scene({}, {}, led_by_others(1));
    scene.node.answers_finalized = false;
    scene.node.start();
    CHECK(all<effect::EpochEnded>(scene.node.hears(0, scene.finalized(1, 0))).empty());
    const auto ended = all<effect::EpochEnded>(scene.node.happens(event::FloorDurable{{scene.block(1, 0), 1, 0, 1}}));
    REQUIRE(ended.size() == 1);
    CHECK(ended[0].certificate->statement.view == 1);
}

TEST_CASE("four replicas end an epoch of ten blocks at its tenth") {
    Cluster cluster{epoch_of(4, 10)};
    cluster.start();
    cluster.everybody_has_work();
    cluster.run(10'000);
    CHECK(cluster.agree());
    const auto ended = cluster.done<effect::EpochEnded>();
    REQUIRE(ended.size() == 4);
    for (const auto& end : ended) CHECK(end.tip.number == 10);
    for (const auto& end : ended) CHECK(end.tip.hash == ended[0].tip.hash);
}
