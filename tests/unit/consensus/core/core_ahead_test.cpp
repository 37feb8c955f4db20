// What a replica does before it must: a leader builds on a block that is not notarized yet, a replica asks for a
// proposal that others vote for, and an idle chain's rest is not begun anew after a view that nobody led.

#include "cluster.hpp"
#include "consensus/core/deck.hpp"
#include "scene.hpp"

#include <catch2/catch.hpp>

using namespace stage;

namespace {

/// I lead view 2, and neither 1 nor 3.
EpochInfo led_by_me_next() {
    EpochInfo out = epoch_of(4);
    for (;; ++out.seed.value[0]) {
        const Deck deck{out.table, out.seed};
        if (deck.leader(1) != me && deck.leader(2) == me && deck.leader(3) != me) return out;
    }
}

/// The leader of view 2 has executed the block of view 1, and its interval is over; no certificate came.
struct Ahead : Scene {
    Ahead() : Scene({}, {}, led_by_me_next()) {
        node.start();
        node.has_work();
        const Effects seen = node.hears(leader(1), proposal(1, 0));
        CHECK(all<effect::Propose>(seen).empty());
    }
    Effects waits_for_interval() { return node.waits(250); }
};

}  // namespace

TEST_CASE("the next leader builds on a block that he executed, and proposes when its certificate comes") {
    Ahead scene;
    const auto asked = all<effect::Propose>(scene.waits_for_interval());
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].position == Position{0, 2, 1, me});
    CHECK(asked[0].parent == Tip{scene.block(1, 0), 1, 0, 1});
    const Effects entered = scene.others_say(notarize(1, 0, scene.block(1, 0)));
    CHECK(all<effect::Propose>(entered).empty());
    const auto proposed = sent<Proposal>(entered);
    REQUIRE(proposed.size() == 1);
    CHECK(proposed[0].vote.statement == notarize(2, 1, scene.block(2, 1)));
    CHECK(proposed[0].certificates.size() == 1);
    CHECK(proposed[0].block != nullptr);
}

TEST_CASE("a block built ahead on a view that failed is not proposed: another is built on what is certified") {
    Ahead scene;
    scene.waits_for_interval();
    const Effects entered = scene.others_say(nullify(1));
    const auto asked = all<effect::Propose>(entered);
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].position == Position{0, 2, 0, me});
    const auto proposed = sent<Proposal>(entered);
    REQUIRE(proposed.size() == 1);
    CHECK(proposed[0].vote.statement == notarize(2, 0, scene.block(2, 0)));
}

TEST_CASE("the answer to a block built ahead is never taken for that of another block") {
    Ahead scene;
    scene.node.answers_builds = false;
    scene.waits_for_interval();
    CHECK(all<effect::Propose>(scene.others_say(nullify(1))).empty());
    const Hash old = scene.block(2, 1);
    const Effects answered = scene.node.happens(event::BlockBuilt{2, old, false, payload_of(old)});
    CHECK(cast(answered).empty());
    REQUIRE(all<effect::Propose>(answered).size() == 1);
    const Hash fresh = scene.block(2, 0);
    CHECK(cast(scene.node.happens(event::BlockBuilt{2, fresh, false, payload_of(fresh)})) ==
          std::vector{notarize(2, 0, fresh)});
}

TEST_CASE("an empty block, or none, that was built ahead is no reason to propose it") {
    const bool has_failed = GENERATE(false, true);
    Ahead scene;
    scene.node.answers_builds = false;
    scene.waits_for_interval();
    if (has_failed) scene.node.happens(event::BuildFailed{2});
    else scene.node.happens(event::BlockBuilt{2, Hash{{9}}, true, payload_of(Hash{{9}})});
    CHECK(all<effect::Propose>(scene.others_say(notarize(1, 0, scene.block(1, 0)))).size() == 1);
    CHECK(scene.node.core().view() == 2);
}

TEST_CASE("a block that takes long to build is begun before the interval is over") {
    Ahead scene;
    scene.node.answers_builds = false;
    scene.waits_for_interval();
    scene.node.waits(100);
    const Hash block = scene.block(2, 1);
    scene.node.happens(event::BlockBuilt{2, block, false, payload_of(block)});
    scene.others_say(notarize(1, 0, scene.block(1, 0)));
    scene.others_say(notarize(2, 1, block));
    // Whenever I lead again, 150 ms after the block before is seen is when to begin.
    std::uint64_t parent = 2;
    std::uint64_t view = 3;
    for (; scene.leader(view + 1) != me; parent = view++) {
        scene.node.waits(250);
        scene.node.hears(scene.leader(view), scene.proposal(view, parent, scene.block(parent, parent - 1), parent - 1));
        scene.others_say(notarize(view, parent, scene.block(view, parent)));
    }
    scene.node.hears(scene.leader(view), scene.proposal(view, parent, scene.block(parent, parent - 1), parent - 1));
    CHECK(all<effect::Propose>(scene.node.waits(149)).empty());
    CHECK(all<effect::Propose>(scene.node.waits(1)).size() == 1);
}

TEST_CASE("a proposal that others vote for is asked of them, and voted for when it comes, envelope and all") {
    Scene scene;
    scene.node.start();
    const Hash block = scene.block(1, 0);
    const std::uint32_t first = (scene.leader(1) + 1) % 3;
    const std::uint32_t second = (scene.leader(1) + 2) % 3;
    scene.node.hears_vote(first, notarize(1, 0, block));
    CHECK(sent<BlockRequest>(scene.node.waits(249)).empty());
    const Effects asked = scene.node.waits(1);
    CHECK(sent<BlockRequest>(asked) == std::vector<BlockRequest>{{0, 1, block}});
    // Nobody answers: as soon as another one votes for it, that one is asked, too.
    scene.node.hears_vote(second, notarize(1, 0, block));
    std::set<std::uint32_t> whom;
    const Effects later = scene.node.waits(1'000);
    for (const auto& send : all<effect::Send>(later))
        if (std::holds_alternative<BlockRequest>(*send.message))
            whom.insert(std::get<effect::ToValidator>(send.to).index);
    CHECK(whom == std::set{first, second});
    // A bare block proves nothing.
    CHECK(cast(scene.node.hears(second, BlockAnswer{0, 1, block, payload_of(block)})).empty());
    const Effects answered = scene.node.hears(second, scene.proposal(1, 0));
    CHECK(cast(answered) == std::vector{notarize(1, 0, block), finalize(1, 0, block)});
    CHECK(sent<BlockRequest>(scene.node.waits(1'000)).empty());
}

TEST_CASE("who has a proposal that is open gives it to whoever asks, as the leader sent it, so often a second") {
    Scene scene;
    scene.node.start();
    scene.passes(1, 0);
    const Proposal proposal = scene.proposal(2, 1);
    scene.node.hears(scene.leader(2), proposal);
    const BlockRequest request{0, 2, scene.block(2, 1)};
    const Effects answered = scene.node.hears(0, request);
    REQUIRE(sent<Proposal>(answered).size() == 1);
    const Proposal given = sent<Proposal>(answered)[0];
    CHECK(given.vote == proposal.vote);
    CHECK(*given.block == *proposal.block);
    REQUIRE(given.certificates.size() == 1);
    CHECK(given.certificates[0]->statement == proposal.certificates[0]->statement);
    CHECK(std::get<effect::ToPeer>(all<effect::Send>(answered).at(0).to).id == 1);
    std::size_t served = 1;
    for (int i = 0; i < 100; ++i) served += sent<Proposal>(scene.node.hears(0, request)).size();
    CHECK(served == 8);
    CHECK(sent<Proposal>(scene.node.hears(1, BlockRequest{0, 2, Hash{{9}}})).empty());
    // A view that is over needs no envelope.
    scene.others_say(notarize(2, 1, scene.block(2, 1)));
    const Effects late = scene.node.hears(2, request);
    CHECK(sent<Proposal>(late).empty());
    CHECK(all<effect::ServeBlock>(late).size() == 1);
}

TEST_CASE("proposals that never reach a validator whose vote is needed do not stop the network") {
    Cluster cluster{epoch_of(4)};
    cluster.silent = {2};
    cluster.passes = [](std::uint32_t from, std::uint32_t to, const Message& message) {
        const auto* proposal = std::get_if<Proposal>(&message);
        return to != 3 || proposal == nullptr || proposal->vote.validator != from;
    };
    cluster.start();
    cluster.everybody_has_work();
    cluster.run(30'000);
    CHECK(cluster.agree());
    CHECK(cluster.node(0).core().floor_view() >= 15);
    for (const auto& ended : cluster.done<effect::ViewEnded>())
        if (ended.outcome == effect::Outcome::Nullified) CHECK(ended.leader == 2);
}

TEST_CASE("silent leaders in a row cost an idle chain one rest, not one each") {
    Cluster cluster{epoch_of(7)};
    for (std::uint32_t i = 0; i < 7; ++i) cluster.node(i).builds_empty = true;
    cluster.start();
    std::uint64_t view = 1;
    const auto leads = [&](std::uint64_t v) { return leader_of(cluster.node(0).epoch(), v); };
    while (leads(view) == leads(view + 1) || leads(view + 2) == leads(view) || leads(view + 2) == leads(view + 1))
        ++view;
    while (cluster.node(0).core().view() < view) cluster.run(1);
    cluster.silent = {leads(view), leads(view + 1)};
    // Five seconds of rest, then a second for each of the two.
    cluster.run(5'000 + 2 * 1'000 + 200);
    for (std::uint32_t i = 0; i < 7; ++i)
        if (!cluster.silent.contains(i)) CHECK(cluster.node(i).core().floor_view() >= view + 2);
    // Then the chain rests again.
    const std::uint64_t rests = cluster.node(leads(view + 2)).core().view();
    cluster.run(4'000);
    CHECK(cluster.node(leads(view + 2)).core().view() == rests);
    CHECK(cluster.agree());
}
