// Slots, lazy verification, contradictions (§1.5, R12, A9, A10, A12): what a liar can make a replica believe or hold.

#include "scene.hpp"

#include <catch2/catch.hpp>

using namespace stage;
using Statements = std::vector<Statement>;

namespace {

std::size_t votes_checked(const Effects& effects) {
    std::size_t out = 0;
    for (const auto& check : all<effect::CheckSignatures>(effects)) out += check.votes.size();
    return out;
}

Vote forged(std::uint32_t validator, const Statement& statement) {
    Vote out = signed_by(validator, statement);
    out.signature[40] ^= 1;
    return out;
}

const Hash a{{1}}, b{{2}}, c{{3}};
using Kinds = votes::Contradiction::Kind;

}  // namespace

TEST_CASE("votes are not checked before they may be a quorum, and no more of them than it takes") {
    Scene scene;
    scene.node.start();
    CHECK(votes_checked(scene.node.hears_vote(0, notarize(1, 0, a))) == 0);
    CHECK(votes_checked(scene.node.hears_vote(1, notarize(1, 0, a))) == 0);
    CHECK(votes_checked(scene.node.hears_vote(2, notarize(1, 0, a))) == 3);
    CHECK(scene.node.core().notarization(1) != nullptr);
}

TEST_CASE("votes after the quorum are not checked") {
    const EpochInfo epoch = epoch_of(7);
    Node node{epoch, std::nullopt};
    node.start();
    for (std::uint32_t i = 0; i < 5; ++i) node.hears_vote(i, nullify(1));
    REQUIRE(node.core().nullification(1) != nullptr);
    CHECK(votes_checked(node.hears_vote(5, nullify(1))) + votes_checked(node.hears_vote(6, nullify(1))) == 0);
}

TEST_CASE("weights count, not heads") {
    const EpochInfo epoch = epoch_of_weights({1, 1, 1, 7});
    Node node{epoch, std::nullopt};
    node.start();
    for (std::uint32_t i = 0; i < 3; ++i) node.hears_vote(i, nullify(1));
    CHECK(node.core().nullification(1) == nullptr);
    node.hears_vote(3, nullify(1));
    CHECK(node.core().nullification(1) != nullptr);
}

TEST_CASE("one forged signature in a group names its sender and does not spoil the rest") {
    const EpochInfo epoch = epoch_of(7);
    Node node{epoch, std::nullopt};
    node.start();
    for (std::uint32_t i = 0; i < 4; ++i) node.hears_vote(i, notarize(1, 0, a));
    const Effects effects = node.hears(4, forged(4, notarize(1, 0, a)));
    REQUIRE(all<effect::Misbehaved>(effects).size() == 1);
    CHECK(all<effect::Misbehaved>(effects)[0].peer.validator == 4);
    CHECK(node.core().notarization(1) == nullptr);
    node.hears_vote(5, notarize(1, 0, a));
    REQUIRE(node.core().notarization(1) != nullptr);
    CHECK(node.core().notarization(1)->signers == Bytes{0b0101111});
}

TEST_CASE("nobody can put a vote into another's slot: what is relayed is checked first (ava-labs/Simplex #544, #565)") {
    Scene scene;
    scene.node.start();
    const Effects lie = scene.node.hears(0, forged(1, notarize(1, 0, b)));
    CHECK(all<effect::Misbehaved>(lie).at(0).peer.validator == 0);
    scene.others_say(notarize(1, 0, a));
    CHECK(scene.node.core().notarization(1) != nullptr);
}

TEST_CASE("a genuine vote that somebody else brings counts") {
    Scene scene;
    scene.node.start();
    for (const std::uint32_t author : {0U, 1U, 2U}) scene.node.hears(2, signed_by(author, nullify(1)));
    CHECK(scene.node.core().nullification(1) != nullptr);
}

TEST_CASE("a checked vote is not overwritten, and a copy with another signature poisons no certificate (#546)") {
    Scene scene;
    scene.node.start();
    scene.node.hears(2, signed_by(0, nullify(1)));
    scene.node.hears(2, forged(0, nullify(1)));
    scene.node.hears_vote(1, nullify(1));
    scene.node.hears_vote(2, nullify(1));
    const auto certificate = scene.node.core().nullification(1);
    REQUIRE(certificate != nullptr);
    CHECK(certificate->signatures[0] == signed_by(0, nullify(1)).signature);
}

TEST_CASE("a check's answer is about the vote that was asked about, whatever came meanwhile (#555)") {
    Scene scene;
    scene.node.answers_signatures = false;
    scene.node.start();
    scene.node.hears_vote(0, nullify(1));
    scene.node.hears_vote(1, nullify(1));
    const auto checks = all<effect::CheckSignatures>(scene.node.hears_vote(2, nullify(1)));
    REQUIRE_FALSE(checks.empty());
    scene.node.hears(2, forged(0, nullify(1)));
    for (const auto& check : checks) scene.node.happens(event::SignaturesChecked{check.batch, {}});
    REQUIRE(scene.node.core().nullification(1) != nullptr);
    CHECK(scene.node.core().nullification(1)->signatures[0] == signed_by(0, nullify(1)).signature);
}

TEST_CASE("S1, S2: two notarizes or two finalizes of one validator in one view are evidence, once") {
    Scene scene;
    scene.node.start();
    const std::uint32_t liar = (scene.leader(1) + 1) % 3;
    const bool finalizes = GENERATE(false, true);
    const auto say = [&](const Hash& block) { return finalizes ? finalize(1, 0, block) : notarize(1, 0, block); };
    scene.node.hears_vote(liar, say(a));
    const auto told = all<effect::ReportEvidence>(scene.node.hears_vote(liar, say(b)));
    REQUIRE(told.size() == 1);
    CHECK(told[0].evidence == Evidence{votes::Contradiction{finalizes ? Kinds::TwoFinalizes : Kinds::TwoNotarizes,
                                                            signed_by(liar, say(a)), signed_by(liar, say(b))}});
    CHECK(all<effect::ReportEvidence>(scene.node.hears_vote(liar, say(c))).empty());
    CHECK(all<effect::ReportEvidence>(scene.node.hears_vote(liar, say(b))).empty());
}

TEST_CASE("S1: the same block on two parents is a contradiction, too") {
    Scene scene;
    scene.node.start();
    scene.passes(1, 0);
    const std::uint32_t liar = (scene.leader(2) + 1) % 3;
    scene.node.hears_vote(liar, notarize(2, 1, a));
    CHECK(all<effect::ReportEvidence>(scene.node.hears_vote(liar, notarize(2, 0, a))).size() == 1);
}

TEST_CASE("S3: nullify and finalize of one view, in either order") {
    Scene scene;
    scene.node.start();
    const bool is_nullify_first = GENERATE(false, true);
    const Statement first = is_nullify_first ? nullify(1) : finalize(1, 0, a);
    const Statement second = is_nullify_first ? finalize(1, 0, a) : nullify(1);
    scene.node.hears_vote(0, first);
    const auto told = all<effect::ReportEvidence>(scene.node.hears_vote(0, second));
    REQUIRE(told.size() == 1);
    CHECK(told[0].evidence == Evidence{votes::Contradiction{Kinds::NullifyAndFinalize, signed_by(0, nullify(1)),
                                                            signed_by(0, finalize(1, 0, a))}});
}

TEST_CASE("notarize and nullify of one view, notarize and finalize: what honest validators do is no evidence") {
    Scene scene;
    scene.node.start();
    CHECK(all<effect::ReportEvidence>(scene.node.hears_vote(0, notarize(1, 0, a))).empty());
    CHECK(all<effect::ReportEvidence>(scene.node.hears_vote(0, nullify(1))).empty());
    CHECK(all<effect::ReportEvidence>(scene.node.hears_vote(1, notarize(1, 0, a))).empty());
    CHECK(all<effect::ReportEvidence>(scene.node.hears_vote(1, finalize(1, 0, a))).empty());
}

TEST_CASE("S4: a leader's second proposal is evidence and is not processed; the first one stands") {
    Scene scene;
    scene.node.start();
    scene.node.hears(scene.leader(1), scene.proposal(1, 0));
    Proposal second = scene.proposal(1, 0);
    second.vote = signed_by(scene.leader(1), notarize(1, 0, b));
    const Effects effects = scene.node.hears(scene.leader(1), second);
    REQUIRE(all<effect::ReportEvidence>(effects).size() == 1);
    CHECK(votes::name(all<effect::ReportEvidence>(effects)[0].evidence) == "two_proposals");
    CHECK(cast(effects).empty());
    CHECK(all<effect::CheckBlock>(effects).empty());
}

TEST_CASE(
    "S5: a notarize over a view that is final is evidence, once; whether the vote or the finalization came first") {
    Scene scene;
    scene.node.start();
    scene.passes(1, 0);
    const bool is_vote_first = GENERATE(false, true);
    // View 2 becomes final; validator 0 notarizes a block of view 3 that stands on view 1.
    const std::uint32_t liar = 0;
    const Statement skip = notarize(3, 1, c);
    const CertificatePtr final = scene.finalized(2, 1);
    Effects effects;
    if (is_vote_first) {
        scene.node.hears(scene.leader(2), scene.proposal(2, 1));
        scene.others_say(notarize(2, 1, scene.block(2, 1)));
        CHECK(all<effect::ReportEvidence>(scene.node.hears_vote(liar, skip)).empty());
        effects = scene.node.hears(1, final);
    } else {
        scene.node.hears(1, final);
        effects = scene.node.hears_vote(liar, skip);
    }
    const auto told = all<effect::ReportEvidence>(effects);
    REQUIRE(told.size() == 1);
    CHECK(told[0].evidence == Evidence{votes::FinalViewSkipped{signed_by(liar, skip), *final}});
    CHECK(all<effect::ReportEvidence>(scene.node.hears(1, signed_by(liar, skip))).empty());
    CHECK(all<effect::ReportEvidence>(scene.node.hears_vote(liar, skip)).empty());
}

TEST_CASE("S5: a proposal over a final view is evidence even where its envelope lacks what cannot be had") {
    Scene scene;
    scene.node.start();
    scene.passes(1, 0);
    scene.passes(2, 1);
    Proposal skipping = scene.proposal(3, 1, scene.block(1, 0));
    skipping.certificates.resize(1);
    const Effects effects = scene.node.hears(scene.leader(3), skipping);
    REQUIRE(all<effect::ReportEvidence>(effects).size() == 1);
    CHECK(votes::name(all<effect::ReportEvidence>(effects)[0].evidence) == "final_view_skipped");
    CHECK(cast(effects).empty());
}

TEST_CASE("S5: of a quorum that notarizes over a final view everybody is charged, but me") {
    Scene scene;
    scene.node.start();
    scene.passes(1, 0);
    scene.passes(2, 1);
    const auto told = all<effect::ReportEvidence>(scene.node.hears(1, certificate(notarize(3, 1, c), {0, 1, 2, 3})));
    REQUIRE(told.size() == 3);
    for (std::uint32_t i = 0; i < 3; ++i) CHECK(votes::vote_of(told[i].evidence).validator == i);
}

TEST_CASE("S5: who skips what was nullified, or builds on what is final, is charged with nothing") {
    Scene scene;
    scene.node.start();
    scene.passes(1, 0);
    scene.others_say(nullify(2));
    CHECK(all<effect::ReportEvidence>(scene.node.hears_vote(0, notarize(3, 1, c))).empty());
    scene.passes(3, 1);
    CHECK(all<effect::ReportEvidence>(scene.node.hears_vote(1, notarize(4, 3, scene.block(4, 3)))).empty());
    // The block of view 5 skips view 4, which was notarized, nullified and never final.
    scene.others_say(nullify(4));
    CHECK(all<effect::ReportEvidence>(scene.node.hears_vote(1, notarize(5, 3, scene.block(5, 3)))).empty());
    CHECK(all<effect::ReportEvidence>(scene.passes(5, 3)).empty());
}

TEST_CASE("S5: a forged notarize over a final view is its bringer's misdeed alone, and cannot shield the real one") {
    Scene scene;
    scene.node.start();
    scene.passes(1, 0);
    scene.passes(2, 1);
    const Effects lie = scene.node.hears(1, forged(0, notarize(3, 1, c)));
    CHECK(all<effect::ReportEvidence>(lie).empty());
    CHECK(all<effect::Misbehaved>(lie).at(0).peer.validator == 1);
    CHECK(all<effect::ReportEvidence>(scene.node.hears_vote(0, notarize(3, 1, c))).size() == 1);
}

TEST_CASE("S5: after a restart the final view is known, and what it skips is evidence as before") {
    Scene first;
    first.node.start();
    first.passes(1, 0);
    first.passes(2, 1);
    Recovered before{.floor = {first.block(2, 1), 2, 0, 2}, .floor_certificate = first.finalized(2, 1)};
    before.own_votes = first.node.cast;
    before.certificates = first.node.stored;
    Scene second({}, before);
    CHECK(all<effect::ReportEvidence>(second.node.start()).empty());
    CHECK(all<effect::ReportEvidence>(second.node.hears_vote(0, notarize(3, 1, c))).size() == 1);
    CHECK(all<effect::ReportEvidence>(second.node.hears_vote(1, notarize(3, 2, c))).empty());
}

TEST_CASE("a forged contradiction is no evidence against its supposed author, but its bringer's misdeed") {
    Scene scene;
    scene.node.start();
    scene.node.hears_vote(0, notarize(1, 0, a));
    const Effects effects = scene.node.hears(1, forged(0, notarize(1, 0, b)));
    CHECK(all<effect::ReportEvidence>(effects).empty());
    CHECK(all<effect::Misbehaved>(effects).at(0).peer.validator == 1);
    // The real vote still counts.
    scene.node.hears_vote(1, notarize(1, 0, a));
    scene.node.hears_vote(2, notarize(1, 0, a));
    CHECK(scene.node.core().notarization(1) != nullptr);
}

TEST_CASE("a flood of second proposals costs a check each at most, within the sender's budget (#541)") {
    Config config;
    config.limits.checks_burst = 10;
    Scene scene(config);
    scene.node.answers_signatures = false;
    scene.node.start();
    std::size_t checks = 0;
    for (std::uint8_t i = 0; i < 100; ++i) {
        Proposal flood = scene.proposal(1, 0);
        flood.vote = signed_by(scene.leader(1), notarize(1, 0, Hash{{i}}));
        checks += all<effect::CheckSignatures>(scene.node.hears(scene.leader(1), flood)).size();
    }
    CHECK(checks == 10);
}

TEST_CASE("a quorum's certificate for another block than the first proposal is followed all the same (A10)") {
    Scene scene;
    scene.node.start();
    scene.node.hears(scene.leader(1), scene.proposal(1, 0));
    Proposal second = scene.proposal(1, 0);
    second.vote = signed_by(scene.leader(1), notarize(1, 0, b));
    scene.node.hears(scene.leader(1), second);
    scene.node.hears(0, certificate(notarize(1, 0, b), {0, 1, 2}));
    CHECK_FALSE(all<effect::FindBlock>(scene.node.waits(50)).empty());
    scene.node.hears(0, BlockAnswer{0, 1, b, payload_of(b)});
    CHECK(scene.node.core().view() == 2);
    CHECK(scene.node.cast.back().statement == finalize(1, 0, b));
}

TEST_CASE("votes are kept for the open views and the next, for no others (A12)") {
    Scene scene;
    scene.node.start();
    for (std::uint64_t view = 3; view < 200; ++view) scene.node.hears_vote(0, notarize(view, 0, a));
    CHECK(scene.node.core().footprint().slots == 0);
    scene.node.hears_vote(0, notarize(2, 0, a));
    CHECK(scene.node.core().footprint().slots == 1);
}

TEST_CASE("a validator that names a thousand blocks is held to one, or two") {
    Scene scene;
    scene.node.start();
    for (std::uint32_t i = 0; i < 1'000; ++i)
        scene.node.hears_vote(0,
                              notarize(1, 0, Hash{{static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i >> 8)}}));
    CHECK(scene.node.core().footprint().slots == 1);
}

TEST_CASE("statements that cannot be are ignored") {
    Scene scene;
    scene.node.start();
    Statement named = nullify(1);
    named.block = a;
    for (const Statement& statement : {notarize(1, 1, a), finalize(1, 5, a), notarize(0, 0, a), named, nullify(1, 7)})
        scene.node.hears_vote(0, statement);
    Vote stranger = signed_by(0, nullify(1));
    stranger.validator = 4;
    scene.node.hears(0, stranger);
    CHECK(scene.node.core().footprint().slots == 0);
}

TEST_CASE("a vote of my key that I did not cast is reported; my own, echoed, is not") {
    Scene scene;
    scene.node.start();
    scene.node.hears(scene.leader(1), scene.proposal(1, 0));
    const Vote mine = scene.node.cast.at(0);
    CHECK(all<effect::OwnKeyElsewhere>(scene.node.hears(0, mine)).empty());
    const auto told = all<effect::OwnKeyElsewhere>(scene.node.hears(0, signed_by(3, nullify(1))));
    REQUIRE(told.size() == 1);
    CHECK(told[0].vote == signed_by(3, nullify(1)));
    const Effects lie = scene.node.hears(0, forged(3, notarize(2, 0, a)));
    CHECK(all<effect::OwnKeyElsewhere>(lie).empty());
    CHECK(all<effect::Misbehaved>(lie).size() == 1);
}
