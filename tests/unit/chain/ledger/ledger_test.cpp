#include "chain/ledger/ledger.hpp"

#include "chain/state/proof.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

using namespace ledger;
using tests::local;
using tests::toy;
using tests::World;

TEST_CASE("a submitted transaction is built, imported, made final, and its watcher hears of each step") {
    World world;
    const auto extrinsic = toy(1, 0, 5, 42);
    const auto hash = world.ledger->submit(extrinsic, local);
    REQUIRE(hash);
    CHECK(*hash == chain::extrinsic_hash(extrinsic));
    CHECK(world.ledger->has_work());
    CHECK(world.ledger->next_nonce(tests::account(1)) == 1);
    CHECK(world.ledger->pending() == std::vector<Bytes>{extrinsic});

    std::vector<TransactionStatus> heard;
    const auto watch = world.ledger->on_transaction(*hash, [&](const TransactionStatus& s) { heard.push_back(s); });
    const Hash block = world.next_block();
    world.ledger->deliver_all();
    CHECK(heard == std::vector<TransactionStatus>{pool::Ready{}, pool::InBlock{block, 1}, pool::Finalized{block, 1}});
    CHECK_FALSE(world.ledger->has_work());
    CHECK(world.ledger->pending().empty());
    CHECK(world.value_at(block, 5) == 42);
    CHECK(world.ledger->finalized() == BlockRef{block, 1});
    CHECK(world.ledger->best() == BlockRef{block, 1});
    CHECK(world.ledger->block(block)->extrinsics.size() == 2);
    CHECK(world.ledger->hash_of(1) == block);
    CHECK(world.ledger->certificate(block) == Bytes{1});
    CHECK(world.executor.executions == 0);  // a block built here is not run again
}

TEST_CASE("a chain's first block is due at once, though nobody has sent anything; later ones wait for work") {
    World world;
    CHECK(world.ledger->has_work());
    world.next_block();
    CHECK_FALSE(world.ledger->has_work());
}

TEST_CASE("a refused transaction gets Substrate's code and text; a gapped one waits") {
    World world;
    REQUIRE(world.ledger->submit(toy(1, 0, 5, 1), local));
    world.next_block();
    const auto stale = world.ledger->submit(toy(1, 0, 5, 2), local);
    REQUIRE_FALSE(stale);
    CHECK(stale.error().code == pool::RefusalCode::InvalidTransaction);
    CHECK(stale.error().data == "Transaction is outdated");

    REQUIRE(world.ledger->submit(toy(1, 2, 5, 3), local));
    CHECK_FALSE(world.ledger->has_work());
    CHECK(world.ledger->next_nonce(tests::account(1)) == 1);
    REQUIRE(world.ledger->submit(toy(1, 1, 5, 4), local));
    CHECK(world.ledger->next_nonce(tests::account(1)) == 3);
    const Hash block = world.next_block();
    CHECK(world.value_at(block, 5) == 3);
}

TEST_CASE("a transaction that fails in the block leaves the pool; one that found no room stays") {
    World world;
    const auto bad = world.ledger->submit(toy(1, 0, 5, 0xff), local);
    const auto big = world.ledger->submit(toy(2, 0, 5, 0xfe), local);
    std::vector<TransactionStatus> heard;
    const auto watch = world.ledger->on_transaction(*bad, [&](const TransactionStatus& s) { heard.push_back(s); });
    const Hash block = world.next_block();
    world.ledger->deliver_all();
    CHECK(world.ledger->block(block)->extrinsics.size() == 1);
    CHECK(heard == std::vector<TransactionStatus>{pool::Ready{}, pool::Invalid{}});
    CHECK(world.ledger->pending() == std::vector<Bytes>{toy(2, 0, 5, 0xfe)});
}

TEST_CASE("of two blocks on one parent the final one stays, and the other's transactions come back") {
    World world;
    const Hash base = world.next_block();
    const auto plain = world.build(base, 2);  // empty: nothing is submitted yet
    const auto hash = world.ledger->submit(toy(1, 0, 5, 42), local);
    std::vector<TransactionStatus> heard;
    const auto watch = world.ledger->on_transaction(*hash, [&](const TransactionStatus& s) { heard.push_back(s); });
    const Hash lost = world.build_and_import(base, 3);
    REQUIRE(world.ledger->import(plain.block));
    CHECK(world.ledger->best().hash == lost);
    CHECK(world.value_at(lost, 5) == 42);
    CHECK(world.value_at(plain.hash, 5) == 0);

    std::vector<FinalizedBlocks> events;
    const auto finals = world.ledger->on_finalized([&](const FinalizedBlocks& e) { events.push_back(e); });
    REQUIRE(world.ledger->finalize(plain.hash, {}));
    world.ledger->deliver_all();
    REQUIRE(events.size() == 1);
    CHECK(events[0].finalized == std::vector<BlockRef>{{plain.hash, 2}});
    CHECK(events[0].extrinsics == std::vector<std::uint32_t>{1});
    CHECK(events[0].pruned == std::vector<Hash>{lost});
    CHECK(world.ledger->best().hash == plain.hash);
    CHECK(world.ledger->header(lost) == std::nullopt);
    CHECK(world.ledger->state_at(lost) == nullptr);
    REQUIRE(heard.size() == 4);
    CHECK(heard[2] == TransactionStatus{pool::Retracted{lost}});
    CHECK(heard[3] == TransactionStatus{pool::Ready{}});
    CHECK(world.value_at(world.next_block(), 5) == 42);
}

TEST_CASE("finality reaches over several blocks at once, and children live on") {
    World world;
    const Hash a = world.build_and_import(world.ledger->genesis().hash);
    REQUIRE(world.ledger->submit(toy(1, 0, 5, 9), local));
    const Hash b = world.build_and_import(a, 2);
    const Hash c = world.build_and_import(b, 3);
    CHECK(world.ledger->best() == BlockRef{c, 3});
    CHECK(world.ledger->hash_of(2) == b);
    REQUIRE(world.ledger->finalize(b, Bytes{5}));
    CHECK(world.ledger->finalized() == BlockRef{b, 2});
    CHECK(world.ledger->certificate(a) == std::nullopt);
    CHECK(world.ledger->certificate(b) == Bytes{5});
    CHECK(world.value_at(c, 5) == 9);
    CHECK(world.value_at(a, 5) == 0);
    const Hash d = world.build_and_import(c, 4);
    REQUIRE(world.ledger->finalize(d, {}));
    CHECK(world.value_at(d, 5) == 9);
    CHECK(world.store->verify_state());
}

TEST_CASE("a block that breaks a rule is refused with the rule") {
    World world;
    world.next_block();
    const auto says = [](const Result<void>& result, const std::string& part) {
        REQUIRE_FALSE(result);
        CHECK_THAT(result.error().text, Catch::Contains(part));
    };
    says(world.import_changed([](Block& b) { b.header.parent_hash = Hash{{9}}; }), "its parent");
    says(world.import_changed([](Block& b) { b.header.number.value = 7; }), "its number");
    says(world.import_changed([](Block& b) { b.header.state_root = Hash{{9}}; }), "its state root");
    says(world.import_changed([](Block& b) {
        b.extrinsics.push_back(toy(1, 0, 1, 1));
        b.header.digest.logs.emplace_back(chain::digest::Other{});  // another hash than the block built here
    }),
         "its extrinsics");
    says(world.import_changed([](Block& b) {
        b.extrinsics.push_back(toy(1, 7, 1, 1));
        b.header.extrinsics_root = chain::extrinsics_root(b.extrinsics);
    }),
         "extrinsic 1");
    CHECK(world.ledger->best().number == 1);
}

TEST_CASE("a block's time is later than its parent's, near the clock, and no trust is needed for it") {
    // Built in one world, imported in a second one that starts from the same genesis.
    World author;
    World importer;
    const auto block = author.build(author.ledger->genesis().hash).block;
    const std::uint64_t time = author.now_ms;
    const auto import_at = [&](std::uint64_t now) {
        importer.now_ms = now;
        return importer.ledger->import(block);
    };
    CHECK_THAT(import_at(time - 501).error().text, Catch::Contains("501 ms ahead"));
    CHECK_THAT(import_at(time + 60'001).error().text, Catch::Contains("60001 ms behind"));
    CHECK(import_at(time - 500));
    CHECK(importer.executor.executions == 1);
    REQUIRE(importer.ledger->finalize(chain::hash_of(block.header), {}));
    CHECK(importer.store->verify_state());

    author.ledger->import(block).value();
    author.now_ms -= 60'000;  // the author's clock was set back: the next block still comes later
    const auto next = author.ledger->build(chain::hash_of(block.header), World::item(2));
    REQUIRE(next);
    CHECK(scale::decode<std::uint64_t>(next->block.extrinsics[0]).value() == time + 1);
}

TEST_CASE("a snapshot answers the same for as long as it is held") {
    World world;
    const auto before = world.ledger->state_at(world.ledger->best().hash);
    REQUIRE(world.ledger->submit(toy(1, 0, 0, 99), local));
    const Hash block = world.build_and_import(world.ledger->best().hash);
    const auto unfinal = world.ledger->state_at(block);
    REQUIRE(world.ledger->finalize(block, {}));
    REQUIRE(world.ledger->submit(toy(1, 1, 0, 100), local));
    world.next_block();
    CHECK(before->get(tests::value_key(0)) == Bytes{7});
    CHECK(unfinal->get(tests::value_key(0)) == Bytes{99});
    CHECK(world.value_at(block, 0) == 99);
    CHECK(world.value_at(world.ledger->genesis().hash, 0) == 7);
}

TEST_CASE("proofs of the best, the final and an older block convince who knows the root") {
    World world;
    REQUIRE(world.ledger->submit(toy(1, 0, 5, 42), local));
    const Hash old = world.next_block();
    REQUIRE(world.ledger->submit(toy(1, 1, 5, 43), local));
    const Hash final = world.next_block();
    REQUIRE(world.ledger->submit(toy(1, 2, 5, 44), local));
    const Hash best = world.build_and_import(final);
    const std::vector<Bytes> keys{tests::value_key(5), tests::value_key(77)};
    for (const auto& [hash, value] : {std::pair{old, 42}, {final, 43}, {best, 44}}) {
        const auto proof = world.ledger->read_proof(keys, hash);
        REQUIRE(proof);
        const Hash root = world.ledger->header(hash)->state_root;
        CHECK(state::verify_proof(root, *proof, keys[0]).value() == Bytes{static_cast<std::uint8_t>(value)});
        CHECK(state::verify_proof(root, *proof, keys[1]).value() == std::nullopt);
    }
    CHECK_FALSE(world.ledger->read_proof(keys, Hash{{1}}));
}

TEST_CASE("after a restart the final chain is there and goes on; what was not final is gone") {
    World world;
    REQUIRE(world.ledger->submit(toy(1, 0, 5, 42), local));
    const Hash final = world.next_block();
    world.build_and_import(final);
    world.open();
    CHECK(world.ledger->best() == BlockRef{final, 1});
    CHECK(world.ledger->next_nonce(tests::account(1)) == 1);
    CHECK(world.value_at(final, 5) == 42);
    CHECK(world.ledger->header(world.next_block())->number.value == 2);
}

TEST_CASE("events come in order, callbacks may use the ledger, and end when their subscription does") {
    World world;
    std::vector<std::uint32_t> numbers;
    std::vector<std::string> kinds;
    bool all_fit = true;
    auto heads = world.ledger->on_new_block([&](const NewBlock& event) {
        // Catch2's assertions belong to the test's thread: collect here, look there.
        all_fit = all_fit && event.is_best && event.changes->contains(tests::key_of("Timestamp", "Now"));
        numbers.push_back(world.ledger->header(event.block.hash)->number.value);
        kinds.emplace_back("new");
    });
    const auto finals = world.ledger->on_finalized([&](const FinalizedBlocks&) { kinds.emplace_back("final"); });
    for (int i = 0; i < 3; ++i) world.next_block();
    world.ledger->deliver_all();
    CHECK(all_fit);
    CHECK(numbers == std::vector<std::uint32_t>{1, 2, 3});
    CHECK(kinds == std::vector<std::string>{"new", "final", "new", "final", "new", "final"});
    heads.reset();
    world.next_block();
    world.ledger->deliver_all();
    CHECK(numbers.size() == 3);
}

TEST_CASE("while nobody gets on with the news, blocks go on and transactions are refused") {
    World world;
    std::atomic<bool> may_return = false;
    const auto stuck = world.ledger->on_new_block([&](const NewBlock&) { may_return.wait(false); });
    std::vector<Subscription> listeners;
    for (int i = 0; i < 8'192; ++i) listeners.push_back(world.ledger->on_new_block([](const NewBlock&) {}));
    REQUIRE(world.ledger->submit(toy(1, 0, 5, 1), local));
    for (int i = 0; i < 9; ++i) world.next_block();

    const auto refused = world.ledger->submit(toy(1, 1, 5, 2), local);
    may_return = true;
    may_return.notify_all();
    REQUIRE_FALSE(refused);
    CHECK(refused.error() == pool::immediately_dropped());
    CHECK(world.ledger->header(world.ledger->best().hash)->number.value == 9);
    world.ledger->deliver_all();
    CHECK(world.ledger->submit(toy(1, 1, 5, 2), local));
}

TEST_CASE("a ready transaction wakes consensus") {
    World world;
    std::atomic<int> woken = 0;
    std::atomic<bool> knows_it = true;
    const auto wake = world.ledger->on_ready([&](const std::vector<Hash>& extrinsics) {
        ++woken;
        for (const Hash& extrinsic : extrinsics) knows_it = knows_it && world.ledger->pooled(extrinsic) != nullptr;
    });
    REQUIRE(world.ledger->submit(toy(1, 1, 5, 1), local));
    world.ledger->deliver_all();
    CHECK(woken == 0);
    REQUIRE(world.ledger->submit(toy(1, 0, 5, 1), local));
    world.ledger->deliver_all();
    CHECK(woken > 0);
}

TEST_CASE("threads submit and read while blocks are made") {
    World world;
    std::atomic<bool> done = false;
    std::atomic<std::uint32_t> reads = 0;
    std::vector<std::thread> threads;
    for (std::uint8_t sender = 1; sender <= 3; ++sender)
        threads.emplace_back([&, sender] {
            for (std::uint8_t nonce = 0; nonce < 60; ++nonce)
                (void)world.ledger->submit(toy(sender, nonce, sender, static_cast<std::uint8_t>(nonce + 1)), local);
        });
    threads.emplace_back([&] {
        while (!done) {
            const auto best = world.ledger->best();
            // Between the two calls the block may have lost nothing: finality only moves up here.
            const auto state = world.ledger->state_at(best.hash);
            if (state && state->get(tests::value_key(0)) == Bytes{7}) ++reads;
            (void)world.ledger->next_nonce(tests::account(1));
        }
    });
    while (world.ledger->next_nonce(tests::account(1)) + world.ledger->next_nonce(tests::account(2)) +
                   world.ledger->next_nonce(tests::account(3)) <
               180 ||
           world.ledger->has_work())
        world.next_block();
    done = true;
    for (auto& thread : threads) thread.join();
    CHECK(reads > 0);
    CHECK(world.value_at(world.ledger->best().hash, 3) == 60);
    CHECK(world.store->verify_state());
}
