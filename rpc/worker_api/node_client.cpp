#include "rpc/worker_api/node_client.hpp"

#include "rpc/worker_api/limits.hpp"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>
#include <rpc/worker_api/node.grpc.pb.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <utility>

namespace rpc::worker_api {

namespace {

namespace proto = tephra::node::v1;
using chain::Bytes;
using chain::ByteView;
using chain::fault;
using chain::Hash;

ByteView view(const std::string& bytes) { return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}; }
Bytes bytes_of(const std::string& bytes) { return {bytes.begin(), bytes.end()}; }
std::string text_of(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

/// A node that is not the pinned one cannot speak here, so a wrong length is a bug of the node: zeros then match
/// nothing.
Hash hash_of(const std::string& bytes) {
    Hash out;
    if (bytes.size() == out.value.size()) std::ranges::copy(view(bytes), out.value.begin());
    return out;
}

std::shared_ptr<grpc::Channel> channel_to(const NodeAddress& node, const Identity& own) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, keep_alive_ms);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, keep_alive_timeout_ms);
    arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    // Each line is a connection of its own: a broken one must not be found again in a shared pool.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetMaxReceiveMessageSize(node_message_bytes_max);
    return grpc::CreateCustomChannel(node.endpoint, pinned_channel(node.key, &own), arguments);
}

LineFault fault_of(const grpc::Status& status, bool welcomed) {
    const std::string& text = status.error_message();
    switch (status.error_code()) {
        case grpc::StatusCode::OK: return {LineEnd::Lost, "the node closed the line"};
        case grpc::StatusCode::NOT_FOUND: return {LineEnd::NotRegistered, text};
        case grpc::StatusCode::UNAUTHENTICATED: return {LineEnd::WrongKey, text};
        case grpc::StatusCode::ALREADY_EXISTS: return {LineEnd::Displaced, text};
        case grpc::StatusCode::UNAVAILABLE:
            // gRPC wraps the verifier's refusal into "failed to connect"; its text survives.
            if (!welcomed && text.find("pinned is") != std::string::npos) return {LineEnd::WrongKey, text};
            return {LineEnd::Lost, text};
        default: return {LineEnd::Lost, text};
    }
}

Finalized from_proto(const proto::Finalized& in) {
    Finalized out{.number = in.number(),
                  .hash = hash_of(in.hash()),
                  .parent_hash = hash_of(in.parent_hash()),
                  .timestamp_ms = in.timestamp_ms(),
                  .live_now_ms = in.live_now_ms(),
                  .snapshot = in.snapshot(),
                  .next_nonce = in.next_nonce()};
    if (!in.machine().empty()) out.machine = bytes_of(in.machine());
    if (!in.probe().empty()) out.probe = bytes_of(in.probe());
    out.heartbeat_interval_ms = in.heartbeat_interval_ms();
    for (const auto& lease : in.leases()) {
        auto& update = out.leases.emplace_back(LeaseUpdate{.id = lease.id(), .record = bytes_of(lease.record())});
        if (!lease.workload().empty()) update.workload = bytes_of(lease.workload());
    }
    out.gone.assign(in.gone().begin(), in.gone().end());
    for (const auto& event : in.events()) out.events.push_back(bytes_of(event));
    for (const auto& fate : in.fates())
        out.fates.push_back(
            {.extrinsic_hash = hash_of(fate.extrinsic_hash()), .success = fate.success(), .error = fate.error()});
    return out;
}

Submitted from_proto(const proto::Submitted& in) {
    Submitted out{.id = in.id(), .code = in.code(), .refusal = in.refusal(), .next_nonce = in.next_nonce()};
    if (!in.extrinsic_hash().empty()) out.extrinsic_hash = hash_of(in.extrinsic_hash());
    return out;
}

Welcome from_proto(const proto::Welcome& in) {
    Welcome out{.genesis = hash_of(in.genesis_hash()),
                .spec_version = in.spec_version(),
                .transaction_version = in.transaction_version(),
                .next_nonce = in.next_nonce()};
    if (in.machine().size() == out.machine.size()) std::ranges::copy(view(in.machine()), out.machine.begin());
    return out;
}

}  // namespace

Result<ChainFacts> ask_chain(const NodeAddress& node, const Identity& own, const std::optional<AccountBytes>& owner) {
    const auto stub = proto::Node::NewStub(channel_to(node, own));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds{10});
    proto::ChainRequest request;
    if (owner) request.set_owner(text_of(*owner));
    proto::ChainReply reply;
    if (const auto status = stub->Chain(&context, request, &reply); !status.ok())
        return fault("the node at " + node.endpoint + " does not answer: " + status.error_message());
    return ChainFacts{.genesis = hash_of(reply.genesis_hash()),
                      .spec_version = reply.spec_version(),
                      .transaction_version = reply.transaction_version(),
                      .finalized_number = reply.finalized_number(),
                      .finalized_hash = hash_of(reply.finalized_hash()),
                      .registration_counter = reply.registration_counter()};
}

struct NodeLine::Impl {
    std::unique_ptr<proto::Node::Stub> stub;
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReaderWriter<proto::Up, proto::Down>> stream;
    proto::Up hello;
    bool greeted = false;
    std::mutex writing;  // gRPC allows one writer at a time; submit and report come from several threads
    bool welcomed = false;

    bool write(const proto::Up& message) {
        const std::scoped_lock lock{writing};
        return stream->Write(message);
    }
};

NodeLine::NodeLine(const NodeAddress& node, const Identity& own, const Hello& hello) : impl_(std::make_unique<Impl>()) {
    impl_->stub = proto::Node::NewStub(channel_to(node, own));
    impl_->stream = impl_->stub->Follow(&impl_->context);
    auto* out = impl_->hello.mutable_hello();
    out->set_machine(text_of(hello.machine));
    out->set_from_number(hello.from_number);
    out->set_worker_version(hello.worker_version);
}

NodeLine::~NodeLine() { close(); }

Result<Incoming, LineFault> NodeLine::next() {
    // Here and not in the constructor: a write waits for the connection, which `close` must be able to end.
    if (!std::exchange(impl_->greeted, true)) impl_->write(impl_->hello);
    proto::Down message;
    while (impl_->stream->Read(&message)) {
        switch (message.message_case()) {
            case proto::Down::kWelcome: impl_->welcomed = true; return from_proto(message.welcome());
            case proto::Down::kFinalized: return from_proto(message.finalized());
            case proto::Down::kSubmitted: return from_proto(message.submitted());
            case proto::Down::MESSAGE_NOT_SET: break;  // of a newer protocol: nothing for us
        }
    }
    return std::unexpected{fault_of(impl_->stream->Finish(), impl_->welcomed)};
}

bool NodeLine::submit(std::uint64_t id, const Bytes& extrinsic) {
    proto::Up message;
    message.mutable_submit()->set_id(id);
    message.mutable_submit()->set_extrinsic(text_of(extrinsic));
    return impl_->write(message);
}

bool NodeLine::report(std::uint64_t lease, const std::string& text) {
    proto::Up message;
    message.mutable_report()->set_lease(lease);
    message.mutable_report()->set_text(text);
    return impl_->write(message);
}

void NodeLine::close() { impl_->context.TryCancel(); }

}  // namespace rpc::worker_api
