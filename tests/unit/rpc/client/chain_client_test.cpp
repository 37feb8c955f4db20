#include "rpc/client/chain_client.hpp"

#include "rpc/server/server.hpp"
#include "tests/unit/rpc/methods/node.hpp"

#include <future>
#include <thread>

using namespace test;

namespace {

/// A node behind a real port, and a client of it.
struct Connected {
    Node node;
    rpc::Server server{{.port = 0}, node.table};
    std::unique_ptr<rpc::Client> client = connected();
    rpc::ChainClient chain{*client};

    std::unique_ptr<rpc::Client> connected() {
        chain::check(server.start().has_value());
        auto made = rpc::Client::connect("http://127.0.0.1:" + std::to_string(server.port()));
        if (!made) FAIL(made.error().message);
        return *std::move(made);
    }
    static Bytes transfer_call() {
        Bytes call{2, 3};
        scale::encode(balances::TransferKeepAlive{crypto::dev_key("Baltathar")->account(), {chain::tph}}, call);
        return call;
    }
};

}  // namespace

TEST_CASE("a client reads genesis, versions, nonces, storage, keys and runtime APIs") {
    Connected world;
    CHECK(*world.chain.genesis_hash() == world.node.genesis.hash);
    CHECK(world.chain.runtime_version()->spec_name == "tephra");
    CHECK(*world.chain.next_nonce(crypto::dev_key("Alith")->account()) == 0);
    CHECK(*world.chain.finalized_head() == world.node.genesis.hash);
    CHECK(world.chain.header(world.node.genesis.hash)->number.value == 0);
    CHECK(world.chain.header(Hash{}).error().message.starts_with("the node does not know block"));
    const Bytes prefix = *chain::from_hex(storage_key("System", "Account"));
    const auto keys = world.chain.keys(prefix, 3);
    REQUIRE(keys);
    CHECK(keys->size() == 3);
    CHECK(world.chain.storage(keys->front())->value().size() == 80);
    CHECK_FALSE(world.chain.storage(prefix)->has_value());
    CHECK(*world.chain.runtime_call("Metadata_metadata_versions", {}) == *chain::from_hex("0x080e0000000f000000"));
}

TEST_CASE("a signed extrinsic is followed into its block, mortal or not, and its events come back") {
    Connected world;
    std::uint32_t nonce = 0;
    for (const std::uint64_t period : {0u, 64u}) {
        const auto extrinsic =
            world.chain.sign(*crypto::dev_key("Alith"), Connected::transfer_call(), {.period = period});
        REQUIRE(extrinsic);
        std::vector<std::string> statuses;
        auto waiting = std::async(std::launch::async, [&] {
            return world.chain.submit_and_wait(
                *extrinsic, rpc::Until::Finalized, 30'000,
                [&](const rpc::WatchStatus& status) { statuses.push_back(status.kind); });
        });
        while (world.node.ledger.pending().empty()) std::this_thread::sleep_for(std::chrono::milliseconds{1});
        const Hash block = world.node.make_block();
        world.node.finalize(block);
        const auto included = waiting.get();
        REQUIRE(included);
        CHECK(included->block == block);
        CHECK(included->index == 1);
        CHECK(included->block_number == ++nonce);
        CHECK_FALSE(included->events.empty());
        CHECK(statuses == std::vector<std::string>{"ready", "inBlock", "finalized"});
    }
}

TEST_CASE("a refused extrinsic is the node's error; one that nobody includes is a timeout that says so") {
    Connected world;
    auto stale = world.chain.sign(*crypto::dev_key("Alith"), Connected::transfer_call(), {.nonce = 5, .period = 0});
    REQUIRE(stale);
    const auto waited = world.chain.submit_and_wait(*stale, rpc::Until::InBlock, 100);
    CHECK(waited.error().message == "the transaction did not enter a block within 100 ms");
    (*stale)[30] ^= 1;
    CHECK(world.chain.submit(*stale).error().code == 1010);
}

TEST_CASE("what is no node is an error that names the address") {
    CHECK(rpc::Client::connect("localhost:9944").error().message.find("expected ws://HOST:PORT") != std::string::npos);
    CHECK(rpc::Client::connect("unix:/nowhere/rpc.sock").error().message.starts_with("cannot reach a node at unix:"));
}
