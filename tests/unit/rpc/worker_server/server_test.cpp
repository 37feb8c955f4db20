#include "rpc/worker_server/server.hpp"

#include "chain/block/extrinsic.hpp"
#include "chain/crypto/dev_keys.hpp"
#include "genesis/builder/genesis.hpp"
#include "rpc/worker_api/node_client.hpp"
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

namespace {

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

    explicit Node(std::uint32_t blocks_behind_max = 256)
        : server{{.listen = "127.0.0.1:0", .blocks_behind_max = blocks_behind_max}, ledger, identity} {
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

LineEnd end_of(NodeLine& line) {
    for (;;)
        if (const auto message = line.next(); !message) return message.error().kind;
}

}  // namespace

TEST_CASE("a registered machine is welcomed, gets a snapshot, and then each block as it becomes final") {
    Node node;
    const Machine machine{node};
    auto line = machine.line();
    const auto welcome = next<Welcome>(line);
    CHECK(welcome.genesis == node.genesis.hash);
    CHECK(welcome.machine == machine.key.account().value);
    const auto first = next<Finalized>(line);
    CHECK(first.snapshot);
    CHECK(first.number == node.ledger.finalized().number);
    CHECK(first.machine);
    node.make_block();
    const auto second = next<Finalized>(line);
    CHECK(second.number == first.number + 1);
    CHECK(second.parent_hash == first.hash);
    CHECK_FALSE(second.snapshot);
}

TEST_CASE("a line resumes from the block that it names") {
    Node node;
    const Machine machine{node};
    for (int i = 0; i < 3; ++i) node.make_block();
    auto line = machine.line(2);
    CHECK(next<Finalized>(line).number == 2);
    CHECK(next<Finalized>(line).number == 3);
    CHECK(next<Finalized>(line).number == 4);
}

TEST_CASE("a line that is too far behind skips to a snapshot of the newest block") {
    Node node{2};
    const Machine machine{node};
    for (int i = 0; i < 4; ++i) node.make_block();
    auto line = machine.line(1);
    const auto first = next<Finalized>(line);
    CHECK(first.number == 5);
    CHECK(first.snapshot);
}

TEST_CASE("a number that this chain does not have yet begins with the newest block") {
    Node node;
    const Machine machine{node};
    auto line = machine.line(1'000'000);
    CHECK(next<Finalized>(line).number == 1);
}

TEST_CASE("who does not hold the machine's TLS key is refused, though the account is right") {
    Node node;
    const Machine machine{node};
    auto line = machine.line_as(Identity::generate().value());
    CHECK(end_of(line) == LineEnd::WrongKey);
}

TEST_CASE("a key that signs for no machine is told so") {
    Node node;
    const Identity tls = Identity::generate().value();
    NodeLine line{node.address(), tls, {.machine = {1, 2, 3}}};
    CHECK(end_of(line) == LineEnd::NotRegistered);
}

TEST_CASE("a second worker of one machine ends the first one's line") {
    Node node;
    const Machine machine{node};
    auto first = machine.line();
    next<Finalized>(first);
    auto second = machine.line();
    next<Finalized>(second);
    CHECK(end_of(first) == LineEnd::Displaced);
    node.make_block();
    CHECK(next<Finalized>(second).number == 2);
}

TEST_CASE("extrinsics are answered with hash or refusal, and their fate comes with their block") {
    Node node;
    const Machine machine{node};
    auto line = machine.line();
    const auto first = next<Finalized>(line);
    const std::uint64_t interval = first.live_now_ms / first.heartbeat_interval_ms;
    REQUIRE(line.submit(8, machine.heartbeat(interval + 1'000, 0)));  // not due
    const auto refused = next<Submitted>(line);
    CHECK(refused.id == 8);
    CHECK_FALSE(refused.extrinsic_hash);
    CHECK(refused.code == 1010);
    CHECK_FALSE(refused.refusal.empty());
    CHECK(refused.next_nonce == 0);
    REQUIRE(line.submit(7, machine.heartbeat(interval, 0)));
    const auto taken = next<Submitted>(line);
    CHECK(taken.id == 7);
    INFO(taken.refusal);
    REQUIRE(taken.extrinsic_hash);
    CHECK(taken.next_nonce == 1);
    REQUIRE(line.submit(9, {1, 2, 3}));
    CHECK_FALSE(next<Submitted>(line).extrinsic_hash);
    node.make_block();
    const auto block = next<Finalized>(line);
    REQUIRE(block.fates.size() == 1);
    CHECK(block.fates[0].success);
    CHECK(block.fates[0].extrinsic_hash == *taken.extrinsic_hash);
    CHECK(block.next_nonce == 1);
}

TEST_CASE("anybody may ask what a registration needs to know") {
    Node node;
    const auto owner = crypto::dev_key("Baltathar").value().account();
    const Identity stranger = Identity::generate().value();
    CHECK(ask_chain(node.address(), stranger, owner.value).value().registration_counter == 0);
    const Machine machine{node};
    const auto facts = ask_chain(node.address(), stranger, owner.value).value();
    CHECK(facts.registration_counter == 1);
    CHECK(facts.genesis == node.genesis.hash);
    CHECK(facts.finalized_number == 1);
}

TEST_CASE("a stopping node ends its lines, and they know that it may come back") {
    Node node;
    const Machine machine{node};
    auto line = machine.line();
    next<Finalized>(line);
    node.server.stop();
    CHECK(end_of(line) == LineEnd::Lost);
}

TEST_CASE("the node's key stands beside its data for workers on the same host") {
    const tests::TempFolder folder;
    const auto identity = ws::node_identity(folder.path()).value();
    CHECK(ws::node_identity(folder.path()).value().key() == identity.key());
    CHECK(std::filesystem::exists(folder.path() / "worker_key.pub"));
}
