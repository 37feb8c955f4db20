#include "tools/application/ledger_application.hpp"

#include "chain/crypto/hash.hpp"
#include "runtime/pallets/validators/validators.hpp"
#include "world.hpp"

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
