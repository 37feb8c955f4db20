#include "gpu-worker/link/outbox.hpp"

#include <catch2/catch.hpp>

using namespace worker;
using rpc::worker_api::Fate;
using rpc::worker_api::Finalized;
using rpc::worker_api::Submitted;
using rpc::worker_api::Welcome;

namespace {

chain::Hash hash(std::uint8_t tag) {
    chain::Hash out;
    out.value[0] = tag;
    return out;
}

const Welcome welcome{.genesis = hash(1), .spec_version = 7, .transaction_version = 3, .next_nonce = 5};
const chain::Bytes call{10, 4, 1, 2, 3};

struct World {
    crypto::SecretKey key = crypto::SecretKey::generate();
    Outbox outbox{key.clone()};

    /// Connected, and block 100 is finalized.
    World() {
        outbox.connected(welcome);
        outbox.finalized({.number = 100, .hash = hash(100)});
    }
    static std::uint32_t nonce_of(const Submission& submission) {
        return chain::decode_extrinsic(submission.extrinsic).value().signed_part.value().extra.nonce.value;
    }
    static Finalized block(std::uint32_t number, std::vector<Fate> fates = {}) {
        return {.number = number, .hash = hash(static_cast<std::uint8_t>(number)), .fates = std::move(fates)};
    }
};

}  // namespace

TEST_CASE("a call is signed by the machine for this chain and block") {
    World world;
    world.outbox.want("beat", call);
    const auto submission = world.outbox.next().value();
    const auto transaction = chain::decode_extrinsic(submission.extrinsic).value();
    CHECK(transaction.call == call);
    CHECK(transaction.signed_part->extra.nonce.value == 5);
    const auto payload = chain::signing_payload(
        call, transaction.signed_part->extra,
        {.spec_version = 7, .transaction_version = 3, .genesis = hash(1), .birth_block = hash(100)});
    const auto signer = crypto::recover(crypto::ethereum_message_digest(payload), transaction.signed_part->signature);
    CHECK(signer.value() == world.key.account());
}

TEST_CASE("one key is one call, from wish to finality") {
    World world;
    world.outbox.want("confirm/1", call);
    world.outbox.want("confirm/1", call);
    CHECK(world.outbox.size() == 1);
    const auto submission = world.outbox.next().value();
    CHECK_FALSE(world.outbox.next());  // one unanswered submission at a time
    CHECK_FALSE(world.outbox.answered({.id = submission.id, .extrinsic_hash = hash(9), .next_nonce = 6}));
    world.outbox.want("confirm/1", call);
    CHECK_FALSE(world.outbox.next());
    CHECK(world.outbox.finalized(World::block(101)).empty());
    const auto settled = world.outbox.finalized(World::block(102, {{.extrinsic_hash = hash(9), .success = true}}));
    REQUIRE(settled.size() == 1);
    CHECK(settled[0].key == "confirm/1");
    CHECK(settled[0].success);
    CHECK(world.outbox.size() == 0);
}

TEST_CASE("several calls take consecutive nonces") {
    World world;
    world.outbox.want("a", call);
    world.outbox.want("b", call);
    const auto first = world.outbox.next().value();
    world.outbox.answered({.id = first.id, .extrinsic_hash = hash(9), .next_nonce = 6});
    CHECK(World::nonce_of(world.outbox.next().value()) == 6);
}

TEST_CASE("a dispatch error is told with its text") {
    World world;
    world.outbox.want("a", call);
    const auto submission = world.outbox.next().value();
    world.outbox.answered({.id = submission.id, .extrinsic_hash = hash(9), .next_nonce = 6});
    const auto settled = world.outbox.finalized(World::block(101, {{hash(9), false, "Leases.NotStarting"}}));
    REQUIRE(settled.size() == 1);
    CHECK_FALSE(settled[0].success);
    CHECK(settled[0].error == "Leases.NotStarting");
}

TEST_CASE("a stale nonce is corrected and the call sent again; a refusal with the right nonce is final") {
    World world;
    world.outbox.want("a", call);
    const auto first = world.outbox.next().value();
    CHECK_FALSE(world.outbox.answered({.id = first.id, .code = 1010, .refusal = "stale", .next_nonce = 8}));
    const auto second = world.outbox.next().value();
    CHECK(World::nonce_of(second) == 8);
    const auto settled = world.outbox.answered({.id = second.id, .code = 1010, .refusal = "not due", .next_nonce = 8});
    REQUIRE(settled);
    CHECK(settled->error == "not due");
    CHECK(world.outbox.size() == 0);
}

TEST_CASE("a node whose nonces never agree does not keep a call busy for ever") {
    World world;
    world.outbox.want("a", call);
    std::optional<Settled> settled;
    int sent = 0;
    for (; !settled && sent < 10; ++sent) {
        const auto submission = world.outbox.next().value();
        settled = world.outbox.answered(
            {.id = submission.id, .code = 1010, .refusal = "stale", .next_nonce = World::nonce_of(submission) + 1});
    }
    CHECK(settled);
    CHECK(sent == Outbox::attempts_max);
}

TEST_CASE("a full pool is asked again after the next block") {
    World world;
    world.outbox.want("a", call);
    const auto first = world.outbox.next().value();
    CHECK_FALSE(world.outbox.answered({.id = first.id, .code = 1016, .refusal = "full", .next_nonce = 5}));
    CHECK_FALSE(world.outbox.next());
    world.outbox.finalized(World::block(101));
    CHECK(world.outbox.next());
}

TEST_CASE("after a reconnect only what the node has lost is sent again") {
    World world;
    world.outbox.want("kept", call);
    world.outbox.want("lost", call);
    const auto kept = world.outbox.next().value();
    world.outbox.answered({.id = kept.id, .extrinsic_hash = hash(9), .next_nonce = 6});
    const auto lost = world.outbox.next().value();
    world.outbox.disconnected();
    CHECK_FALSE(world.outbox.next());
    Welcome back = welcome;
    back.next_nonce = 6;
    world.outbox.connected(back);
    const auto again = world.outbox.next().value();
    CHECK(World::nonce_of(again) == World::nonce_of(lost));
    world.outbox.answered({.id = again.id, .extrinsic_hash = hash(10), .next_nonce = 7});
    CHECK(world.outbox.finalized(World::block(101, {{hash(9), true, ""}, {hash(10), true, ""}})).size() == 2);
}

TEST_CASE("what no block took before its era died is sent again") {
    World world;
    world.outbox.want("a", call);
    const auto submission = world.outbox.next().value();
    world.outbox.answered({.id = submission.id, .extrinsic_hash = hash(9), .next_nonce = 6});
    world.outbox.finalized(World::block(163));
    CHECK_FALSE(world.outbox.next());
    world.outbox.finalized(World::block(164));
    CHECK(world.outbox.next());
}

TEST_CASE("nothing is sent before a block is known: without one no era can be signed") {
    Outbox outbox{crypto::SecretKey::generate()};
    outbox.connected(welcome);
    outbox.want("a", call);
    CHECK_FALSE(outbox.next());
}

TEST_CASE("a withdrawn call is not sent; one under way goes on") {
    World world;
    world.outbox.want("a", call);
    world.outbox.withdraw("a");
    CHECK_FALSE(world.outbox.next());
    world.outbox.want("b", call);
    CHECK(world.outbox.next());
    world.outbox.withdraw("b");
    CHECK(world.outbox.size() == 1);
}
