#include "rpc/worker_server/server.hpp"

#include "chain/base/check.hpp"
#include "chain/files/whole_file.hpp"
#include "rpc/worker_server/session.hpp"
#include "rpc/worker_server/to_proto.hpp"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <set>
#include <thread>
#include <utility>

namespace rpc::worker_server {

namespace proto = tephra::node::v1;
using chain::fault;
using grpc::Status;
using grpc::StatusCode;

struct Server::Impl final : proto::Node::CallbackService {
    Config config;
    ledger::Ledger& ledger;
    const worker_api::Identity& identity;
    Hub hub;
    int port = 0;
    ledger::Subscription finalized;
    std::thread thread;
    std::unique_ptr<grpc::Server> server;

    // Guards what follows: gRPC's threads open and end sessions while the pump walks over them.
    std::mutex mutex;
    std::condition_variable wake;
    std::set<std::shared_ptr<Session>> sessions;
    std::map<crypto::AccountId, std::shared_ptr<Session>> by_machine;
    bool block_waits = false;
    bool stopping = false;

    Impl(Config c, ledger::Ledger& l, const worker_api::Identity& i)
        : config(std::move(c)),
          ledger(l),
          identity(i),
          hub{.ledger = l,
              .blocks_behind_max = config.blocks_behind_max,
              .arrived = [this](const auto& machine, const auto& session) { arrived(machine, session); },
              .left = [this](Session& session) { left(session); }} {}

    void arrived(const crypto::AccountId& machine, const std::shared_ptr<Session>& session) {
        std::shared_ptr<Session> older;
        {
            const std::scoped_lock lock{mutex};
            older = std::exchange(by_machine[machine], session);
        }
        if (older && older != session)
            older->end({StatusCode::ALREADY_EXISTS, "another worker of this machine has connected"});
    }

    void left(Session& session) {
        const std::scoped_lock lock{mutex};
        std::erase_if(by_machine, [&](const auto& one) { return one.second.get() == &session; });
        std::erase_if(sessions, [&](const auto& one) { return one.get() == &session; });
        wake.notify_all();
    }

    grpc::ServerBidiReactor<proto::Up, proto::Down>* Follow(grpc::CallbackServerContext* context) override {
        auto session = Session::open(hub, *context);
        bool crowded = false;
        {
            const std::scoped_lock lock{mutex};
            crowded = stopping || sessions.size() >= config.streams_max;
            if (!session->is_done()) sessions.insert(session);
        }
        if (crowded)
            session->end({StatusCode::RESOURCE_EXHAUSTED, "too many workers follow this node: try another or later"});
        return session.get();
    }

    grpc::ServerUnaryReactor* Chain(grpc::CallbackServerContext* context, const proto::ChainRequest* request,
                                    proto::ChainReply* reply) override {
        auto* reactor = context->DefaultReactor();
        reactor->Finish(chain_facts(*request, *reply));
        return reactor;
    }

    Status chain_facts(const proto::ChainRequest& request, proto::ChainReply& reply) const {
        const auto head = ledger.finalized();
        const auto version = ledger.executor().version();
        reply.set_genesis_hash(text_of(ledger.genesis().hash.value));
        reply.set_spec_version(version.spec_version);
        reply.set_transaction_version(version.transaction_version);
        reply.set_finalized_number(head.number);
        reply.set_finalized_hash(text_of(head.hash.value));
        if (request.owner().empty()) return Status::OK;
        crypto::AccountId owner;
        if (request.owner().size() != owner.value.size())
            return {StatusCode::INVALID_ARGUMENT, "owner: an account has 20 bytes"};
        std::copy(request.owner().begin(), request.owner().end(), owner.value.begin());
        const auto state = ledger.state_at(head.hash);
        if (!state) return {StatusCode::UNAVAILABLE, "the finalized state is not readable"};
        reply.set_registration_counter(machines::storage.registrations.get(*state, owner));
        return Status::OK;
    }

    /// Hands each finalized block on. Off the ledger's thread: writing to many workers must not hold up its events.
    void pump() {
        std::unique_lock lock{mutex};
        for (;;) {
            wake.wait(lock, [&] { return stopping || block_waits; });
            if (stopping) return;
            block_waits = false;
            const std::vector<std::shared_ptr<Session>> all{sessions.begin(), sessions.end()};
            lock.unlock();
            for (const auto& session : all) session->pump();
            lock.lock();
        }
    }
};

Server::Server(Config config, ledger::Ledger& ledger, const worker_api::Identity& identity)
    : impl_(std::make_unique<Impl>(std::move(config), ledger, identity)) {}

Server::~Server() { stop(); }

chain::Result<void> Server::start() {
    Impl& impl = *impl_;
    grpc::ServerBuilder builder;
    builder.AddListeningPort(
        impl.config.listen, worker_api::server_credentials(impl.identity, worker_api::ClientKey::Required), &impl.port);
    builder.SetMaxReceiveMessageSize(worker_api::worker_message_bytes_max);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, worker_api::worker_window_bytes);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);  // it would widen the window again
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, impl.config.keep_alive.silence_ms);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, impl.config.keep_alive.answer_ms);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                               impl.config.keep_alive.silence_ms / 2);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 4);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.RegisterService(&impl);
    impl.server = builder.BuildAndStart();
    if (!impl.server || impl.port == 0)
        return fault("cannot listen for workers on " + impl.config.listen +
                     ": is the port taken? choose another with --worker-port");
    impl.thread = std::thread{[&impl] { impl.pump(); }};
    impl.finalized = impl.ledger.on_finalized([&impl](const ledger::FinalizedBlocks&) {
        {
            const std::scoped_lock lock{impl.mutex};
            impl.block_waits = true;
        }
        impl.wake.notify_all();
    });
    return {};
}

void Server::stop() {
    Impl& impl = *impl_;
    impl.finalized.reset();
    std::vector<std::shared_ptr<Session>> all;
    {
        const std::scoped_lock lock{impl.mutex};
        impl.stopping = true;
        all.assign(impl.sessions.begin(), impl.sessions.end());
    }
    impl.wake.notify_all();
    if (impl.thread.joinable()) impl.thread.join();
    for (const auto& session : all) session->end({StatusCode::UNAVAILABLE, "the node is stopping"});
    if (auto server = std::exchange(impl.server, nullptr))
        server->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds{2});
}

Load Server::load() const {
    std::vector<std::shared_ptr<Session>> all;
    {
        const std::scoped_lock lock{impl_->mutex};
        all.assign(impl_->sessions.begin(), impl_->sessions.end());
    }
    Load out{.streams = all.size()};
    for (const auto& session : all) {
        out.answers_waiting += session->answers_waiting();
        out.blocks_behind_most = std::max(out.blocks_behind_most, session->blocks_behind());
    }
    return out;
}

std::uint16_t Server::port() const { return static_cast<std::uint16_t>(impl_->port); }

chain::Result<worker_api::Identity> node_identity(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return fault("cannot make " + folder.string() + ": " + error.message());
    TRY(auto identity, worker_api::Identity::load_or_create(folder / "worker_key"));
    TRY_VOID(chain::write_whole(folder / "worker_key.pub", worker_api::to_hex(identity.key()) + "\n",
                                chain::Readers::Everybody));
    return identity;
}

}  // namespace rpc::worker_server
