// Learning, relaying, answering, catching up, fetching (R6–R9, A11, A12).

#include "scene.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace stage;
using Statements = std::vector<Statement>;

namespace {

const Hash a{{1}};

CertificatePtr broken(const CertificatePtr& good) {
    auto out = *good;
    out.signatures[1][40] ^= 1;
    return std::make_shared<const votes::Certificate>(out);
}

std::vector<std::uint32_t> receivers(const Effects& effects) {
    std::vector<std::uint32_t> out;
    for (const auto& send : all<effect::Send>(effects))
        if (const auto* to = std::get_if<effect::ToValidator>(&send.to)) out.push_back(to->index);
    return out;
}

}  // namespace

TEST_CASE("every certificate is stored and passed on once, whether made of votes or received") {
    Scene scene;
    scene.node.start();
    Effects effects = scene.others_say(nullify(1));
    CHECK(certificates_sent(effects) == Statements{nullify(1)});
    CHECK(scene.node.stored.size() == 1);
    effects = scene.node.hears(0, scene.nullified(2));
    CHECK(certificates_sent(effects) == Statements{nullify(2)});
    CHECK(scene.node.stored.size() == 2);
    effects = scene.node.hears(1, scene.nullified(2));
    CHECK(certificates_sent(effects).empty());
    CHECK(all<effect::CheckSignatures>(effects).empty());
}

TEST_CASE("a certificate is stored before any vote that relies on it") {
    Scene scene;
    scene.node.start();
    const Effects effects = scene.node.hears(scene.leader(2), scene.proposal(2, 0));
    std::vector<std::size_t> stored, asked;
    for (std::size_t i = 0; i < effects.size(); ++i) {
        if (std::holds_alternative<effect::StoreCertificate>(effects[i])) stored.push_back(i);
        if (std::holds_alternative<effect::CastVote>(effects[i])) asked.push_back(i);
    }
    REQUIRE(stored.size() == 1);
    REQUIRE(asked.size() == 1);
    CHECK(stored[0] < asked[0]);
}

TEST_CASE("a certificate below quorum, with a strange bitmap or a bad signature is not believed") {
    Scene scene;
    scene.node.start();
    for (const auto& bad : {certificate(nullify(1), {0, 1}), broken(scene.nullified(1))}) {
        const Effects effects = scene.node.hears(0, bad);
        REQUIRE(all<effect::Misbehaved>(effects).size() == 1);
        CHECK(all<effect::Misbehaved>(effects)[0].misdeed == effect::Misdeed::BadCertificate);
    }
    CHECK(scene.node.core().view() == 1);
}

TEST_CASE("a forged certificate does not keep a good one out that comes while it is checked") {
    Scene scene;
    scene.node.answers_signatures = false;
    scene.node.start();
    const auto checks = all<effect::CheckSignatures>(scene.node.hears(0, broken(scene.nullified(1))));
    REQUIRE(checks.size() == 1);
    CHECK(all<effect::CheckSignatures>(scene.node.hears(1, scene.nullified(1))).empty());
    const auto next = all<effect::CheckSignatures>(scene.node.happens(event::SignaturesChecked{checks[0].batch, {0}}));
    REQUIRE(next.size() == 1);
    scene.node.happens(event::SignaturesChecked{next[0].batch, {}});
    CHECK(scene.node.core().view() == 2);
}

TEST_CASE("a finalization from far ahead is believed at once: it jumps there and votes (§1.7)") {
    Scene scene;
    scene.node.start();
    const auto far = certificate(finalize(5'000, 4'999, a), {0, 1, 2});
    const Effects effects = scene.node.hears(0, far);
    CHECK(scene.node.core().view() == 5'001);
    REQUIRE(all<effect::Finalize>(effects).size() == 1);
    CHECK(all<effect::Finalize>(effects)[0].block == a);
    CHECK(scene.node.core().footprint().views <= 66);
    scene.node.has_work();
    CHECK(cast(scene.node.waits(1'000)) == Statements{nullify(5'001)});
}

TEST_CASE("it builds on a final block as soon as the application has stored it") {
    Scene scene;
    scene.node.answers_finalized = false;
    scene.node.start();
    const Hash block = scene.block(1, 0);
    scene.node.hears(0, scene.finalized(1, 0));
    CHECK(cast(scene.node.hears(scene.leader(2), scene.proposal(2, 1))).empty());
    const Effects stored = scene.node.happens(event::FloorDurable{{block, 1, 0, 1}});
    CHECK(cast(stored) == Statements{notarize(2, 1, scene.block(2, 1))});
}

TEST_CASE("a block that block sync has stored certifies its view, before or after the notarization comes") {
    Scene scene;
    scene.node.answers_executions = false;
    scene.node.start();
    const event::FloorDurable stored{{scene.block(1, 0), 1, 0, 1}};
    SECTION("notarized, and its execution here has not ended") {
        scene.node.hears(scene.leader(1), scene.proposal(1, 0));
        scene.others_say(notarize(1, 0, scene.block(1, 0)));
        REQUIRE(scene.node.core().view() == 1);
        CHECK(cast(scene.node.happens(stored)) == Statements{finalize(1, 0, scene.block(1, 0))});
    }
    SECTION("stored first") {
        scene.node.happens(stored);
        REQUIRE(scene.node.core().view() == 1);
        const Effects effects = scene.node.hears(0, scene.notarized(1, 0));
        CHECK(cast(effects) == Statements{finalize(1, 0, scene.block(1, 0))});
        CHECK(all<effect::ExecuteBlock>(effects).empty());
    }
    CHECK(scene.node.core().view() == 2);
}

TEST_CASE("a finalize is never cast for a view at or below the floor (ava-labs/Simplex #280, #290)") {
    Scene scene;
    scene.node.answers_executions = false;
    scene.node.start();
    scene.node.hears(scene.leader(1), scene.proposal(1, 0));
    scene.node.hears(0, scene.finalized(1, 0));
    scene.node.hears(0, scene.notarized(1, 0));
    CHECK(cast(scene.node.happens(event::BlockExecuted{1, scene.block(1, 0), true, false})).empty());
}

TEST_CASE("N far beyond the floor is not kept, so that places stay few; F always is") {
    Config config;
    config.limits.views_ahead_max = 100;
    Scene scene(config);
    scene.node.start();
    scene.node.hears(0, certificate(notarize(500, 1, a), {0, 1, 2}));
    CHECK(scene.node.core().footprint().views <= 1);
    scene.node.hears(0, certificate(finalize(500, 1, a), {0, 1, 2}));
    CHECK(scene.node.core().floor_view() == 500);
}

TEST_CASE("who is in a view that is over gets what ended it, the floor and the way in, once a second") {
    Scene scene;
    scene.node.start();
    scene.passes(1, 0);
    scene.node.hears(0, scene.nullified(2));
    scene.node.hears(0, scene.nullified(3));
    REQUIRE(scene.node.core().view() == 4);
    const Effects effects = scene.node.hears_vote(1, nullify(2));
    CHECK(certificates_sent(effects) == Statements{nullify(2), finalize(1, 0, scene.block(1, 0)), nullify(3)});
    CHECK(std::get<effect::ToPeer>(all<effect::Send>(effects)[0].to).id == 2);
    CHECK(certificates_sent(scene.node.hears_vote(1, nullify(2))).empty());
    CHECK_FALSE(certificates_sent(scene.node.hears_vote(2, nullify(2))).empty());
    scene.node.waits(1'000);
    CHECK_FALSE(certificates_sent(scene.node.hears_vote(1, nullify(2))).empty());
}

TEST_CASE("finalizes and notarizes of the view just left are answered by nothing: everybody's come late (A12)") {
    Scene scene;
    scene.node.start();
    scene.node.hears(scene.leader(1), scene.proposal(1, 0));
    scene.node.hears(0, scene.notarized(1, 0));
    REQUIRE(scene.node.core().view() == 2);
    CHECK(certificates_sent(scene.node.hears_vote(1, finalize(1, 0, scene.block(1, 0)))).empty());
    CHECK(certificates_sent(scene.node.hears_vote(1, notarize(1, 0, scene.block(1, 0)))).empty());
    CHECK_FALSE(certificates_sent(scene.node.hears_vote(1, nullify(1))).empty());
}

TEST_CASE("a request for certificates is answered from above, with so many at most") {
    Scene scene;
    scene.node.start();
    for (std::uint64_t view = 1; view <= 100; ++view) scene.node.hears(0, scene.nullified(view));
    const auto answer = certificates_sent(scene.node.hears(1, CertificateRequest{0, 1, 100}));
    REQUIRE(answer.size() == 64);
    CHECK(answer.front() == nullify(100));
    CHECK(answer.back() == nullify(37));
}

TEST_CASE("a proposal over a gap of more than 64 views is voted for after the rest was asked for (A11)") {
    Scene scene;
    scene.node.start();
    Proposal far = scene.proposal(1, 0);
    std::uint64_t view = 70;
    while (scene.leader(view) == me) ++view;
    const std::uint32_t leader = scene.leader(view);
    far.vote = signed_by(leader, notarize(view, 0, scene.block(view, 0)));
    far.block = payload_of(scene.block(view, 0));
    far.certificates.clear();
    for (std::uint64_t u = view - 64; u < view; ++u) far.certificates.push_back(scene.nullified(u));
    const Effects effects = scene.node.hears(leader, far);
    CHECK(scene.node.core().view() == view);
    CHECK(cast(effects).empty());
    CHECK(sent<CertificateRequest>(effects) == std::vector<CertificateRequest>{{0, 1, view - 1}});
    for (std::uint64_t u = 1; u < view - 64; ++u) scene.node.hears(leader, scene.nullified(u));
    CHECK(scene.node.cast.back().statement == notarize(view, 0, scene.block(view, 0)));
}

TEST_CASE("a notarized block that is missing is looked for here, then asked of its signers in turn") {
    Scene scene;
    scene.node.start();
    CHECK(all<effect::FindBlock>(scene.node.hears(0, scene.notarized(1, 0))).empty());  // it may be on its way
    const Effects first = scene.node.waits(50);
    CHECK(all<effect::FindBlock>(first).size() == 1);
    CHECK(sent<BlockRequest>(first) == std::vector<BlockRequest>{{0, 1, scene.block(1, 0)}});
    const Effects second = scene.node.waits(500);
    CHECK(sent<BlockRequest>(second).size() == 1);
    CHECK(receivers(first) != receivers(second));
    const Effects answered = scene.node.hears(1, BlockAnswer{0, 1, scene.block(1, 0), payload_of(scene.block(1, 0))});
    CHECK(all<effect::CheckBlock>(answered).size() == 1);
    CHECK(scene.node.core().view() == 2);
    CHECK(sent<BlockRequest>(scene.node.waits(700)).empty());
}

TEST_CASE("a block that the application has from an earlier life is not asked for") {
    Scene scene;
    scene.node.finds_blocks = true;
    scene.node.start();
    scene.node.hears(0, scene.notarized(1, 0));
    CHECK(sent<BlockRequest>(scene.node.waits(50)).empty());
    CHECK(scene.node.core().view() == 2);
}

TEST_CASE("an unasked block is not taken, a wrong one costs its sender, and the search goes on") {
    Scene scene;
    scene.node.start();
    CHECK(scene.node.hears(1, BlockAnswer{0, 1, a, payload_of(a)}).empty());
    scene.node.hears(0, scene.notarized(1, 0));
    scene.node.waits(50);
    scene.node.verdict = event::Verdict::AnotherBlock;
    const Effects wrong = scene.node.hears(1, BlockAnswer{0, 1, scene.block(1, 0), payload_of(a)});
    CHECK(all<effect::Misbehaved>(wrong).at(0).misdeed == effect::Misdeed::AnotherBlock);
    scene.node.verdict = event::Verdict::Good;
    CHECK(sent<BlockRequest>(scene.node.waits(500)).size() == 1);
}

TEST_CASE("a request for a block goes to the application, within the peer's rate") {
    Scene scene;
    scene.node.start();
    std::size_t served = 0;
    for (int i = 0; i < 100; ++i) served += all<effect::ServeBlock>(scene.node.hears(1, BlockRequest{0, 1, a})).size();
    CHECK(served == 8);
}

TEST_CASE(
    "among more than 32 validators a certificate goes to the next leader, and later to those who show no progress") {
    const EpochInfo epoch = epoch_of(40);
    const std::uint32_t me_here = (leader_of(epoch, 2) + 1) % 40;
    Node node{epoch, me_here};
    node.start();
    std::vector<std::uint32_t> signers;
    for (std::uint32_t i = 0; i < 27; ++i) signers.push_back(i);
    auto wide = *certificate(nullify(1), {});
    wide.signers = Bytes(5);
    for (const auto i : signers) {
        wide.signers[i / 8] |= static_cast<std::uint8_t>(1U << (i % 8));
        wide.signatures.push_back(signed_by(i, nullify(1)).signature);
    }
    const Effects at_once = node.hears(me_here == 0 ? 1 : 0, std::make_shared<const votes::Certificate>(wide));
    CHECK(receivers(at_once) == std::vector<std::uint32_t>{leader_of(epoch, 2)});
    const std::uint32_t quick = (me_here + 1) % 40;
    node.hears_vote(quick, nullify(2));
    const auto late = receivers(node.waits(50));
    CHECK(late.size() == 38);
    CHECK(std::ranges::find(late, quick) == late.end());
    CHECK(std::ranges::find(late, me_here) == late.end());
}

TEST_CASE("certificates cost their bringer budget, and what is beyond it is dropped without punishment (A11)") {
    Config config;
    config.limits.checks_burst = 6;
    Scene scene(config);
    scene.node.start();
    std::size_t checks = 0, misdeeds = 0;
    for (std::uint64_t view = 1; view <= 10; ++view) {
        const Effects effects = scene.node.hears(0, scene.nullified(view));
        checks += all<effect::CheckSignatures>(effects).size();
        misdeeds += all<effect::Misbehaved>(effects).size();
    }
    CHECK(checks == 2);
    CHECK(misdeeds == 0);
    scene.node.waits(1'000);
    scene.node.hears(0, scene.nullified(3));
    CHECK(scene.node.core().view() == 4);
}
