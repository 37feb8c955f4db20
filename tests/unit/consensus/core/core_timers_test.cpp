// When a replica acts by itself: entering, patience, idleness, retry, standstill (R1, R2, R10, R11, A8, A11).

#include "consensus/core/deck.hpp"
#include "scene.hpp"

#include <catch2/catch.hpp>

using namespace stage;
using Statements = std::vector<Statement>;

namespace {

/// A replica that leads view 1, and others who do not.
struct Leading {
    explicit Leading(Config config = {})
        : epoch(epoch_of(4)), leader(leader_of(epoch, 1)), node(epoch, leader, config) {}
    std::uint32_t other(std::uint32_t i = 1) const { return (leader + i) % 4; }
    EpochInfo epoch;
    std::uint32_t leader;
    Node node;
};

}  // namespace

TEST_CASE("a leader with work proposes at once; his notarize leaves inside the proposal alone") {
    Leading scene;
    scene.node.start();
    const Effects effects = scene.node.has_work();
    const Hash block = block_of({0, 1, 0, scene.leader});
    REQUIRE(sent<Proposal>(effects).size() == 1);
    CHECK(sent<Proposal>(effects)[0] ==
          Proposal{.vote = signed_by(scene.leader, notarize(1, 0, block)), .block = payload_of(block)});
    CHECK(sent<Vote>(effects).empty());
}

TEST_CASE("a leader without work waits for it, five seconds at most, then proposes an empty block") {
    Leading scene;
    scene.node.builds_empty = true;
    scene.node.start();
    CHECK(sent<Proposal>(scene.node.waits(4'999)).empty());
    CHECK(sent<Proposal>(scene.node.waits(1)).size() == 1);
}

TEST_CASE("a woken leader proposes at once, even an empty block; each sender is granted one Wake a second") {
    Leading scene;
    scene.node.builds_empty = true;
    scene.node.start();
    CHECK(sent<Proposal>(scene.node.hears(scene.other(), Wake{0, 1})).size() == 1);
    // The next view that it leads: the same sender may not wake it again yet, another may.
    const Peer stranger{.id = 99};
    Leading strange;
    strange.node.start();
    CHECK(sent<Proposal>(strange.node.hears_from(stranger, Wake{0, 1})).empty());
    CHECK(sent<Proposal>(strange.node.hears(strange.other(), Wake{0, 7})).empty());
    CHECK(sent<Proposal>(strange.node.hears(strange.other(2), Wake{0, 1})).size() == 1);
}

TEST_CASE("an idle follower that gets work sends it to the leader and wakes him; its patience begins there (A8)") {
    Scene scene;
    scene.node.start();
    CHECK(cast(scene.node.waits(3'000)).empty());
    const Effects effects = scene.node.has_work();
    REQUIRE(all<effect::ForwardWork>(effects).size() == 1);
    CHECK(all<effect::ForwardWork>(effects)[0].leader == scene.leader(1));
    CHECK(sent<Wake>(effects) == std::vector<Wake>{{0, 1}});
    CHECK(cast(scene.node.waits(999)).empty());
    CHECK(cast(scene.node.waits(1)) == Statements{nullify(1)});
}

TEST_CASE("work is forwarded once a view, however often the pool changes") {
    Scene scene;
    scene.node.start();
    scene.node.waits(100);
    CHECK(all<effect::ForwardWork>(scene.node.has_work()).size() == 1);
    for (int i = 0; i < 10; ++i) CHECK(scene.node.has_work().empty());
    scene.node.hears(0, scene.nullified(1));
    CHECK(all<effect::ForwardWork>(scene.node.waits(400)).size() == 1);
    CHECK(scene.node.has_work().empty());
}

TEST_CASE("a follower without work gives the leader five seconds and then t_l") {
    Scene scene;
    scene.node.start();
    CHECK(cast(scene.node.waits(5'999)).empty());
    CHECK(cast(scene.node.waits(1)) == Statements{nullify(1)});
}

TEST_CASE("a proposal starts the timers of a follower without work: the view is not idle") {
    Scene scene;
    scene.node.start();
    scene.node.hears(scene.leader(1), scene.proposal(1, 0));
    CHECK(cast(scene.node.waits(1'999)).empty());
    CHECK(cast(scene.node.waits(1)) == Statements{nullify(1)});
}

TEST_CASE("nullifies of more than a third start the timers: somebody honest waits") {
    Scene scene;
    scene.node.start();
    const std::uint32_t first = (scene.leader(1) + 1) % 3, second = (scene.leader(1) + 2) % 3;
    scene.node.hears_vote(first, nullify(1));
    CHECK(cast(scene.node.waits(1'500)).empty());
    scene.node.hears_vote(second, nullify(1));
    CHECK(cast(scene.node.waits(1'000)) == Statements{nullify(1)});
}

TEST_CASE("an unfinal block with content is work after twice t_relay; an empty one is not (A8)") {
    const bool is_empty = GENERATE(false, true);
    Scene scene;
    scene.node.builds_empty = is_empty;
    scene.node.start();
    scene.node.hears(scene.leader(1), scene.proposal(1, 0));
    scene.node.hears(0, scene.notarized(1, 0));
    REQUIRE(scene.node.core().view() == 2);
    CHECK(sent<Wake>(scene.node.waits(99)).empty());
    CHECK(sent<Wake>(scene.node.waits(1)).size() == (is_empty ? 0 : 1));
}

TEST_CASE("a leader keeps the interval between a block and its parent, and proposes when it is over") {
    EpochInfo epoch = epoch_of(4);
    while (leader_of(epoch, 1) == leader_of(epoch, 2)) ++epoch.seed.value[0];
    const Scene scene({}, {}, epoch);
    Node node{epoch, leader_of(epoch, 2)};
    node.start(1'000);
    node.has_work();
    node.hears(scene.leader(1), scene.proposal(1, 0));
    CHECK(sent<Proposal>(node.hears(scene.leader(1), scene.notarized(1, 0))).empty());
    CHECK(sent<Proposal>(node.waits(249)).empty());
    const auto proposals = sent<Proposal>(node.waits(1));
    REQUIRE(proposals.size() == 1);
    CHECK(proposals[0].certificates.size() == 1);
    CHECK(proposals[0].certificates[0]->statement == notarize(1, 0, scene.block(1, 0)));
}

TEST_CASE("a proposal carries the nullification of every view that it skips, in order") {
    EpochInfo epoch = epoch_of(4);
    const std::uint32_t leader = leader_of(epoch, 4);
    const Scene scene({}, {}, epoch);
    Node node{epoch, leader};
    node.start();
    for (std::uint64_t view = 1; view <= 2; ++view) node.hears((leader + 1) % 4, scene.nullified(view));
    node.has_work();
    const auto proposals = sent<Proposal>(node.hears((leader + 1) % 4, scene.nullified(3)));
    REQUIRE(proposals.size() == 1);
    REQUIRE(proposals[0].certificates.size() == 3);
    for (std::uint64_t view = 1; view <= 3; ++view)
        CHECK(proposals[0].certificates[view - 1]->statement == nullify(view));
}

TEST_CASE("a leader who cannot build, or whose parent does not come in half of t_l, gives his view up") {
    SECTION("no block") {
        Leading scene;
        scene.node.answers_builds = false;
        scene.node.start();
        scene.node.has_work();
        CHECK(cast(scene.node.happens(event::BuildFailed{1})) == Statements{nullify(1)});
    }
    SECTION("no parent") {
        const EpochInfo epoch = epoch_of(4);
        Node node{epoch, leader_of(epoch, 2)};
        node.answers_finalized = false;
        node.start();
        node.hears((leader_of(epoch, 2) + 1) % 4, certificate(finalize(1, 0, Hash{{1}}), {0, 1, 2, 3}));
        node.has_work();
        CHECK(cast(node.waits(499)).empty());
        CHECK(cast(node.waits(1)) == Statements{nullify(2)});
    }
    SECTION("no certificate of the view before: it is asked for") {
        Leading scene;
        const std::uint64_t view = view_led_by(scene.epoch, scene.leader, 3);
        scene.node.start();
        scene.node.has_work();
        const Effects entered = scene.node.hears(scene.other(), certificate(nullify(view - 1), {0, 1, 2, 3}));
        REQUIRE(scene.node.core().view() == view);
        CHECK(sent<CertificateRequest>(entered) == std::vector<CertificateRequest>{{0, 1, view - 2}});
        CHECK(sent<CertificateRequest>(scene.node.waits(249)).empty());
    }
}

TEST_CASE("a block that is ready after the leader gave up is not proposed") {
    Leading scene;
    scene.node.answers_builds = false;
    scene.node.start();
    scene.node.has_work();
    scene.node.waits(1'000);
    CHECK(scene.node.happens(event::BlockBuilt{1, Hash{{1}}, false, payload_of(Hash{{1}})}).empty());
}

TEST_CASE("after 16 unfinal views blocks are built empty (R2)") {
    Leading scene;
    const std::uint64_t view = view_led_by(scene.epoch, scene.leader, 18);
    scene.node.answers_builds = false;
    scene.node.start();
    scene.node.has_work();
    Effects effects;
    for (std::uint64_t u = 1; u < view; ++u)
        effects = scene.node.hears(scene.other(), certificate(nullify(u), {0, 1, 2, 3}));
    REQUIRE(all<effect::Propose>(effects).size() == 1);
    CHECK(all<effect::Propose>(effects)[0].must_be_empty);
    CHECK(all<effect::Propose>(effects)[0].parent == scene.epoch.root);
}

TEST_CASE("while its nullified view lasts a replica repeats itself and shows how it got here (R10)") {
    Scene scene;
    scene.node.start();
    scene.node.has_work();
    scene.node.hears(0, scene.nullified(1));
    scene.node.hears(scene.leader(2), scene.proposal(2, 0));
    scene.node.waits(2'000);
    const Effects effects = scene.node.waits(1'000);
    CHECK(sent<Vote>(effects) ==
          std::vector<Vote>{signed_by(3, nullify(2)), signed_by(3, notarize(2, 0, scene.block(2, 0)))});
    CHECK(certificates_sent(effects) == Statements{nullify(1)});
    CHECK(cast(effects).empty());
}

TEST_CASE("at a standstill everything open is sent again, so much at a time, from where it stopped (A11)") {
    Config config;
    config.limits.resend_max = 10;
    Scene scene(config);
    scene.node.start();
    scene.node.has_work();
    for (std::uint64_t view = 1; view <= 25; ++view) scene.node.hears(0, scene.nullified(view));
    std::set<std::uint64_t> views;
    for (int round = 0; round < 3; ++round) {
        Effects effects = scene.node.until(4'999 + 5'000 * static_cast<std::uint64_t>(round));
        effects = scene.node.until(5'000 + 5'000 * static_cast<std::uint64_t>(round));
        const auto again = certificates_sent(effects);
        CHECK(again.size() <= 12);
        for (const auto& statement : again) views.insert(statement.view);
    }
    CHECK(views.size() == 25);
}

TEST_CASE("without work there is no standstill, however long nothing is final") {
    Scene scene;
    scene.node.start();
    scene.node.hears(0, scene.nullified(1));
    std::size_t sends = 0;
    for (const auto& statement : certificates_sent(scene.node.waits(4'900))) sends += statement == nullify(1);
    CHECK(sends == 0);
}

TEST_CASE(
    "patience grows by half with every view from the third without a finalization, and falls back with one (R11)") {
    Scene scene;
    scene.node.start();
    scene.node.has_work();
    const auto patience = [&] {
        const std::uint64_t from = scene.node.now();
        for (std::uint64_t ms = 1; ms < 100'000; ++ms)
            if (!cast(scene.node.until(from + ms)).empty()) return ms;
        return std::uint64_t{0};
    };
    std::vector<std::uint64_t> all;
    for (std::uint64_t view = 1; view <= 6; ++view) {
        all.push_back(patience());
        scene.node.hears(0, scene.nullified(view));
    }
    CHECK(all == std::vector<std::uint64_t>{1'000, 1'000, 1'500, 2'250, 3'375, 5'062});
    scene.node.hears(0, certificate(finalize(7, 0, Hash{{1}}), {0, 1, 2}));
    CHECK(patience() == 1'000);
}

TEST_CASE("patience ends where the view would take longer than a minute") {
    Scene scene;
    scene.node.start();
    for (std::uint64_t view = 1; view <= 60; ++view) scene.node.hears(0, scene.nullified(view));
    scene.node.has_work();
    CHECK(cast(scene.node.waits(30'000)).size() == 1);
}

TEST_CASE("when a quorum is in reach again patience is short at once, once a minute (§1.5)") {
    Scene scene;
    scene.node.start();
    for (std::uint64_t view = 1; view <= 20; ++view) scene.node.hears(0, scene.nullified(view));
    scene.node.has_work();
    const auto statuses = [&] {
        Effects out;
        for (std::uint32_t i = 0; i < 2; ++i) {
            scene.node.happens(event::PeerArrived{{.id = i + 1, .validator = i}});
            const Effects more = scene.node.hears(i, Status{.epoch = 0, .view = 21});
            out.insert(out.end(), more.begin(), more.end());
        }
        return out;
    };
    CHECK(cast(scene.node.waits(3'000)).empty());
    statuses();
    CHECK(cast(scene.node.waits(1'000)) == Statements{nullify(21)});
    for (std::uint64_t view = 21; view <= 45; ++view) scene.node.hears(0, scene.nullified(view));
    for (std::uint32_t i = 0; i < 2; ++i) scene.node.happens(event::PeerGone{{.id = i + 1, .validator = i}});
    statuses();
    CHECK(cast(scene.node.waits(3'000)).empty());
}

TEST_CASE("a leader of whom a quorum's worth of views heard nothing is not waited for, n times at most (R1)") {
    // Three of four are heard in every view; the fourth never.
    const EpochInfo epoch = epoch_of(4);
    const std::uint32_t quiet = 0;
    std::uint64_t view = view_led_by(epoch, quiet, 20);
    const std::uint32_t me_here = leader_of(epoch, view) == 1 ? 2 : 1;
    Node node{epoch, me_here};
    node.start();
    node.has_work();
    const auto fill = [&](std::uint64_t from, std::uint64_t to) {
        for (std::uint64_t u = from; u < to; ++u)
            for (const std::uint32_t i : {1U, 2U, 3U})
                if (i != me_here || node.cast.empty() || node.cast.back().statement != nullify(u)) {
                    if (i == me_here) node.hears(3, certificate(nullify(u), {1, 2, 3}));
                    else node.hears_vote(i, nullify(u));
                }
    };
    fill(1, view);
    REQUIRE(node.core().view() == view);
    CHECK(node.cast.back().statement == nullify(view));
}

TEST_CASE("a status tells a newcomer where we are, and a straggler that it is one") {
    Scene scene;
    scene.node.start();
    scene.passes(1, 0);
    scene.node.hears(0, scene.nullified(2));
    const Effects arrived = scene.node.happens(event::PeerArrived{{.id = 1, .validator = 0}});
    CHECK(sent<Status>(arrived) == std::vector<Status>{{0, 3, 1, 1, 1}});
    const Effects behind = scene.node.hears(1, Status{.epoch = 0, .view = 1});
    CHECK(certificates_sent(behind) == Statements{finalize(1, 0, scene.block(1, 0)), nullify(2)});
    CHECK(sent<Status>(scene.node.waits(2'000)) == std::vector<Status>{{0, 3, 1, 1, 0}});
}

TEST_CASE("a replica can say what it waits for") {
    Scene scene;
    scene.node.answers_executions = false;
    scene.node.start();
    const auto waits_for = [&] { return scene.node.core().report().waits_for; };
    CHECK(waits_for() == "work: the view is idle");
    scene.node.has_work();
    CHECK(waits_for() == "the proposal of validator " + std::string(1, static_cast<char>('0' + scene.leader(1))));
    scene.node.hears(scene.leader(1), scene.proposal(1, 0));
    CHECK(waits_for().starts_with("notarizes of validators "));
    scene.node.hears(0, scene.notarized(1, 0));
    CHECK(waits_for() == "the execution of the block");
    scene.node.waits(2'000);
    CHECK(waits_for() == "nullifies of validators 0, 1, 2");
}
