// A block's steps from proposal to finality, forks of certified blocks, and what re-orgs do to the pool.

#include "world.hpp"

#include <catch2/catch.hpp>

using namespace ledger;
using tests::local;
using tests::toy;
using tests::World;
using Verdict = Checked::Verdict;

namespace {

/// An author and a validator that start from the same genesis, with clocks that agree.
struct Two {
    World author;
    World validator;

    Block propose(const Hash& parent, std::uint64_t view) {
        const auto built = author.build(parent, view);
        validator.now_ms = author.now_ms;
        return built.block;
    }
    /// The whole way at the validator, and at the author.
    Hash certified(const Block& block) {
        const Hash hash = chain::hash_of(block.header);
        REQUIRE(validator.ledger->check(block).verdict == Verdict::Good);
        REQUIRE(validator.ledger->execute(hash)->is_good);
        validator.ledger->certify(hash);
        author.ledger->certify(hash);
        return hash;
    }
};

}  // namespace

TEST_CASE("a foreign block is checked, executed, certified and final, one step after the other") {
    Two two;
    REQUIRE(two.author.ledger->submit(toy(1, 0, 5, 42), local));
    const Block block = two.propose(two.author.ledger->genesis().hash, 1);
    const Hash hash = chain::hash_of(block.header);
    Ledger& ledger = *two.validator.ledger;
    CHECK(ledger.execute(hash)->is_lost);
    CHECK(ledger.find(hash) == nullptr);

    CHECK(ledger.check(block).verdict == Verdict::Good);
    CHECK(*ledger.find(hash) == block);
    CHECK(ledger.state_at(hash) == nullptr);
    CHECK(ledger.execute(hash)->is_good);
    CHECK(two.validator.value_at(hash, 5) == 42);
    CHECK(ledger.best().number == 0);
    ledger.certify(hash);
    CHECK(ledger.best() == BlockRef{hash, 1});
    CHECK(ledger.finalized().number == 0);
    CHECK(*ledger.finalize(hash, {1}) == Finality::Done);
    CHECK(ledger.finalized() == BlockRef{hash, 1});
    CHECK(*ledger.find(hash) == block);
    CHECK(two.validator.executor.executions == 1);
    CHECK(two.validator.executor.checks == 1);
}

TEST_CASE("a check says what is wrong, and whether time will heal it") {
    Two two;
    REQUIRE(two.author.ledger->submit(toy(1, 0, 5, 42), local));
    const Block good = two.propose(two.author.ledger->genesis().hash, 1);
    Ledger& ledger = *two.validator.ledger;
    const auto verdict = [&](auto change) {
        Block block = good;
        change(block);
        return ledger.check(block).verdict;
    };
    const auto forge = [](Block& b, std::uint8_t value) {
        b.extrinsics[1][3] = value;
        b.header.extrinsics_root = chain::extrinsics_root(b.extrinsics);
    };
    CHECK(verdict([](Block& b) { b.extrinsics.pop_back(); }) == Verdict::AnotherBlock);
    CHECK(verdict([](Block& b) { b.header.parent_hash = Hash{{9}}; }) == Verdict::Lost);
    CHECK(verdict([](Block& b) { b.header.number.value = 2; }) == Verdict::Bad);
    CHECK(verdict([&](Block& b) { forge(b, 0xfd); }) == Verdict::Bad);   // a signature
    CHECK(verdict([&](Block& b) { forge(b, 0xff); }) == Verdict::Good);  // only executing it shows what is wrong

    two.validator.now_ms -= 2'000;
    const auto early = ledger.check(good);
    CHECK(early.verdict == Verdict::Later);
    CHECK(early.due_in_ms == 1'500);
    two.validator.now_ms += early.due_in_ms;
    CHECK(ledger.check(good).verdict == Verdict::Good);
}

TEST_CASE("execution repeats what no check accepted, but for the time") {
    Two two;
    REQUIRE(two.author.ledger->submit(toy(1, 0, 5, 42), local));
    Block block = two.propose(two.author.ledger->genesis().hash, 1);
    two.validator.now_ms -= 100'000;
    two.validator.ledger->keep(block);
    CHECK(two.validator.ledger->execute(chain::hash_of(block.header))->is_good);
    CHECK(two.validator.executor.checks == 1);

    block.extrinsics[1][3] = 0xfd;
    block.header.extrinsics_root = chain::extrinsics_root(block.extrinsics);
    two.validator.ledger->keep(block);
    const auto forged = two.validator.ledger->execute(chain::hash_of(block.header));
    REQUIRE(forged);
    CHECK_FALSE(forged->is_good);
}

TEST_CASE("the best block is the certified one of the latest view, and its loss brings transactions back") {
    Two two;
    const Hash genesis = two.author.ledger->genesis().hash;
    const auto extrinsic = toy(1, 0, 5, 42);
    const auto name = two.author.ledger->submit(extrinsic, local);
    REQUIRE(two.validator.ledger->submit(extrinsic, local));
    std::vector<TransactionStatus> heard;
    const auto watch =
        two.validator.ledger->on_transaction(*name, [&](const TransactionStatus& s) { heard.push_back(s); });
    const Hash first = two.certified(two.propose(genesis, 1));
    Ledger& ledger = *two.validator.ledger;
    CHECK(ledger.best().hash == first);
    CHECK_FALSE(ledger.has_work());  // it is in a block now
    CHECK(ledger.build(first, World::item(2))->block.extrinsics.size() == 1);

    // View 1 was nullified after all; view 4's empty block stands beside it.
    two.author.now_ms += 500;
    const Block beside = two.author.ledger->build(genesis, World::item(4), Content::NoTransactions)->block;
    two.validator.now_ms = two.author.now_ms;
    const Hash second = two.certified(beside);
    CHECK(ledger.best() == BlockRef{second, 1});
    CHECK(ledger.has_work());
    CHECK(ledger.pending() == std::vector<Bytes>{extrinsic});
    CHECK(two.validator.value_at(second, 5) == 0);
    ledger.certify(first);  // news of an earlier view change nothing
    CHECK(ledger.best().hash == second);

    const Hash third = two.certified(two.propose(second, 5));
    REQUIRE(ledger.finalize(third, {1}));
    ledger.deliver_all();
    CHECK(two.validator.value_at(third, 5) == 42);
    CHECK(ledger.state_at(first) == nullptr);
    CHECK(heard == std::vector<TransactionStatus>{pool::Ready{}, pool::InBlock{first, 1}, pool::Retracted{first},
                                                  pool::Ready{}, pool::InBlock{third, 1}, pool::Finalized{third, 1}});
    CHECK(two.validator.store->verify_state());
}

TEST_CASE("a block that finality has left behind is neither good nor bad") {
    Two two;
    Ledger& ledger = *two.validator.ledger;
    const Hash root = two.author.ledger->genesis().hash;
    const Block winner = two.propose(root, 1);
    const Block loser = two.propose(root, 2);
    const Block child = two.propose(chain::hash_of(loser.header), 3);
    for (const Block& block : {winner, loser}) {
        REQUIRE(ledger.check(block).verdict == Verdict::Good);
        REQUIRE(ledger.execute(chain::hash_of(block.header))->is_good);
    }
    REQUIRE(ledger.check(child).verdict == Verdict::Good);
    REQUIRE(ledger.finalize(chain::hash_of(winner.header), {}));

    const auto ran = ledger.execute(chain::hash_of(child.header));
    REQUIRE(ran);
    CHECK_FALSE(ran->is_good);
    CHECK(ran->is_lost);
    const auto gone = ledger.execute(chain::hash_of(loser.header));
    REQUIRE(gone);
    CHECK(gone->is_lost);
}

TEST_CASE("subscribers hear of a block when it is certified, ancestors first, and once") {
    Two two;
    const Block first = two.propose(two.author.ledger->genesis().hash, 1);
    const Hash one = chain::hash_of(first.header);
    two.author.ledger->certify(one);
    const Block second = two.propose(one, 2);
    const Hash other = chain::hash_of(second.header);
    std::vector<Hash> heard;
    const auto heads =
        two.validator.ledger->on_new_block([&](const NewBlock& news) { heard.push_back(news.block.hash); });
    for (const Block& block : {first, second}) {
        REQUIRE(two.validator.ledger->check(block).verdict == Verdict::Good);
        REQUIRE(two.validator.ledger->execute(chain::hash_of(block.header)));
    }
    two.validator.ledger->deliver_all();
    CHECK(heard.empty());
    two.validator.ledger->certify(other);
    two.validator.ledger->certify(one);
    two.validator.ledger->deliver_all();
    CHECK(heard == std::vector{one, other});
}

TEST_CASE("subscribers hear of the block that finality makes the best, though they heard of it before") {
    Two two;
    const Hash root = two.author.ledger->genesis().hash;
    const Hash first = two.certified(two.propose(root, 1));
    two.author.now_ms += 500;
    const Block beside = two.author.ledger->build(root, World::item(4), Content::NoTransactions)->block;
    two.validator.now_ms = two.author.now_ms;
    std::vector<std::tuple<Hash, bool, bool>> heard;
    const auto heads = two.validator.ledger->on_new_block(
        [&](const NewBlock& news) { heard.emplace_back(news.block.hash, news.is_best, news.was_told); });
    const Hash second = two.certified(beside);
    REQUIRE(two.validator.ledger->best().hash == second);
    REQUIRE(two.validator.ledger->finalize(first, {1}));
    two.validator.ledger->deliver_all();
    CHECK(two.validator.ledger->best().hash == first);
    CHECK(heard == std::vector<std::tuple<Hash, bool, bool>>{{second, true, false}, {first, true, true}});
}

TEST_CASE("a final block whose ancestors are kept is run with them; one whose ancestors are missing waits") {
    Two two;
    std::vector<Block> blocks;
    Hash parent = two.author.ledger->genesis().hash;
    for (std::uint64_t view = 1; view <= 3; ++view) {
        blocks.push_back(two.propose(parent, view));
        parent = chain::hash_of(blocks.back().header);
    }
    Ledger& ledger = *two.validator.ledger;
    CHECK(*ledger.finalize(parent, {1}) == Finality::BlocksMissing);
    ledger.keep(blocks[2]);
    ledger.keep(blocks[0]);
    CHECK(*ledger.finalize(parent, {1}) == Finality::BlocksMissing);
    ledger.keep(blocks[1]);
    CHECK(*ledger.finalize(parent, {1}) == Finality::Done);
    CHECK(ledger.finalized() == BlockRef{parent, 3});
    CHECK(ledger.certificate(parent) == Bytes{1});
    CHECK(*ledger.finalize(chain::hash_of(blocks[0].header), {2}) == Finality::Done);
    CHECK(ledger.finalized().number == 3);
}

TEST_CASE("a final block that is bad here stops the node") {
    Two two;
    Block block = two.propose(two.author.ledger->genesis().hash, 1);
    block.header.state_root = Hash{{9}};
    two.validator.ledger->keep(block);
    const auto done = two.validator.ledger->finalize(chain::hash_of(block.header), {1});
    REQUIRE_FALSE(done);
    CHECK_THAT(done.error().text, Catch::Contains("is final, but this node finds it bad"));
    CHECK(two.validator.ledger->finalized().number == 0);
}

TEST_CASE("what three empty blocks in a row passed over is no work until the pool changes") {
    Two two;
    Ledger& ledger = *two.validator.ledger;
    REQUIRE(ledger.submit(toy(1, 0, 5, 42), local));  // the author does not know it
    CHECK(ledger.has_work());
    Hash best = two.author.ledger->genesis().hash;
    for (std::uint64_t view = 1; view <= 3; ++view) {
        CHECK(ledger.has_work());
        best = two.certified(two.propose(best, view));
        CHECK(ledger.best().hash == best);
    }
    CHECK_FALSE(ledger.has_work());
    REQUIRE(ledger.submit(toy(2, 0, 6, 43), local));
    CHECK(ledger.has_work());
}
