#include "rpc/worker_api/node_client.hpp"

#include "rpc/worker_api/from_proto.hpp"

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

std::string text_of(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

std::shared_ptr<grpc::Channel> channel_to(const NodeAddress& node, const Identity& own, const KeepAlive& keep_alive) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, keep_alive.silence_ms);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, keep_alive.answer_ms);
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

}  // namespace

Result<ChainFacts> ask_chain(const NodeAddress& node, const Identity& own, const std::optional<AccountBytes>& owner) {
    const auto stub = proto::Node::NewStub(channel_to(node, own, {}));
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

NodeLine::NodeLine(const NodeAddress& node, const Identity& own, const Hello& hello, const KeepAlive& keep_alive)
    : impl_(std::make_unique<Impl>()) {
    impl_->stub = proto::Node::NewStub(channel_to(node, own, keep_alive));
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
        auto incoming = from_proto(message);
        if (!incoming) continue;
        if (std::holds_alternative<Welcome>(*incoming)) impl_->welcomed = true;
        return *std::move(incoming);
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
