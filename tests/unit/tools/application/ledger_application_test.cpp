#include "tools/application/ledger_application.hpp"

#include "chain/clock/clock.hpp"
#include "chain/crypto/hash.hpp"
#include "runtime/pallets/validators/validators.hpp"
#include "tools/application/bad_block.hpp"
#include "world.hpp"

#include <fstream>
#include <iterator>

using namespace tests;

TEST_CASE("a validator's block is checked, executed and final at all others, with the same state") {
    Network network;
    network.run(3);
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(network.ledger(i).finalized() == network.ledger(0).finalized());
        CHECK(network.ledger(i).finalized().number == 3);
        const auto floor = network.application(i).finalized();
        CHECK(floor.tip.view == 3);
        CHECK(floor.certificate->statement.block == floor.tip.hash);
    }
}

TEST_CASE("what a light check refuses: another place, another proposer's randomness, another body, another hash") {
    Network network;
    const consensus::Tip root{.hash = network.genesis.hash};
    const auto proposed = network.propose(1, root, 1);
    const consensus::Position position{0, 1, 0, 1};
    auto& other = network.application(0);
    const auto verdict = [&](const consensus::Position& at, const Hash& hash, const Bytes& payload) {
        return other.check(at, root, hash, std::make_shared<const Bytes>(payload)).verdict;
    };
    CHECK(verdict({0, 2, 0, 1}, proposed.block, *proposed.payload) == Verdict::Bad);
    CHECK(verdict({0, 1, 0, 2}, proposed.block, *proposed.payload) == Verdict::Bad);
    CHECK(verdict(position, Hash{{1}}, *proposed.payload) == Verdict::AnotherBlock);
    CHECK(verdict(position, proposed.block, {1, 2, 3}) == Verdict::AnotherBlock);
    auto block = *scale::decode<chain::Block>(*proposed.payload);
    block.extrinsics.push_back({1});
    CHECK(verdict(position, proposed.block, scale::encode(block)) == Verdict::AnotherBlock);

    block = *scale::decode<chain::Block>(*proposed.payload);
    auto digest = *chain::consensus_digest(block.header.digest);
    digest.vrf_output.value[0] ^= 1;
    block.header.digest = {{chain::to_digest(digest)}};
    const auto forged =
        other.check(position, root, chain::hash_of(block.header), std::make_shared<const Bytes>(scale::encode(block)));
    CHECK(forged.verdict == Verdict::Bad);
    CHECK(forged.why == "its proposer's VRF proof does not hold");
    CHECK(verdict(position, proposed.block, *proposed.payload) == Verdict::Good);
}

TEST_CASE("a block from the future waits for its time") {
    Network network;
    const consensus::Tip root{.hash = network.genesis.hash};
    const auto proposed = network.propose(1, root, 1);
    const std::uint64_t then = network.now_ms;
    network.now_ms -= 3'000;
    const consensus::Position position{0, 1, 0, 1};
    const auto early = network.application(0).check(position, root, proposed.block, proposed.payload);
    CHECK(early.verdict == Verdict::Later);
    CHECK(early.due_in_ms == 2'500);
    network.now_ms = then - 500;
    CHECK(network.application(0).check(position, root, proposed.block, proposed.payload).verdict == Verdict::Good);
}

TEST_CASE("a wrong state root is found by executing, not before") {
    Network network;
    const consensus::Tip root{.hash = network.genesis.hash};
    const auto proposed = network.propose(1, root, 1);
    auto block = *scale::decode<chain::Block>(*proposed.payload);
    block.header.state_root = Hash{{7}};
    const Hash hash = chain::hash_of(block.header);
    const auto checked =
        network.application(0).check({0, 1, 0, 1}, root, hash, std::make_shared<const Bytes>(scale::encode(block)));
    CHECK(checked.verdict == Verdict::Good);
    const auto executed = network.application(0).execute(hash, root);
    REQUIRE(executed);
    CHECK_FALSE(executed->is_good);
    CHECK(network.ledger(0).best().number == 0);
    CHECK_FALSE(network.application(0).finalize(hash, network.finality_of(hash, 0, 1, 0)));
}

TEST_CASE("a final block that is bad here is written down, and the fault says where") {
    Network network;
    TempFolder folder;
    node::LedgerApplication application{network.ledger(0), std::nullopt,
                                        node::LedgerApplication::Hooks{.bad_blocks = folder.path()}};
    const consensus::Tip root{.hash = network.genesis.hash};
    const auto proposed = network.propose(1, root, 1);
    auto block = *scale::decode<chain::Block>(*proposed.payload);
    const Hash computed = block.header.state_root;
    block.header.state_root = Hash{{7}};
    const Hash hash = chain::hash_of(block.header);
    application.check({0, 1, 0, 1}, root, hash, std::make_shared<const Bytes>(scale::encode(block)));
    CHECK(node::bad_block_files(folder.path()).empty());
    const auto done = application.finalize(hash, network.finality_of(hash, 0, 1, 0));
    REQUIRE_FALSE(done);
    const auto files = node::bad_block_files(folder.path());
    REQUIRE(files.size() == 1);
    CHECK_THAT(done.error().text, Catch::EndsWith(files[0].string()));
    CHECK(application.bad_final(hash) == files[0].string());
    std::ifstream in{files[0]};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    CHECK_THAT(text, Catch::Contains("block: " + chain::to_hex(hash)));
    CHECK_THAT(text, Catch::Contains("parent: " + chain::to_hex(root.hash)));
    CHECK_THAT(text, Catch::Contains("state root in its header: " + chain::to_hex(block.header.state_root)));
    CHECK_THAT(text, Catch::Contains("state root when executed here: " + chain::to_hex(computed)));
    CHECK_THAT(text, Catch::Contains("encoded: " + chain::to_hex(scale::encode(block))));
    // Of a good block there is nothing to say.
    CHECK(application.bad_final(proposed.block).empty());
}

TEST_CASE("a block whose parent finality left behind is lost, not bad: nothing is voted down for it") {
    Network network;
    const consensus::Tip root{.hash = network.genesis.hash};
    const auto loser = network.propose(1, root, 1);
    const consensus::Tip losing{loser.block, 1, 0, 1};
    const auto child = network.propose(1, losing, 2);
    auto& other = network.application(0);
    CHECK(other.check({0, 1, 0, 1}, root, loser.block, loser.payload).verdict == Verdict::Good);
    network.good_view(root, 3);
    const auto late = other.check({0, 2, 1, 1}, losing, child.block, child.payload);
    CHECK(late.is_lost);
    // One that names another parent than its proposal is bad whatever became of that.
    CHECK_FALSE(other.check({0, 2, 1, 1}, root, child.block, child.payload).is_lost);
}

TEST_CASE("a final block whose ancestors are not here is asked for; kept ancestors are enough") {
    Network network;
    // Validator 0 sleeps while the others finalize three blocks.
    network.run(3, 1);
    const auto floor = network.application(1).finalized();
    auto& late = network.application(0);
    CHECK(*late.finalize(floor.tip.hash, floor.certificate) == std::nullopt);
    CHECK(network.validators[0]->missing == std::vector{floor.tip.hash});
    for (std::uint32_t number = 1; number <= 3; ++number)
        late.recovered({}, network.application(1).block(*network.ledger(1).hash_of(number)));
    CHECK(*late.finalize(floor.tip.hash, floor.certificate) == 3);
    CHECK(network.ledger(0).finalized() == network.ledger(1).finalized());
    CHECK(*late.finalize(floor.tip.hash, floor.certificate) == 3);
}

TEST_CASE("a block of transactions that others hold travels as names, and becomes the same block there") {
    Network network;
    network.give_transfers(0, 60);
    network.give_transfers(1, 60);
    CHECK(network.application(0).shorten(network.genesis.hash) == nullptr);
    const consensus::Tip root{.hash = network.genesis.hash};
    const auto proposed = network.propose(0, root, 1);
    REQUIRE_FALSE(proposed.is_empty);
    const auto shortened = network.application(0).shorten(proposed.block);
    REQUIRE(shortened);
    CHECK(shortened->size() * 4 < proposed.payload->size());

    const auto there = network.application(1).restore(proposed.block, shortened, {});
    REQUIRE(there.block);
    CHECK(*there.block == *proposed.payload);
    const consensus::Position position{0, 1, 0, 0};
    CHECK(network.application(1).check(position, root, proposed.block, there.block).verdict == Verdict::Good);
    // The restored block is kept; another one of its header is still told from it.
    auto other = *scale::decode<chain::Block>(*proposed.payload);
    other.extrinsics.pop_back();
    CHECK(network.application(1)
              .check(position, root, proposed.block, std::make_shared<const Bytes>(scale::encode(other)))
              .verdict == Verdict::AnotherBlock);
}

TEST_CASE("parts that are not here come from the proposer; forms that lie are wrong") {
    Network network;
    network.give_transfers(0, 60);
    const auto proposed = network.propose(0, {.hash = network.genesis.hash}, 1);
    const auto shortened = network.application(0).shorten(proposed.block);
    REQUIRE(shortened);
    auto& late = network.application(2);
    const auto lacking = late.restore(proposed.block, shortened, {});
    CHECK_FALSE(lacking.block);
    REQUIRE(lacking.missing.size() == 60);
    CHECK(lacking.missing.front() == 1);  // the inherent is there in full
    const auto parts = network.application(0).parts(proposed.block, lacking.missing);
    REQUIRE(parts);
    std::map<std::uint32_t, Bytes> by_place;
    for (std::size_t i = 0; i < parts->size(); ++i) by_place[lacking.missing[i]] = (*parts)[i];
    const auto filled = late.restore(proposed.block, shortened, by_place);
    REQUIRE(filled.block);
    CHECK(*filled.block == *proposed.payload);

    std::swap(by_place[1], by_place[2]);
    const auto swapped = late.restore(proposed.block, shortened, by_place);
    CHECK((!swapped.block && swapped.missing.empty()));
    const auto renamed = late.restore(Hash{{1}}, shortened, {});
    CHECK((!renamed.block && renamed.missing.empty()));
    const auto garbage = late.restore(proposed.block, std::make_shared<const Bytes>(Bytes{1, 2}), {});
    CHECK((!garbage.block && garbage.missing.empty()));
    CHECK(network.application(0).parts(proposed.block, {61}) == std::nullopt);
    CHECK(network.application(0).parts(Hash{{1}}, {0}) == std::nullopt);
}

TEST_CASE("a small block, or one of transactions that just came, goes whole") {
    Network network;
    network.give_transfers(0, 5);
    CHECK(network.application(0).shorten(network.propose(0, {.hash = network.genesis.hash}, 1).block) == nullptr);
    Network fresh;
    const std::uint64_t then = fresh.now_ms;
    fresh.now_ms += 500;
    fresh.give_transfers(0, 60);
    fresh.now_ms = then;
    CHECK(fresh.application(0).shorten(fresh.propose(0, {.hash = fresh.genesis.hash}, 1).block) == nullptr);
}

TEST_CASE("epochs follow each other: root, seed and validators are read from the state") {
    Network network{2, 4};
    auto& application = network.application(0);
    const auto first = application.epoch(0);
    REQUIRE(first);
    CHECK(first->root.hash == network.genesis.hash);
    CHECK(first->boundary() == 4);
    CHECK(first->table.size() == 2);
    CHECK(application.epoch(1) == nullptr);
    CHECK(application.boundary(0) == nullptr);
    network.run(4);
    const auto second = application.epoch(1);
    REQUIRE(second);
    CHECK(second->root == consensus::Tip{.hash = network.ledger(0).finalized().hash, .number = 4, .epoch = 1});
    CHECK(second->seed == crypto::blake2b_256(first->seed.value));
    CHECK(application.boundary(0)->statement.block == second->root.hash);
    network.run(5);
    CHECK(application.epoch(2)->root.number == 8);
    CHECK(network.ledger(1).finalized().number == 9);
    const auto header = network.ledger(0).header(*network.ledger(0).hash_of(8));
    CHECK(chain::next_epoch(header->digest)->epoch == 2);

    // Epochs that were never asked for before are read from older states.
    node::LedgerApplication fresh{network.ledger(1), std::nullopt};
    CHECK(fresh.epoch(0)->root.hash == network.genesis.hash);
    CHECK(fresh.epoch(1)->seed == second->seed);
}

TEST_CASE("a follower does not propose") {
    Network network{1};
    node::LedgerApplication follower{network.ledger(0), std::nullopt};
    CHECK_FALSE(follower.propose({0, 1, 0, 0}, {.hash = network.genesis.hash}, false));
}

TEST_CASE("what votes rely on is kept beside the blocks for the evidence period of the chain's time, then goes (A7)") {
    Network network;
    network.run(1);
    auto& application = network.application(0);
    store::Proofs& proofs = network.validators[0]->store->proofs();
    const auto keep = [&](votes::Kind kind, std::uint64_t view) {
        votes::Certificate certificate{.statement = {.kind = kind, .epoch = 0, .view = view}, .signers = {7}};
        CHECK(application.keep(std::make_shared<const votes::Certificate>(std::move(certificate))));
    };
    const auto has = [&](votes::Kind kind, std::uint64_t view) {
        return proofs.find({0, view, static_cast<std::uint8_t>(kind)}).has_value();
    };
    // More than a sweep's worth, notarized or nullified.
    for (std::uint64_t view = 1; view <= 100; ++view)
        keep(view % 3 == 0 ? votes::Kind::Nullify : votes::Kind::Notarize, view);
    CHECK(proofs.usage().count == 100);
    CHECK(has(votes::Kind::Notarize, 1));
    CHECK(has(votes::Kind::Nullify, 3));

    // The chain's time passes by what the blocks say, not by this machine's clock.
    const auto live_until = [&](std::uint64_t then_ms) {
        network.now_ms = then_ms;
        network.run(1);
        for (std::uint64_t i = 0; i < 3 * node::LedgerApplication::proofs_per_sweep; ++i)
            keep(votes::Kind::Notarize, 1'000 + network.now_ms % 1'000'000 + i);
    };
    const std::uint64_t start_ms = network.now_ms;
    live_until(start_ms + node::LedgerApplication::evidence_ms / 2);
    for (std::uint64_t view = 1; view <= 100; ++view)
        CHECK(has(view % 3 == 0 ? votes::Kind::Nullify : votes::Kind::Notarize, view));
    live_until(start_ms + node::LedgerApplication::evidence_ms + 60'000);
    CHECK_FALSE(has(votes::Kind::Notarize, 1));
    CHECK_FALSE(has(votes::Kind::Nullify, 99));
    CHECK(application.sync_kept());
}

TEST_CASE("what was kept before the chain's first block, when it has no time, is not taken for old") {
    Network network;
    network.now_ms = chain::unix_ms();
    auto& application = network.application(0);
    const auto keep = [&](std::uint64_t view) {
        votes::Certificate certificate{.statement = {.kind = votes::Kind::Nullify, .view = view}, .signers = {7}};
        CHECK(application.keep(std::make_shared<const votes::Certificate>(std::move(certificate))));
    };
    for (std::uint64_t view = 1; view <= 10; ++view) keep(view);
    network.run(1);
    for (std::uint64_t view = 11; view <= 200; ++view) keep(view);
    CHECK(network.validators[0]->store->proofs().usage().count == 200);
}
