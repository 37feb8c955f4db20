// R3–R6: what a replica votes for, and what it never does.

#include "scene.hpp"

#include <catch2/catch.hpp>

using namespace stage;
using Statements = std::vector<Statement>;

TEST_CASE("a proposal in order is checked, notarized and executed at once") {
    Scene scene;
    scene.node.start();
    const Effects effects = scene.node.hears(scene.leader(1), scene.proposal(1, 0));
    CHECK(cast(effects) == Statements{notarize(1, 0, scene.block(1, 0))});
    CHECK(sent<Vote>(effects) == std::vector<Vote>{signed_by(3, notarize(1, 0, scene.block(1, 0)))});
    REQUIRE(all<effect::CheckBlock>(effects).size() == 1);
    CHECK(all<effect::CheckBlock>(effects)[0].parent == scene.epoch.root);
    CHECK(all<effect::ExecuteBlock>(effects).size() == 1);
    // Its block must be durable with the vote.
    CHECK(*all<effect::CastVote>(effects)[0].block == *payload_of(scene.block(1, 0)));
    CHECK(scene.node.core().view() == 1);
}

TEST_CASE(
    "a quorum's notarizes and the execution let it finalize and go on; a quorum's finalizes make the block final") {
    Scene scene;
    scene.node.start();
    scene.node.hears(scene.leader(1), scene.proposal(1, 0));
    const Effects notarized = scene.others_say(notarize(1, 0, scene.block(1, 0)));
    CHECK(cast(notarized) == Statements{finalize(1, 0, scene.block(1, 0))});
    CHECK(all<effect::Certified>(notarized).at(0).tip == Tip{scene.block(1, 0), 1, 0, 1});
    CHECK(scene.node.core().view() == 2);
    CHECK(all<effect::Finalize>(notarized).empty());
    const Effects finalized = scene.others_say(finalize(1, 0, scene.block(1, 0)));
    REQUIRE(all<effect::Finalize>(finalized).size() == 1);
    CHECK(all<effect::Finalize>(finalized)[0].block == scene.block(1, 0));
    CHECK(scene.node.core().floor_view() == 1);
    CHECK(scene.node.core().view() == 2);
}

TEST_CASE("a notarized block that is not executed yet is not finalized and does not end the view") {
    Scene scene;
    scene.node.answers_executions = false;
    scene.node.start();
    scene.node.hears(scene.leader(1), scene.proposal(1, 0));
    CHECK(cast(scene.others_say(notarize(1, 0, scene.block(1, 0)))).empty());
    CHECK(scene.node.core().view() == 1);
    const Effects executed = scene.node.happens(event::BlockExecuted{1, scene.block(1, 0), true, false});
    CHECK(cast(executed) == Statements{finalize(1, 0, scene.block(1, 0))});
    CHECK(scene.node.core().view() == 2);
}

TEST_CASE("who nullified a view never finalizes it, but certifies it all the same and goes on (commonware #2695)") {
    Scene scene;
    scene.node.start();
    scene.node.has_work();
    CHECK(cast(scene.node.waits(1'000)) == Statements{nullify(1)});
    scene.node.hears(scene.leader(1), scene.proposal(1, 0));
    const Effects effects = scene.others_say(notarize(1, 0, scene.block(1, 0)));
    CHECK(cast(effects).empty());
    CHECK(all<effect::Certified>(effects).size() == 1);
    CHECK(scene.node.core().view() == 2);
}

TEST_CASE("who finalized a view never nullifies it: it has left it") {
    Scene scene;
    scene.node.start();
    scene.node.has_work();
    scene.node.hears(scene.leader(1), scene.proposal(1, 0));
    scene.others_say(notarize(1, 0, scene.block(1, 0)));
    for (const Statement& statement : cast(scene.node.waits(60'000))) CHECK(statement.view > 1);
}

TEST_CASE("a nullify may follow an own notarize, once") {
    Scene scene;
    scene.node.start();
    scene.node.has_work();
    scene.node.hears(scene.leader(1), scene.proposal(1, 0));
    CHECK(cast(scene.node.waits(1'999)).empty());
    CHECK(cast(scene.node.waits(1)) == Statements{nullify(1)});
    CHECK(cast(scene.node.waits(30'000)).empty());
}

TEST_CASE("after a nullify no proposal of the view is notarized") {
    Scene scene;
    scene.node.start();
    scene.node.has_work();
    scene.node.waits(1'000);
    CHECK(cast(scene.node.hears(scene.leader(1), scene.proposal(1, 0))).empty());
}

TEST_CASE("only the view's leader may propose (ton #2557)") {
    Scene scene;
    scene.node.start();
    Proposal stolen = scene.proposal(1, 0);
    const std::uint32_t thief = (scene.leader(1) + 1) % 3;
    stolen.vote = signed_by(thief, stolen.vote.statement);
    const Effects effects = scene.node.hears(thief, stolen);
    CHECK(cast(effects).empty());
    REQUIRE(all<effect::Misbehaved>(effects).size() == 1);
    CHECK(all<effect::Misbehaved>(effects)[0].misdeed == effect::Misdeed::BadProposal);
}

TEST_CASE("a proposal that is not signed by its leader is dropped, and the real one accepted after it") {
    Scene scene;
    scene.node.start();
    Proposal forged = scene.proposal(1, 0);
    forged.vote.signature[0] ^= 1;
    const Effects effects = scene.node.hears(scene.leader(1), forged);
    CHECK(cast(effects).empty());
    CHECK(all<effect::Misbehaved>(effects).at(0).misdeed == effect::Misdeed::BadSignature);
    CHECK(cast(scene.node.hears(scene.leader(1), scene.proposal(1, 0))).size() == 1);
}

TEST_CASE("a proposal must prove its parent and every view that it skips (I4)") {
    Scene scene;
    scene.node.start();
    scene.passes(1, 0);
    scene.node.hears(0, scene.nullified(2));
    REQUIRE(scene.node.core().view() == 3);
    const Proposal good = scene.proposal(3, 1);
    SECTION("nothing missing") { CHECK(cast(scene.node.hears(scene.leader(3), good)).size() == 1); }
    SECTION("without the parent's certificate") {
        Proposal bare = good;
        bare.certificates.erase(bare.certificates.begin());
        CHECK(cast(scene.node.hears(scene.leader(3), bare)).empty());
    }
    SECTION("without the skipped view's") {
        Proposal bare = good;
        bare.certificates.pop_back();
        CHECK(cast(scene.node.hears(scene.leader(3), bare)).empty());
    }
    SECTION("with another view's instead") {
        Proposal wrong = good;
        wrong.certificates[1] = scene.nullified(1);
        CHECK(cast(scene.node.hears(scene.leader(3), wrong)).empty());
    }
    SECTION("with the parent nullified, not notarized") {
        Proposal wrong = good;
        wrong.certificates[0] = scene.nullified(1);
        CHECK(cast(scene.node.hears(scene.leader(3), wrong)).empty());
    }
}

TEST_CASE("a forged certificate in the envelope drops that message alone (A10)") {
    Scene scene;
    scene.node.start();
    scene.node.hears(0, scene.nullified(1));
    Proposal forged = scene.proposal(3, 0);
    auto broken = *scene.nullified(2);
    broken.signatures[1][0] ^= 1;
    forged.certificates.back() = std::make_shared<const votes::Certificate>(broken);
    const Effects effects = scene.node.hears(scene.leader(3), forged);
    CHECK(all<effect::Misbehaved>(effects).at(0).misdeed == effect::Misdeed::BadCertificate);
    CHECK(scene.node.core().view() == 2);
    CHECK(cast(scene.node.hears(scene.leader(3), scene.proposal(3, 0))) ==
          Statements{notarize(3, 0, scene.block(3, 0))});
}

TEST_CASE("the certificates in the envelope carry the receiver along: nothing has to be hunted for") {
    Scene scene;
    scene.node.start();
    // It has seen nothing of views 1 to 3.
    const Effects effects = scene.node.hears(scene.leader(4), scene.proposal(4, 0));
    CHECK(scene.node.core().view() == 4);
    CHECK(cast(effects) == Statements{notarize(4, 0, scene.block(4, 0))});
    CHECK(sent<CertificateRequest>(effects).empty());
}

TEST_CASE("a proposal for the next view waits until the view begins") {
    Scene scene;
    scene.node.answers_executions = false;
    scene.node.start();
    scene.node.hears(scene.leader(1), scene.proposal(1, 0));
    CHECK(cast(scene.node.hears(scene.leader(2), scene.proposal(2, 1))).empty());
    CHECK(scene.node.core().view() == 1);
    const Effects effects = scene.node.happens(event::BlockExecuted{1, scene.block(1, 0), true, false});
    CHECK(cast(effects) == Statements{finalize(1, 0, scene.block(1, 0)), notarize(2, 1, scene.block(2, 1))});
}

TEST_CASE("a block that fails its check ends the view at once") {
    Scene scene;
    scene.node.verdict = event::Verdict::Bad;
    scene.node.start();
    CHECK(cast(scene.node.hears(scene.leader(1), scene.proposal(1, 0))) == Statements{nullify(1)});
}

TEST_CASE("a block whose time has not come is checked again when it has (A13)") {
    Scene scene;
    scene.node.verdict = event::Verdict::Later;
    scene.node.due_in_ms = 300;
    scene.node.start();
    CHECK(cast(scene.node.hears(scene.leader(1), scene.proposal(1, 0))).empty());
    CHECK(cast(scene.node.waits(299)).empty());
    scene.node.verdict = event::Verdict::Good;
    CHECK(cast(scene.node.waits(1)) == Statements{notarize(1, 0, scene.block(1, 0))});
}

TEST_CASE(
    "a block that executes badly is neither finalized nor built on, and where it is final the node must stop (A15)") {
    Scene scene;
    scene.node.executes_well = false;
    scene.node.start();
    const Effects proposed = scene.node.hears(scene.leader(1), scene.proposal(1, 0));
    CHECK(cast(proposed) == Statements{notarize(1, 0, scene.block(1, 0)), nullify(1)});
    const Effects notarized = scene.others_say(notarize(1, 0, scene.block(1, 0)));
    CHECK(cast(notarized).empty());
    REQUIRE(all<effect::StateMismatch>(notarized).size() == 1);
    CHECK_FALSE(all<effect::StateMismatch>(notarized)[0].is_final);
    CHECK(scene.node.core().view() == 1);
}

TEST_CASE("a finalization of a block that executed badly here is reported as final") {
    Scene scene;
    scene.node.executes_well = false;
    scene.node.start();
    scene.node.hears(scene.leader(1), scene.proposal(1, 0));
    const auto told = all<effect::StateMismatch>(scene.node.hears(0, scene.finalized(1, 0)));
    REQUIRE(told.size() == 1);
    CHECK(told[0].is_final);
}

TEST_CASE("a payload that is another block counts against its sender, not against the proposal") {
    Scene scene;
    scene.node.verdict = event::Verdict::AnotherBlock;
    scene.node.start();
    const Peer relay{.id = 77};
    const Effects effects = scene.node.hears_from(relay, scene.proposal(1, 0));
    CHECK(cast(effects).empty());
    REQUIRE(all<effect::Misbehaved>(effects).size() == 1);
    CHECK(all<effect::Misbehaved>(effects)[0].peer.id == 77);
    scene.node.verdict = event::Verdict::Good;
    CHECK(cast(scene.node.hears(scene.leader(1), scene.proposal(1, 0))).size() == 1);
}

TEST_CASE("what the signer refuses is not sent, and does not count as voted") {
    Scene scene;
    scene.node.refuses_to_sign = true;
    scene.node.start();
    scene.node.has_work();
    CHECK(sent<Vote>(scene.node.hears(scene.leader(1), scene.proposal(1, 0))).empty());
    CHECK(sent<Vote>(scene.node.waits(2'000)).empty());
    // A nullify is asked for again: no-sign mode ends some day.
    scene.node.refuses_to_sign = false;
    CHECK(sent<Vote>(scene.node.waits(1'000)) == std::vector<Vote>{signed_by(3, nullify(1))});
}

TEST_CASE("a leader who gives up on his own view ends it for the others") {
    Scene scene;
    scene.node.start();
    scene.node.has_work();
    CHECK(cast(scene.node.hears_vote((scene.leader(1) + 1) % 3, nullify(1))).empty());
    CHECK(cast(scene.node.hears_vote(scene.leader(1), nullify(1))) == Statements{nullify(1)});
}

TEST_CASE("a node outside the table follows without a word") {
    const EpochInfo epoch = led_by_others();
    Scene scene;
    Node follower{epoch, std::nullopt};
    follower.start();
    const Effects proposed = follower.hears(scene.leader(1), scene.proposal(1, 0));
    const Effects notarized = follower.hears(0, scene.notarized(1, 0));
    CHECK(all<effect::Certified>(notarized).size() == 1);
    const Effects finalized = follower.hears(0, scene.finalized(1, 0));
    CHECK(all<effect::Finalize>(finalized).size() == 1);
    CHECK(follower.core().view() == 2);
    for (const Effects& effects : {proposed, notarized, finalized}) {
        CHECK(cast(effects).empty());
        CHECK(sent<Vote>(effects).empty());
    }
}
