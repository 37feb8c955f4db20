#include "tools/node/node.hpp"

#include "chain/base/log.hpp"
#include "chain/relay/relay.hpp"
#include "chain/store/proofs.hpp"
#include "consensus/engine/posix_storage.hpp"
#include "rpc/methods/node_methods.hpp"
#include "rpc/server/server.hpp"
#include "rpc/worker_server/server.hpp"
#include "runtime/appchain/executor.hpp"
#include "tools/application/block_sync_runner.hpp"
#include "tools/application/ledger_application.hpp"
#include "tools/metrics/bounds.hpp"
#include "tools/metrics/endpoint.hpp"
#include "tools/node/agreement.hpp"
#include "tools/node/mesh.hpp"
#include "tools/node/peers.hpp"
#include "tools/node/seat.hpp"
#include "tools/node/views.hpp"
#include "tools/node/watch.hpp"

#include <optional>

namespace node {
namespace {

constexpr chain::log::Channel node_log{"node"};

rpc::NodeInfo describe(const genesis::Genesis& genesis, bool is_validator) {
    return {.chain_name = genesis.chain_name,
            .chain_type = genesis.chain_type,
            .token_symbol = genesis.properties.token_symbol,
            .token_decimals = genesis.properties.token_decimals,
            .version = TEPHRA_VERSION,
            .is_validator = is_validator};
}

rpc::ServerConfig rpc_config(const Config& config, const std::filesystem::path& data) {
    rpc::ServerConfig out{.address = config.rpc_address, .port = config.rpc_port};
    out.local_socket = (config.rpc_socket.empty() ? data / "node.sock" : config.rpc_socket).string();
    out.origins.insert(out.origins.end(), config.rpc_origins.begin(), config.rpc_origins.end());
    out.hosts = config.rpc_hosts;
    out.limits.calls_per_second = config.rpc_calls_per_second;
    out.limits.calls_burst = 10 * config.rpc_calls_per_second;
    return out;
}

}  // namespace

// Members in the order of dependence: whatever refers to another stands below it.
struct Node::Impl {
    metrics::Registry registry;
    metrics::NodeMetrics metrics{registry};
    AgreementWatch agreement{metrics};
    Seat seat;
    std::unique_ptr<store::Store> store;
    std::shared_ptr<chain::SignatureCache> signatures = std::make_shared<chain::SignatureCache>();
    std::unique_ptr<chain::Executor> executor;
    std::unique_ptr<ledger::Ledger> ledger;
    std::unique_ptr<Mesh> mesh;
    std::unique_ptr<LedgerApplication> application;
    std::unique_ptr<consensus::PosixStorage> journal;
    std::unique_ptr<consensus::Engine> engine;
    std::unique_ptr<relay::Relay> relay;
    std::unique_ptr<BlockSyncRunner> sync;
    std::function<void(const chain::Fault&)> on_fault;  // set before sync starts
    ledger::Subscription wake;
    rpc::MethodTable table{TEPHRA_VERSION};
    std::unique_ptr<rpc::NodeMethods> methods;
    std::unique_ptr<rpc::Server> rpc;
    std::optional<rpc::worker_api::Identity> worker_identity;
    std::unique_ptr<rpc::worker_server::Server> workers;
    std::unique_ptr<Watch> watch;
    std::unique_ptr<metrics::Endpoint> endpoint;

    chain::Result<void> open_chain(const Config& config, Chain& chain);
    chain::Result<void> join(const Config& config, const Chain& chain);
    chain::Result<void> open_doors(const Config& config, const Chain& chain);
    chain::Result<void> watch_over(const Config& config, const std::filesystem::path& data);
    void show_bounds();
    LedgerApplication::Hooks hooks(const std::filesystem::path& data);
    relay::Ports relay_ports();
    BlockSyncPorts sync_ports();
    MeshListeners listeners();
};

chain::Result<void> Node::Impl::open_chain(const Config& config, Chain& chain) {
    TRY(store, open_store(config, chain));
    const auto head = store->head().value();
    node_log.info("chain \"{}\" genesis {} data {} head {} {}", chain.genesis.chain_name,
                  chain::to_hex(chain.genesis.hash), chain.data.string(), head.number, chain::to_hex(head.hash));
    TRY(seat, take_seat(config, chain.data, chain.genesis, *store->snapshot()));
    executor = std::make_unique<runtime::Appchain>(signatures);
    ledger = std::make_unique<ledger::Ledger>(*store, *executor);
    return {};
}

// ---- agreement and peers
// -----------------------------------------------------------------------------------------------

LedgerApplication::Hooks Node::Impl::hooks(const std::filesystem::path& data) {
    return {.blocks_missing = [this](const chain::Hash&, const consensus::CertificatePtr&) { sync->wanted(); },
            .forward_work =
                [this](const crypto::Ed25519Public& leader) {
                    if (const auto peer = mesh->network().peer_of(leader))
                        relay->forward(*peer, relay::Relay::What::Everything);
                },
            .bad_blocks = data,
            .proofs = &store->proofs()};
}

relay::Ports Node::Impl::relay_ports() {
    return {.send =
                [this](const network::PeerId& to, chain::Bytes message) {
                    mesh->network().send(to, network::Channel::Transactions, std::move(message));
                },
            .next_leaders =
                [this] {
                    std::vector<network::PeerId> out;
                    for (const auto& key : agreement.transaction_targets())
                        if (const auto peer = mesh->network().peer_of(key)) out.push_back(*peer);
                    return out;
                },
            .report = [this](const network::PeerId& peer,
                             network::Conduct conduct) { mesh->network().report(peer, conduct); }};
}

BlockSyncPorts Node::Impl::sync_ports() {
    return {.send = [this](const network::PeerId& to, network::Channel channel,
                           chain::Bytes message) { mesh->network().send(to, channel, std::move(message)); },
            .report = [this](const network::PeerId& peer,
                             network::Conduct conduct) { mesh->network().report(peer, conduct); },
            .stored = [this](const consensus::Tip& tip) { engine->stored(tip); },
            .fault = [this](const chain::Fault& fault) { on_fault(fault); }};
}

MeshListeners Node::Impl::listeners() {
    return {.arrived = [this](std::uint64_t id,
                              const std::optional<crypto::Ed25519Public>& key) { engine->peer_arrived(id, key); },
            .gone = [this](std::uint64_t id) { engine->peer_gone(id); },
            .consensus = [this](std::uint64_t id, chain::Bytes message) { engine->receive(id, std::move(message)); },
            .peer_up =
                [this](const network::PeerId& peer) {
                    relay->peer_up(peer);
                    sync->peer_up(peer);
                },
            .peer_down =
                [this](const network::PeerId& peer) {
                    relay->peer_down(peer);
                    sync->peer_down(peer);
                },
            .transactions = [this](const network::PeerId& from,
                                   chain::Bytes message) { relay->receive(from, std::move(message)); },
            .sync = [this](const network::PeerId& from, network::Channel channel,
                           chain::Bytes message) { sync->receive(from, channel, std::move(message)); }};
}

chain::Result<void> Node::Impl::join(const Config& config, const Chain& chain) {
    TRY(auto network, network_config(config, chain.data, chain.genesis.hash, seat));
    mesh = std::make_unique<Mesh>(std::move(network));
    application = std::make_unique<LedgerApplication>(*ledger, std::move(seat.vrf), hooks(chain.data));
    consensus::EngineConfig how;
    how.replica.genesis = chain.genesis.hash;
    how.replica.timers = timers_of(config);
    TRY(how.replica.no_sign_until, mark_of(config));
    // Alone, no second machine could be heard, and waiting for it would delay every start.
    if (seat.validators == 1) how.replica.guard_ms = 0;
    how.stuck_after_ms = std::max<std::uint64_t>(12'000, 2 * config.empty_block_interval_ms);
    if (seat.consensus) {
        TRY(journal, consensus::PosixStorage::open(chain.data / "consensus",
                                                   [this](double seconds) { agreement.synced(seconds); }));
    }
    engine = std::make_unique<consensus::Engine>(how, consensus::EnginePorts{.application = *application,
                                                                             .transport = *mesh,
                                                                             .observer = agreement,
                                                                             .secret = seat.consensus.get(),
                                                                             .storage = journal.get()});
    relay = std::make_unique<relay::Relay>(*ledger, relay_ports());
    sync = std::make_unique<BlockSyncRunner>(*ledger, sync_ports());
    agreement.on_view = [this] {
        for (const auto& key : agreement.next_leaders())
            if (const auto peer = mesh->network().peer_of(key)) relay->forward(*peer, relay::Relay::What::Own);
    };
    agreement.surroundings = [this, data = chain.data] { return surroundings_of(*mesh, *sync, data); };
    wake = ledger->on_ready([this](const std::vector<chain::Hash>&) { engine->wake(); });
    return {};
}

// ---- clients and workers
// -----------------------------------------------------------------------------------------------

chain::Result<void> Node::Impl::open_doors(const Config& config, const Chain& chain) {
    const bool is_validator = seat.consensus != nullptr;
    rpc::NodeViews views = views_of(*engine, *mesh, *sync, seat.validators, chain.data);
    views.proofs = [this](std::uint64_t epoch, std::uint64_t view) { return proofs_of(store->proofs(), epoch, view); };
    methods = std::make_unique<rpc::NodeMethods>(*ledger, describe(chain.genesis, is_validator), std::move(views));
    methods->add_to(table);
    rpc = std::make_unique<rpc::Server>(rpc_config(config, chain.data), table);
    TRY_VOID(rpc->start());
    TRY(worker_identity, rpc::worker_server::node_identity(chain.data));
    const std::string worker_endpoint = config.worker_address + ":" + std::to_string(config.worker_port);
    workers = std::make_unique<rpc::worker_server::Server>(rpc::worker_server::Config{.listen = worker_endpoint},
                                                           *ledger, *worker_identity);
    TRY_VOID(workers->start());
    node_log.info("workers: {}:{} key {}", config.worker_address, workers->port(),
                  rpc::worker_api::to_hex(worker_identity->key()));
    return {};
}

void Node::Impl::show_bounds() {
    metrics::show(metrics, ledger->bounds());
    metrics::show(metrics, rpc->bounds());
    metrics::show(metrics, {{"state_cache_bytes", store->cache_bytes(), store::Limits{}.head_cache_bytes},
                            {"known_signatures", signatures->size(), signatures->size_max()}});
    const auto load = workers->load();
    const rpc::worker_server::Config limits;
    // A Welcome beside the submits that a worker may leave unanswered.
    const std::uint64_t answers_max = limits.streams_max * (rpc::worker_api::submits_in_flight_max + 1);
    metrics::show(metrics, {{"worker_streams", load.streams, limits.streams_max},
                            {"worker_answers", load.answers_waiting, answers_max},
                            {"worker_blocks_behind", load.blocks_behind_most, limits.blocks_behind_max}});
    const auto proofs = store->proofs().usage();
    metrics.proofs.set(static_cast<double>(proofs.count));
    metrics.proof_bytes.set(static_cast<double>(proofs.bytes));
}

chain::Result<void> Node::Impl::watch_over(const Config& config, const std::filesystem::path& data) {
    watch = std::make_unique<Watch>(*ledger, *rpc, data, metrics);
    registry.before_scrape([this] {
        refresh(metrics, *engine, *mesh, *sync, *relay);
        show_bounds();
    });
    if (!config.metrics_port) return {};
    const metrics::EndpointConfig place{.address = config.metrics_address, .port = *config.metrics_port};
    TRY(endpoint, metrics::Endpoint::open(place, [this] { return registry.scrape(); }));
    node_log.info("metrics on http://{}:{}/metrics", place.address, endpoint->port());
    return {};
}

// ---- the node
// ----------------------------------------------------------------------------------------------------------

Node::Node(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Node::~Node() { stop(); }

chain::Result<std::unique_ptr<Node>> Node::open(const Config& config, Chain chain) {
    std::unique_ptr<Node> node{new Node{std::make_unique<Impl>()}};
    TRY_VOID(node->impl_->open_chain(config, chain));
    TRY_VOID(node->impl_->join(config, chain));
    TRY_VOID(node->impl_->open_doors(config, chain));
    TRY_VOID(node->impl_->watch_over(config, chain.data));
    return node;
}

chain::Result<void> Node::start(std::function<void(const chain::Fault&)> on_fault) {
    impl_->on_fault = on_fault;
    TRY_VOID(impl_->engine->start(std::move(on_fault)));
    impl_->sync->start();
    TRY_VOID(impl_->mesh->start(impl_->listeners()));
    const std::uint16_t port = impl_->mesh->network().port();
    node_log.info("peers know this node as {}{}", network::to_text(impl_->mesh->network().id()),
                  port == 0 ? std::string{", which does not listen"} : " on port " + std::to_string(port));
    return {};
}

void Node::stop() {
    impl_->endpoint.reset();
    if (impl_->rpc) impl_->rpc->stop();
    if (impl_->workers) impl_->workers->stop();
    if (impl_->mesh) impl_->mesh->stop();
    impl_->relay.reset();
    if (impl_->sync) impl_->sync->stop();
    if (impl_->engine) impl_->engine->stop();
    impl_->wake.reset();
}

}  // namespace node
