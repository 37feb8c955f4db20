#include "chain/relay/relay.hpp"

#include "chain/block/extrinsic.hpp"
#include "chain/network/transaction_messages.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/chain/ledger/toy_executor.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <mutex>
#include <thread>

using namespace relay;
using network::PeerId;
using tests::toy;

namespace {

constexpr auto local = chain::TransactionSource::Local;

PeerId id_of(std::uint8_t i) { return {.value = {i}}; }

/// A node with a pool, whose messages go straight to the others.
struct Node {
    tests::TempFolder folder;
    tests::ToyExecutor executor;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<ledger::Ledger> ledger;
    std::unique_ptr<Relay> relay;
    std::vector<PeerId> leaders;
    std::atomic<int> malformed = 0;

    Node() {
        store = *store::Store::open(folder.path() / "chain");
        const state::MapState state;
        const chain::Block genesis{{.extrinsics_root = chain::extrinsics_root({})}, {}};
        REQUIRE(store->begin(chain::hash_of(genesis.header), genesis, state));
        ledger = std::make_unique<ledger::Ledger>(*store, executor);
    }
    std::size_t pooled() const { return ledger->pool_usage().ready; }
    void wait_for(std::size_t transactions) const {
        while (pooled() < transactions) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
};

struct Net {
    std::array<Node, 3> nodes;

    explicit Net(std::vector<PeerId> leaders_of_first = {}) {
        nodes[0].leaders = std::move(leaders_of_first);
        for (std::uint8_t i = 0; i < nodes.size(); ++i)
            nodes[i].relay = std::make_unique<Relay>(*nodes[i].ledger, ports(i), Config{.again_after_ms = 50});
        for (std::uint8_t i = 0; i < nodes.size(); ++i)
            for (std::uint8_t j = 0; j < nodes.size(); ++j)
                if (i != j) nodes[i].relay->peer_up(id_of(j));
    }
    ~Net() {
        is_cut = true;
        for (Node& node : nodes) node.relay.reset();
    }
    Ports ports(std::uint8_t i) {
        return {.send =
                    [this, i](const PeerId& to, chain::Bytes message) {
                        if (!is_cut) nodes[to.value[0]].relay->receive(id_of(i), std::move(message));
                    },
                .next_leaders = [this, i] { return nodes[i].leaders; },
                .report = [this, i](const PeerId&, network::Conduct) { ++nodes[i].malformed; }};
    }
    std::atomic<bool> is_cut = false;
};

}  // namespace

TEST_CASE("a transaction that enters one node reaches every pool, once") {
    Net net;
    REQUIRE(net.nodes[0].ledger->submit(toy(1, 0, 5, 1), local));
    for (const Node& node : net.nodes) node.wait_for(1);
    CHECK(net.nodes[1].relay->counts().received + net.nodes[2].relay->counts().received == 2);
    CHECK(net.nodes[0].relay->counts().received == 0);
}

TEST_CASE("a leader gets it without asking") {
    Net net{{id_of(2)}};
    REQUIRE(net.nodes[0].ledger->submit(toy(1, 0, 5, 1), local));
    net.nodes[2].wait_for(1);
    CHECK(net.nodes[2].relay->counts().received == 1);
}

TEST_CASE("an idle leader is sent all that waits") {
    Net net;
    net.is_cut = true;  // nothing is announced
    for (std::uint8_t nonce = 0; nonce < 20; ++nonce) REQUIRE(net.nodes[0].ledger->submit(toy(1, nonce, 5, 1), local));
    net.nodes[0].ledger->deliver_all();
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    CHECK(net.nodes[1].pooled() == 0);
    net.is_cut = false;
    net.nodes[0].relay->forward(id_of(1), Relay::What::Everything);
    net.nodes[1].wait_for(20);
    CHECK(net.nodes[1].relay->counts().received >= 20);
}

TEST_CASE("before a view, its leader is sent what entered here, and only that") {
    Net net;
    REQUIRE(net.nodes[0].ledger->submit(toy(1, 0, 5, 1), local));
    net.nodes[1].wait_for(1);
    net.nodes[2].wait_for(1);
    net.is_cut = true;
    for (std::uint8_t nonce = 1; nonce < 4; ++nonce) REQUIRE(net.nodes[1].ledger->submit(toy(1, nonce, 5, 1), local));
    net.nodes[1].ledger->deliver_all();
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    net.is_cut = false;
    const auto before = net.nodes[2].relay->counts().received;
    net.nodes[1].relay->forward(id_of(2), Relay::What::Own);
    net.nodes[2].wait_for(4);
    CHECK(net.nodes[2].relay->counts().received == before + 3);
}

TEST_CASE("what the pool refuses is counted, what is no message is reported") {
    Net net;
    net.nodes[0].relay->receive(id_of(1), network::encode(network::TransactionMessage{.delivered = {{0xff}}}));
    net.nodes[0].relay->receive(id_of(1), chain::Bytes{0xff, 0xff});
    while (net.nodes[0].malformed == 0) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    CHECK(net.nodes[0].relay->counts().refused == 1);
    CHECK(net.nodes[0].pooled() == 0);
}
