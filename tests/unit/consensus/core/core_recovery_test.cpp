// A new life with an old journal (§1.7): bound by what was signed, placed where it was.

#include "scene.hpp"

#include <catch2/catch.hpp>

using namespace stage;
using Statements = std::vector<Statement>;

namespace {

Recovered journal(std::vector<Statement> signed_statements, std::vector<CertificatePtr> certificates = {}) {
    Recovered out{.certificates = std::move(certificates)};
    for (const Statement& statement : signed_statements) out.own_votes.push_back(signed_by(me, statement));
    return out;
}

const Scene sample;

}  // namespace

TEST_CASE("it takes up the highest view that the journal speaks of, whatever came last (ava-labs/Simplex #328)") {
    const auto view_after = [](const Recovered& recovered) {
        Scene scene({}, recovered);
        scene.node.start();
        return scene.node.core().view();
    };
    CHECK(view_after({}) == 1);
    CHECK(view_after(journal({nullify(4), nullify(2)})) == 4);
    CHECK(view_after(journal({finalize(4, 3, Hash{{1}}), nullify(2)})) == 5);
    CHECK(view_after(journal({nullify(2)}, {sample.nullified(6)})) == 7);
    CHECK(view_after(journal({nullify(2)}, {certificate(finalize(9, 0, Hash{{1}}), {0, 1, 2})})) == 10);
}

TEST_CASE("the stored floor counts, and the view above it begins") {
    const auto final = sample.finalized(3, 2);
    Recovered recovered;
    recovered.floor = {sample.block(3, 2), 3, 0, 3};
    recovered.floor_certificate = final;
    Scene scene({}, recovered);
    scene.node.start();
    CHECK(scene.node.core().floor_view() == 3);
    CHECK(scene.node.core().view() == 4);
    // It can be built on at once.
    Proposal next = scene.proposal(4, 3);
    next.certificates[0] = final;
    CHECK(cast(scene.node.hears(scene.leader(4), next)) == Statements{notarize(4, 3, scene.block(4, 3))});
}

TEST_CASE("what was notarized before the crash is not notarized another way after it") {
    Scene scene({}, journal({notarize(1, 0, Hash{{9}})}));
    scene.node.start();
    CHECK(cast(scene.node.hears(scene.leader(1), scene.proposal(1, 0))).empty());
}

TEST_CASE("what was nullified before the crash is not finalized after it, even where its block is certified now") {
    Scene scene({}, journal({nullify(1)}, {sample.notarized(1, 0)}));
    scene.node.finds_blocks = true;
    const Effects effects = scene.node.start();
    CHECK(all<effect::Certified>(effects).size() == 1);
    CHECK(cast(effects).empty());
    CHECK(scene.node.core().view() == 2);
}

TEST_CASE("what was finalized before the crash is not nullified after it") {
    Scene scene({}, journal({notarize(1, 0, sample.block(1, 0)), finalize(1, 0, sample.block(1, 0))}));
    scene.node.start();
    scene.node.has_work();
    for (const Statement& statement : cast(scene.node.waits(20'000))) CHECK(statement.view != 1);
}

TEST_CASE("own votes of the open views are sent again, and nothing is signed twice") {
    Scene scene({}, journal({notarize(2, 0, Hash{{9}}), nullify(2)}, {sample.nullified(1)}));
    const Effects effects = scene.node.start();
    CHECK(sent<Vote>(effects) ==
          std::vector<Vote>{signed_by(me, notarize(2, 0, Hash{{9}})), signed_by(me, nullify(2))});
    CHECK(certificates_sent(effects) == Statements{nullify(1)});
    CHECK(scene.node.cast.empty());
    CHECK(scene.node.stored.empty());
}

TEST_CASE("a view in which it had spoken has its timers again: a resumed vote without one stalls the net (#328)") {
    SECTION("after a notarize") {
        Scene scene({}, journal({notarize(1, 0, Hash{{9}})}));
        scene.node.start();
        CHECK(cast(scene.node.waits(2'000)) == Statements{nullify(1)});
    }
    SECTION("after a nullify") {
        Scene scene({}, journal({nullify(1)}));
        scene.node.start();
        CHECK(sent<Vote>(scene.node.waits(1'000)) == std::vector<Vote>{signed_by(me, nullify(1))});
    }
}

TEST_CASE("notarized blocks above the floor are looked for here and executed again") {
    Scene scene({}, journal({}, {sample.notarized(1, 0), sample.notarized(2, 1)}));
    scene.node.finds_blocks = true;
    const Effects effects = scene.node.start();
    const auto executed = all<effect::ExecuteBlock>(effects);
    REQUIRE(executed.size() == 2);
    CHECK(executed[0].block == sample.block(1, 0));
    CHECK(executed[1].parent == Tip{sample.block(1, 0), 1, 0, 1});
    CHECK(scene.node.core().view() == 3);
}

TEST_CASE("a finalization that the journal has and the store has not is handed to the application again") {
    Scene scene({}, journal({}, {sample.finalized(2, 1)}));
    const auto finals = all<effect::Finalize>(scene.node.start());
    REQUIRE(finals.size() == 1);
    CHECK(finals[0].view == 2);
}

TEST_CASE("votes and certificates of another epoch in the journal are nobody's (ava-labs/Simplex #551)") {
    Recovered recovered = journal({nullify(5, 7), notarize(6, 0, Hash{{1}}, 7)});
    recovered.certificates.push_back(certificate(nullify(9, 7), {0, 1, 2}));
    Scene scene({}, recovered);
    const Effects effects = scene.node.start();
    CHECK(scene.node.core().view() == 1);
    CHECK(sent<Vote>(effects).empty());
}

TEST_CASE("a leader who had proposed before the crash does not propose again in that view") {
    const EpochInfo epoch = epoch_of(4);
    const std::uint32_t leader = leader_of(epoch, 1);
    Recovered recovered;
    recovered.own_votes.push_back(signed_by(leader, notarize(1, 0, Hash{{9}})));
    Node node{epoch, leader, {}, recovered};
    node.start();
    CHECK(all<effect::Propose>(node.has_work()).empty());
    CHECK(all<effect::Propose>(node.waits(900)).empty());
}

TEST_CASE("an epoch that was over stays over") {
    Recovered recovered;
    recovered.floor = {sample.block(1, 0), 1, 0, 1};
    recovered.floor_certificate = sample.finalized(1, 0);
    Scene scene({}, recovered, led_by_others(1));
    CHECK(all<effect::EpochEnded>(scene.node.start()).size() == 1);
    CHECK(scene.node.core().is_ended());
}
