#include "consensus/replica/guard.hpp"

#include "tests/unit/consensus/replica/one_node.hpp"

#include <catch2/catch.hpp>

using namespace consensus;
using votes::Kind;

namespace {

votes::Ed25519Secret secret(std::uint8_t number) {
    return votes::Ed25519Secret{crypto::Ed25519Key::from_seed({number})};
}

/// Validator 0 of four, with the others at hand.
struct Four {
    votes::Ed25519Secret key = secret(0);
    safety::MemoryStorage disk;
    TestChain chain;
    OneNode node;

    Four() : node(with_validators(), disk, key, {.genesis = test_genesis, .guard_ms = 4'000}) {
        REQUIRE(node.replica.start(node.now_ms));
        for (std::uint8_t i = 1; i < 4; ++i) node.replica.peer_arrived(i, secret(i).public_key());
        REQUIRE(node.turn());
    }
    TestChain& with_validators() {
        for (std::uint8_t i = 0; i < 4; ++i) chain.validators.push_back({secret(i).public_key(), 1});
        return chain;
    }
    void hears(std::uint64_t peer, Message message) {
        node.replica.receive(peer, std::make_shared<const Message>(std::move(message)));
        REQUIRE(node.turn());
    }
    votes::Vote vote_of(std::uint8_t validator, Kind kind, std::uint64_t view) {
        const Hash block = kind == Kind::Nullify ? Hash{} : Hash{{9}};
        return votes::sign({kind, 0, view, 0, block}, test_genesis, validator, secret(validator));
    }
};

}  // namespace

TEST_CASE("the guard ends after its time, or after two views that others ended") {
    Guard guard{1'000, 4'000};
    CHECK_FALSE(guard.is_over(4'999));
    CHECK(guard.is_over(5'000));
    guard.view_ended(effect::Outcome::Notarized);
    guard.view_ended(effect::Outcome::Overtaken);
    CHECK_FALSE(guard.is_over(2'000));
    guard.view_ended(effect::Outcome::Nullified);
    CHECK(guard.is_over(2'000));
    guard.heard_ourselves(2'000);
    CHECK_FALSE(guard.is_over(5'999));
    CHECK(guard.is_over(6'000));
}

TEST_CASE("a claim counts when a third of the weight makes it") {
    const votes::ValidatorTable table{{{{}, 1}, {{}, 2}, {{}, 3}, {{}, 3}}};
    Guard guard{0, 1};
    CHECK(guard.credible(table) == 0);
    guard.claim(1, ~std::uint64_t{0});
    CHECK(guard.credible(table) == 0);
    guard.claim(0, 70);
    CHECK(guard.credible(table) == 70);
    guard.claim(3, 80);
    CHECK(guard.credible(table) == 80);
    guard.claim(3, 60);
    CHECK(guard.credible(table) == 80);
    guard.forget_claims();
    CHECK(guard.credible(table) == 0);
}

TEST_CASE("a quorum that heard no more than is remembered shortens the guard, until a vote is heard") {
    const votes::ValidatorTable table{{{{}, 1}, {{}, 1}, {{}, 1}, {{}, 1}}};
    Guard guard{0, 4'000};
    guard.claim(1, 7);
    CHECK_FALSE(guard.is_reassured(table, 0, 7));
    guard.claim(2, 8);
    CHECK_FALSE(guard.is_reassured(table, 0, 7));
    CHECK(guard.is_reassured(table, 0, 8));
    CHECK_FALSE(guard.is_reassured(table, 1, 8));
    guard.reassured(100);
    guard.reassured(300);
    CHECK(guard.ends_ms() == 600);
    guard.heard_ourselves(400);
    guard.reassured(500);
    CHECK(guard.ends_ms() == 4'400);
}

TEST_CASE("a validator whom a quorum heard no more of than he remembers signs soon") {
    Four four;
    four.node.replica.work_changed(true);
    const std::uint64_t start = four.node.now_ms;
    four.hears(1, Status{.epoch = 0, .view = 1});
    REQUIRE(four.node.run_until(start + 1'000));
    CHECK(four.node.replica.report().signing == SigningState::Listens);
    four.hears(2, Status{.epoch = 0, .view = 1});
    REQUIRE(four.node.run_until(start + 1'400));
    CHECK(four.node.replica.report().signing == SigningState::Listens);
    REQUIRE(four.node.run_until(start + 1'600));
    CHECK(four.node.replica.report().signing == SigningState::Signs);
    CHECK_FALSE(four.node.votes_sent().empty());
}

TEST_CASE("a validator listens before it signs, and then says what it had to say") {
    Four four;
    four.node.replica.work_changed(true);
    REQUIRE(four.node.run_until(4'900));
    CHECK(four.node.replica.report().signing == SigningState::Listens);
    CHECK(four.node.votes_sent().empty());
    REQUIRE(four.node.run_until(5'100));
    CHECK(four.node.replica.report().signing == SigningState::Signs);
    CHECK_FALSE(four.node.votes_sent().empty());
}

TEST_CASE("a validator that is a quorum alone has nobody to listen to") {
    const auto key = secret(0);
    safety::MemoryStorage disk;
    TestChain chain;
    chain.validators.push_back({key.public_key(), 1});
    OneNode node{chain, disk, key, {.genesis = test_genesis, .guard_ms = 4'000}};
    REQUIRE(node.replica.start(node.now_ms));
    CHECK(node.replica.report().signing == SigningState::Signs);
    node.replica.work_changed(true);
    REQUIRE(node.run_until(1'200));
    CHECK(chain.finals.size() > 1);
}

TEST_CASE("who is told that he voted, by more than can be faulty, signs nothing up to there") {
    Four four;
    four.hears(1, Status{.epoch = 0, .view = 60, .heard_of_you = 55});
    CHECK(four.node.replica.report().silent_until == safety::Mark{});
    four.hears(2, Status{.epoch = 0, .view = 60, .heard_of_you = 50});
    CHECK(four.node.replica.report().silent_until == safety::Mark{0, 50});
    REQUIRE(four.node.run_until(30'000));
    CHECK(four.node.votes_sent().empty());
    CHECK(four.node.replica.report().signing == SigningState::Silent);
    // The next life knows it too.
    four.disk.crash();
    const auto signer = safety::Signer::open(four.disk, four.key, test_genesis);
    REQUIRE(signer);
    CHECK(signer->watermark().silent_until == safety::Mark{0, 50});
}

TEST_CASE("a claim after the guard's end means nothing") {
    Four four;
    REQUIRE(four.node.run_until(6'000));
    for (std::uint64_t peer = 1; peer < 4; ++peer) four.hears(peer, Status{.epoch = 0, .view = 60, .heard_of_you = 55});
    CHECK(four.node.replica.report().signing == SigningState::Signs);
}

TEST_CASE("a vote of our own that we do not remember is taken for signed, and we listen anew") {
    Four four;
    REQUIRE(four.node.run_until(4'000));
    four.hears(1, four.vote_of(0, Kind::Notarize, 1));
    REQUIRE(four.node.run_until(4'050));
    REQUIRE(four.node.doubles.size() == 1);
    CHECK_FALSE(four.node.doubles[0].is_fatal);
    REQUIRE(four.node.run_until(7'900));
    CHECK(four.node.replica.report().signing == SigningState::Listens);
    REQUIRE(four.node.run_until(20'000));
    // View 1 is where the chain stands: there it may have said anything.
    CHECK(four.node.votes_sent().empty());
    CHECK(four.node.replica.report().signing == SigningState::Silent);
}

TEST_CASE("a second machine that is heard after the guard ends our signing") {
    Four four;
    four.node.replica.work_changed(true);
    REQUIRE(four.node.run_until(5'050));
    const std::size_t said = four.node.votes_sent().size();
    four.hears(1, four.vote_of(0, Kind::Finalize, 2));
    REQUIRE(four.node.run_until(5'060));
    REQUIRE(four.node.doubles.size() == 1);
    CHECK(four.node.doubles[0].is_fatal);
    CHECK(four.node.replica.report().signing == SigningState::Stopped);
    four.node.sent.clear();
    four.hears(
        1,
        std::make_shared<const votes::Certificate>(votes::certify(
            {four.vote_of(1, Kind::Nullify, 1), four.vote_of(2, Kind::Nullify, 1), four.vote_of(3, Kind::Nullify, 1)},
            votes::ValidatorTable{four.chain.validators})));
    REQUIRE(four.node.run_until(30'000));
    for (const auto& vote : four.node.votes_sent()) CHECK(vote.statement.view == 1);
    CHECK(said > 0);
}

TEST_CASE("a forged vote with our index means nothing") {
    Four four;
    votes::Vote forged = four.vote_of(0, Kind::Notarize, 1);
    forged.signature[5] ^= 1;
    four.hears(1, forged);
    REQUIRE(four.node.run_until(5'100));
    CHECK(four.node.doubles.empty());
    CHECK(four.node.replica.report().signing == SigningState::Signs);
}

TEST_CASE("a certificate with our signature reminds us of a vote that the disk forgot") {
    Four four;
    const votes::ValidatorTable table{four.chain.validators};
    four.hears(
        1,
        std::make_shared<const votes::Certificate>(votes::certify(
            {four.vote_of(0, Kind::Nullify, 1), four.vote_of(1, Kind::Nullify, 1), four.vote_of(2, Kind::Nullify, 1)},
            table)));
    REQUIRE(four.node.run_until(1'100));
    using Seen = safety::ViewWindow::Seen;
    CHECK(four.node.replica.signer()->watermark().nullified.seen({0, 1}) == Seen::Yes);
}

TEST_CASE(
    "with journal and watermark damaged a validator follows and signs nothing, until an operator says from where") {
    Four four;
    four.node.replica.work_changed(true);
    REQUIRE(four.node.run_until(8'000));
    const auto said = four.node.votes_sent();
    REQUIRE(said.size() > 1);
    four.disk.crash();
    four.disk.durable.at(safety::part_name(0, 1))[40] ^= 1;
    four.disk.durable.at("watermark").at(30) ^= 1;
    const auto damaged = four.disk.durable;

    OneNode next{four.chain, four.disk, four.key, {.genesis = test_genesis, .guard_ms = 4'000}};
    REQUIRE(next.replica.start(next.now_ms));
    next.replica.work_changed(true);
    REQUIRE(next.run_until(60'000));
    CHECK(next.has_lost_memory);
    CHECK(next.replica.report().signing == SigningState::Forgot);
    CHECK(next.votes_sent().empty());
    CHECK(four.disk.durable == damaged);

    OneNode told{four.chain,
                 four.disk,
                 four.key,
                 {.genesis = test_genesis, .guard_ms = 4'000, .no_sign_until = safety::Mark{0, 100}}};
    REQUIRE(told.replica.start(told.now_ms));
    told.replica.work_changed(true);
    REQUIRE(told.run_until(60'000));
    CHECK(told.replica.report().signing == SigningState::Silent);
    CHECK(told.replica.report().silent_until >= safety::Mark{0, 100});
    // The word is on the disk: it need not be said again, and damage of one slot does not take it away.
    for (const std::uint64_t slot : {std::uint64_t{0}, safety::watermark_slot_offset}) {
        safety::MemoryStorage disk = four.disk;
        disk.crash();
        disk.durable.at("watermark")[slot + 30] ^= 1;
        const auto signer = safety::Signer::open(disk, four.key, test_genesis);
        REQUIRE(signer);
        CHECK(signer->watermark().silent_until >= safety::Mark{0, 100});
    }
}

TEST_CASE(
    "a validator alone that forgot goes on from the last final block, when its operator says that nobody saw more") {
    TestChain chain;
    chain.validators.push_back({secret(0).public_key(), 1});
    safety::MemoryStorage disk;
    const auto key = secret(0);
    OneNode first{chain, disk, key, {.genesis = test_genesis, .guard_ms = 0}};
    REQUIRE(first.replica.start(first.now_ms));
    first.replica.work_changed(true);
    REQUIRE(first.run_until(8'000));
    const std::vector<FinalBlock> before = chain.finals;
    REQUIRE(before.size() > 5);
    disk.crash();
    disk.durable.at(safety::part_name(0, 1))[40] ^= 1;
    disk.durable.at("watermark").at(30) ^= 1;
    disk.durable.at("watermark").at(safety::watermark_slot_offset + 30) ^= 1;

    const safety::Mark last{before.back().tip.epoch, before.back().tip.view};
    OneNode next{chain, disk, key, {.genesis = test_genesis, .guard_ms = 0, .no_sign_until = last}};
    next.now_ms = 9'000;
    REQUIRE(next.replica.start(next.now_ms));
    next.replica.work_changed(true);
    REQUIRE(next.run_until(20'000));
    CHECK(next.replica.report().signing == SigningState::Signs);
    CHECK(chain.finals.size() > before.size() + 5);
    for (std::size_t i = 0; i < before.size(); ++i) CHECK(chain.finals[i].tip == before[i].tip);
    for (const auto& vote : next.votes_sent()) CHECK(safety::Mark{vote.statement.epoch, vote.statement.view} > last);
}
