#pragma once
// A chain with its workers' service, a machine on it, and how tests read the machine's line.

#include "chain/block/extrinsic.hpp"
#include "chain/crypto/dev_keys.hpp"
#include "genesis/builder/genesis.hpp"
#include "rpc/worker_api/node_client.hpp"
#include "rpc/worker_server/server.hpp"
#include "runtime/appchain/executor.hpp"
#include "runtime/pallets/machines/liveness.hpp"
#include "runtime/pallets/machines/messages.hpp"
#include "runtime/pallets/machines/registry.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <optional>

using namespace rpc::worker_api;
namespace ws = rpc::worker_server;

/// A chain whose blocks the test makes and finalizes, and the workers' service over it.
struct Node {
    tests::TempFolder folder;
    genesis::Genesis genesis = *genesis::load(TEPHRA_SOURCE_DIR "/genesis/dev.json");
    std::unique_ptr<chain::Executor> executor = runtime::make_executor();
    std::unique_ptr<store::Store> store = opened();
    std::atomic<std::uint64_t> now_ms{1'900'000'000'000};
    ledger::Ledger ledger{*store, *executor, {}, [this] { return now_ms.load(); }};
    Identity identity = Identity::generate().value();
    ws::Server server;
    std::uint64_t view = 0;

    explicit Node(std::uint32_t blocks_behind_max = 256, const KeepAlive& keep_alive = {})
        : server{{.listen = "127.0.0.1:0", .blocks_behind_max = blocks_behind_max, .keep_alive = keep_alive},
                 ledger,
                 identity} {
        REQUIRE(server.start());
    }
    std::unique_ptr<store::Store> opened() {
        auto made = *store::Store::open(folder.path());
        REQUIRE(made->begin(genesis.hash, genesis.block, genesis.state));
        return made;
    }
    NodeAddress address() const {
        return {.endpoint = "127.0.0.1:" + std::to_string(server.port()), .key = identity.key()};
    }
    void make_block() {
        now_ms += 1'000;
        const auto built = ledger.build(ledger.best().hash, chain::to_digest(chain::ConsensusDigest{.view = ++view}));
        REQUIRE(built);
        REQUIRE(ledger.import(built->block));
        REQUIRE(ledger.finalize(built->hash, {1}));
    }
    void submit(const crypto::SecretKey& key, const frame::Call& call) {
        const auto version = executor->version();
        const chain::SigningContext context{.spec_version = version.spec_version,
                                            .transaction_version = version.transaction_version,
                                            .genesis = genesis.hash,
                                            .birth_block = genesis.hash};
        const chain::Extra extra{.nonce = {ledger.next_nonce(key.account())}};
        const auto done =
            ledger.submit(chain::sign_extrinsic(key, call.encoded, extra, context), chain::TransactionSource::External);
        INFO((done ? "" : done.error().message));
        REQUIRE(done);
    }
};

/// A machine with its keys, registered by Baltathar.
struct Machine {
    Node& node;
    crypto::SecretKey key = crypto::SecretKey::generate();
    Identity tls = Identity::generate().value();

    explicit Machine(Node& n) : node(n) {
        const auto owner = crypto::dev_key("Baltathar").value();
        const machines::Claims claims{
            .slots = 2, .cpu = {"cpu"}, .cpu_threads = 4, .memory_bytes = 8ULL << 30, .disk_bytes = 8ULL << 30};
        const machines::Registration registration{.genesis = node.genesis.hash,
                                                  .machine = key.account(),
                                                  .owner = owner.account(),
                                                  .counter = counter(owner.account()),
                                                  .claims_hash = machines::hash_of(claims),
                                                  .tls_key = tls.key().value,
                                                  .box_key = {9}};
        node.submit(owner, frame::to_call(machines::RegisterMachine{
                               .machine = key.account(),
                               .claims = claims,
                               .price_card = {.slot_hour = 2 * chain::tph,
                                              .minimum_duration_ms = 1'000,
                                              .maximum_duration_ms = 3'600'000},
                               .tls_key = registration.tls_key,
                               .box_key = registration.box_key,
                               .machine_signature = key.sign(machines::registration_digest(registration))}));
        node.make_block();
    }
    std::uint32_t counter(const crypto::AccountId& owner) const {
        return machines::storage.registrations.get(*node.ledger.state_at(node.ledger.finalized().hash), owner);
    }
    NodeLine line(std::uint32_t from = 0) const { return line_as(tls, from); }
    NodeLine line_as(const Identity& identity, std::uint32_t from = 0) const {
        return NodeLine{node.address(), identity, {.machine = key.account().value, .from_number = from}};
    }
    chain::Bytes heartbeat(std::uint64_t interval, std::uint32_t nonce) const {
        const auto version = node.executor->version();
        return chain::sign_extrinsic(
            key, frame::to_call(machines::Heartbeat{.interval = interval, .utilisation_percent = 0}).encoded,
            {.nonce = {nonce}},
            {.spec_version = version.spec_version,
             .transaction_version = version.transaction_version,
             .genesis = node.genesis.hash,
             .birth_block = node.genesis.hash});
    }
};

/// The next message of a kind; others are passed over.
template <class T>
T next(NodeLine& line) {
    for (;;) {
        auto message = line.next();
        INFO((message ? "" : message.error().text));
        REQUIRE(message);
        if (auto* wanted = std::get_if<T>(&*message)) return std::move(*wanted);
    }
}

inline LineEnd end_of(NodeLine& line) {
    for (;;)
        if (const auto message = line.next(); !message) return message.error().kind;
}
