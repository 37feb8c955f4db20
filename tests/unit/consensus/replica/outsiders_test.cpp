// S6: whoever is no validator of the epoch and signs its votes all the same is named by his connection's key.

#include "consensus/replica/outsiders.hpp"

#include "tests/unit/consensus/replica/one_node.hpp"

#include <catch2/catch.hpp>

using namespace consensus;
using votes::Kind;

namespace {

votes::Ed25519Secret secret(std::uint8_t number) {
    return votes::Ed25519Secret{crypto::Ed25519Key::from_seed({number})};
}

constexpr std::uint8_t outsider = 9;
constexpr std::uint64_t his_connection = 7;
const Hash block{{4}};

/// One of four validators, connected with somebody who is none.
struct Scene {
    Scene() {
        for (std::uint8_t i = 0; i < 4; ++i) chain.validators.push_back({secret(i).public_key(), 1});
        node.emplace(chain, disk, key, ReplicaConfig{.genesis = test_genesis, .guard_ms = 0});
        CHECK(node->replica.start(node->now_ms));
        node->replica.peer_arrived(his_connection, secret(outsider).public_key());
    }

    /// What comes of a message on a connection.
    std::vector<Evidence> hears(Message message, std::uint64_t connection = his_connection) {
        node->found.clear();
        node->replica.receive(connection, std::make_shared<const Message>(std::move(message)));
        CHECK(node->turn());
        CHECK(node->turn());  // the verifier's answer
        return node->found;
    }

    const votes::Ed25519Secret key = secret(0);
    TestChain chain;
    safety::MemoryStorage disk;
    std::optional<OneNode> node;
};

votes::Statement notarize(std::uint64_t epoch = 0) { return {Kind::Notarize, epoch, 1, 0, block}; }

/// Somebody's vote that says it is of validator 2.
votes::Vote by(std::uint8_t who, const votes::Statement& statement) {
    return votes::sign(statement, test_genesis, 2, secret(who));
}

}  // namespace

TEST_CASE("S6: a vote of somebody who is no validator is evidence against his key, once an epoch") {
    Scene scene;
    const votes::Vote vote = by(outsider, notarize());
    const auto found = scene.hears(vote);
    REQUIRE(found.size() == 1);
    CHECK(found[0] == Evidence{votes::VoteFromOutside{vote, secret(outsider).public_key()}});
    CHECK(votes::verify(found[0], test_genesis, votes::ValidatorTable{scene.chain.validators}, 0));
    CHECK(scene.hears(vote).empty());
    CHECK(scene.hears(by(outsider, {.kind = Kind::Nullify, .view = 1})).empty());
}

TEST_CASE("S6: the same for the vote in his proposal") {
    Scene scene;
    const Proposal proposal{.vote = by(outsider, notarize()), .block = std::make_shared<const Bytes>(Bytes(40, 1))};
    CHECK(scene.hears(proposal).size() == 1);
}

TEST_CASE("S6: who passes on a validator's vote, a forged one, or one of another epoch has signed nothing") {
    Scene scene;
    CHECK(scene.hears(by(2, notarize())).empty());
    votes::Vote forged = by(outsider, notarize());
    forged.signature[3] ^= 1;
    CHECK(scene.hears(forged).empty());
    // A validator of the epoch after this one, who is connected early, signs for that epoch alone.
    CHECK(scene.hears(by(outsider, notarize(1))).empty());
    // A node that proved no key.
    scene.node->replica.peer_arrived(8, std::nullopt);
    CHECK(scene.hears(by(outsider, notarize()), 8).empty());
}

TEST_CASE("S6: a validator whose vote bears another's index is no outsider; nor am I") {
    Scene scene;
    scene.node->replica.peer_arrived(11, secret(1).public_key());
    CHECK(scene.hears(by(1, notarize()), 11).empty());
    Scene follower;
    follower.chain.validators.erase(follower.chain.validators.begin());
    OneNode node{follower.chain, follower.disk, follower.key, ReplicaConfig{.genesis = test_genesis, .guard_ms = 0}};
    REQUIRE(node.replica.start(node.now_ms));
    node.replica.peer_arrived(1, follower.key.public_key());
    node.replica.receive(1, std::make_shared<const Message>(by(0, notarize())));
    REQUIRE(node.turn());
    REQUIRE(node.turn());
    CHECK(node.found.empty());
}

TEST_CASE("few votes from outside are looked at a second, and few at once") {
    Outsiders outsiders;
    const auto ask = [&](std::uint64_t now_ms, std::uint8_t who) {
        return outsiders.heard(now_ms, secret(who).public_key(), by(who, notarize())).has_value();
    };
    std::size_t asked = 0;
    for (int i = 0; i < 100; ++i) asked += ask(1'000, 9);
    CHECK(asked == Outsiders::checks_per_s.burst);
    // None has been answered: however much time passes, no more are under way.
    for (int i = 0; i < 100; ++i) asked += ask(100'000, 9);
    CHECK(asked == Outsiders::checks_max);
    CHECK(outsiders.pending() == Outsiders::checks_max);
    outsiders.begin();
    CHECK(outsiders.pending() == 0);
    CHECK(ask(200'000, 9));
}

TEST_CASE("an answer to nothing that was asked is no evidence") {
    Outsiders outsiders;
    CHECK_FALSE(outsiders.answered({Outsiders::first_batch, {}}));
    const auto question = outsiders.heard(0, secret(9).public_key(), by(9, notarize()));
    REQUIRE(question);
    CHECK_FALSE(outsiders.answered({question->work.batch, {0}}));
    CHECK_FALSE(outsiders.answered({question->work.batch, {}}));
}
