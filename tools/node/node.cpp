#include "tools/node/node.hpp"

#include "chain/base/log.hpp"
#include "chain/ledger/ledger.hpp"
#include "chain/store/store.hpp"
#include "consensus/engine/solo.hpp"
#include "rpc/methods/node_methods.hpp"
#include "rpc/server/server.hpp"
#include "rpc/worker_server/server.hpp"
#include "runtime/appchain/executor.hpp"
#include "runtime/pallets/validators/validators.hpp"
#include "tools/metrics/endpoint.hpp"
#include "tools/node/application.hpp"
#include "tools/node/keys.hpp"
#include "tools/node/watch.hpp"

#include <optional>

namespace node {
namespace {

constexpr chain::log::Channel node_log{"node"};

/// The set of one that this node can speak for.
struct Seat {
    votes::ValidatorTable table;
    crypto::Ed25519Key key;
};

chain::Result<Seat> take_seat(const Config& config, const state::StateView& state) {
    const auto authorities = validators::storage.authorities.get(state);
    if (authorities.size() != 1)
        return chain::fault(
            "the chain has " + std::to_string(authorities.size()) +
            " validators, and this node can agree only with itself: use a chain file with one validator");
    const crypto::Ed25519Public wanted{authorities[0].consensus_key};
    auto key = config.validator_key.empty() ? dev_key_for(wanted) : std::nullopt;
    if (!config.validator_key.empty()) {
        TRY(key, load_consensus_key(config.validator_key));
    }
    if (!key)
        return chain::fault("the chain's validator has the key " + chain::to_hex(wanted.value) +
                            ", which is no development key: give its file with --validator-key");
    if (key->public_key() != wanted)
        return chain::fault(config.validator_key.string() + " holds the key " + chain::to_hex(key->public_key().value) +
                            ", but the chain's validator has " + chain::to_hex(wanted.value));
    return Seat{votes::ValidatorTable{{{wanted, authorities[0].weight}}}, *std::move(key)};
}

rpc::NodeInfo describe(const genesis::Genesis& genesis) {
    return {.chain_name = genesis.chain_name,
            .chain_type = genesis.chain_type,
            .token_symbol = genesis.properties.token_symbol,
            .token_decimals = genesis.properties.token_decimals,
            .version = TEPHRA_VERSION,
            .is_validator = true};
}

rpc::ServerConfig rpc_config(const Config& config, const std::filesystem::path& data) {
    rpc::ServerConfig out{.address = config.rpc_address, .port = config.rpc_port};
    out.local_socket = (config.rpc_socket.empty() ? data / "node.sock" : config.rpc_socket).string();
    out.origins.insert(out.origins.end(), config.rpc_origins.begin(), config.rpc_origins.end());
    out.hosts = config.rpc_hosts;
    return out;
}

}  // namespace

// Members in the order of dependence: whatever refers to another stands below it.
struct Node::Impl {
    std::unique_ptr<store::Store> store;
    std::unique_ptr<chain::Executor> executor;
    std::unique_ptr<ledger::Ledger> ledger;
    std::unique_ptr<LedgerApplication> application;
    std::unique_ptr<consensus::SoloEngine> engine;
    ledger::Subscription wake;
    rpc::MethodTable table{TEPHRA_VERSION};
    std::unique_ptr<rpc::NodeMethods> methods;
    std::unique_ptr<rpc::Server> rpc;
    std::optional<rpc::worker_api::Identity> worker_identity;
    std::unique_ptr<rpc::worker_server::Server> workers;
    metrics::Registry registry;
    metrics::NodeMetrics metrics{registry};
    std::unique_ptr<Watch> watch;
    std::unique_ptr<metrics::Endpoint> endpoint;

    chain::Result<void> watch_over(const Config& config, const std::filesystem::path& data);
};

chain::Result<void> Node::Impl::watch_over(const Config& config, const std::filesystem::path& data) {
    watch = std::make_unique<Watch>(*ledger, *rpc, data, metrics);
    if (!config.metrics_port) return {};
    const metrics::EndpointConfig place{.address = config.metrics_address, .port = *config.metrics_port};
    TRY(endpoint, metrics::Endpoint::open(place, [this] { return registry.scrape(); }));
    node_log.info("metrics on http://{}:{}/metrics", place.address, endpoint->port());
    return {};
}

chain::Result<Chain> load_chain(const Config& config) {
    TRY(auto genesis, genesis::load(config.chain));
    auto data = config.data.empty() ? default_data_folder(genesis.chain_id) : config.data;
    return Chain{std::move(genesis), std::move(data)};
}

Node::Node(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Node::~Node() { stop(); }

chain::Result<std::unique_ptr<Node>> Node::open(const Config& config, Chain chain) {
    auto impl = std::make_unique<Impl>();
    TRY(impl->store, store::Store::open(chain.data / "chain"));
    TRY_VOID(impl->store->begin(chain.genesis.hash, chain.genesis.block, chain.genesis.state));
    chain.genesis.state = {};  // the store has it
    const auto head = impl->store->head().value();
    node_log.info("chain \"{}\" genesis {} data {} head {} {}", chain.genesis.chain_name,
                  chain::to_hex(chain.genesis.hash), chain.data.string(), head.number, chain::to_hex(head.hash));
    TRY(auto seat, take_seat(config, *impl->store->snapshot()));
    impl->executor = runtime::make_executor();
    impl->ledger = std::make_unique<ledger::Ledger>(*impl->store, *impl->executor);
    impl->application = std::make_unique<LedgerApplication>(*impl->ledger);
    const consensus::PaceLimits pace{config.block_interval_ms, config.empty_block_interval_ms};
    impl->engine = std::make_unique<consensus::SoloEngine>(*impl->application, chain.genesis.hash,
                                                           std::move(seat.table), std::move(seat.key), pace);
    impl->wake = impl->ledger->on_ready([engine = impl->engine.get()](const chain::Hash&) { engine->wake(); });
    impl->methods = std::make_unique<rpc::NodeMethods>(*impl->ledger, describe(chain.genesis));
    impl->methods->add_to(impl->table);
    impl->rpc = std::make_unique<rpc::Server>(rpc_config(config, chain.data), impl->table);
    TRY_VOID(impl->rpc->start());
    TRY(impl->worker_identity, rpc::worker_server::node_identity(chain.data));
    const std::string worker_endpoint = config.worker_address + ":" + std::to_string(config.worker_port);
    impl->workers = std::make_unique<rpc::worker_server::Server>(rpc::worker_server::Config{.listen = worker_endpoint},
                                                                 *impl->ledger, *impl->worker_identity);
    TRY_VOID(impl->workers->start());
    node_log.info("workers: {}:{} key {}", config.worker_address, impl->workers->port(),
                  rpc::worker_api::to_hex(impl->worker_identity->key()));
    TRY_VOID(impl->watch_over(config, chain.data));
    return std::unique_ptr<Node>{new Node{std::move(impl)}};
}

void Node::start(std::function<void(const chain::Fault&)> on_fault) { impl_->engine->start(std::move(on_fault)); }

void Node::stop() {
    if (!impl_->rpc) return;
    impl_->endpoint.reset();
    impl_->rpc->stop();
    if (impl_->workers) impl_->workers->stop();
    impl_->engine->stop();
    impl_->wake.reset();
}

}  // namespace node
