#include "rpc/worker_api/door_client.hpp"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>
#include <rpc/worker_api/door.grpc.pb.h>

#include <chrono>

namespace rpc::worker_api {

namespace {

namespace door_proto = tephra::door::v1;
using chain::ByteView;

constexpr std::chrono::seconds answer_deadline{30};  // of calls that end by themselves

ByteView bytes_in(const std::string& bytes) {
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

std::unexpected<DoorFault> fault_of(const grpc::Status& status, const std::string& endpoint) {
    const std::string& text = status.error_message();
    switch (status.error_code()) {
        case grpc::StatusCode::UNAVAILABLE:
            if (text.find("pinned is") != std::string::npos)
                return std::unexpected{DoorFault{DoorFaultKind::WrongWorker,
                                                 "who answers at " + endpoint + " is not the machine: " + text}};
            return std::unexpected{DoorFault{DoorFaultKind::Unreachable,
                                             "the machine's worker at " + endpoint + " is out of reach: " + text}};
        case grpc::StatusCode::DEADLINE_EXCEEDED:
            return std::unexpected{
                DoorFault{DoorFaultKind::Unreachable, "the machine's worker at " + endpoint + " does not answer"}};
        case grpc::StatusCode::UNAUTHENTICATED:
        case grpc::StatusCode::PERMISSION_DENIED: return std::unexpected{DoorFault{DoorFaultKind::Refused, text}};
        case grpc::StatusCode::NOT_FOUND: return std::unexpected{DoorFault{DoorFaultKind::NotFound, text}};
        case grpc::StatusCode::FAILED_PRECONDITION: return std::unexpected{DoorFault{DoorFaultKind::NotNow, text}};
        default: return std::unexpected{DoorFault{DoorFaultKind::Failed, text}};
    }
}

LogSource source_of(door_proto::LogPiece::Source source) {
    switch (source) {
        case door_proto::LogPiece::ERROR: return LogSource::Error;
        case door_proto::LogPiece::WORKER: return LogSource::Worker;
        default: return LogSource::Out;
    }
}

}  // namespace

struct DoorClient::Impl {
    std::string endpoint;
    TicketMaker ticket;
    std::unique_ptr<door_proto::Door::Stub> stub;

    door_proto::Request request(std::string_view method, const google::protobuf::MessageLite& body) const {
        door_proto::Request out;
        out.set_body(body.SerializeAsString());
        const Ticket signed_part = ticket(method, bytes_in(out.body()));
        out.set_lease(signed_part.lease);
        out.set_nonce(signed_part.nonce);
        out.set_expiry_ms(signed_part.expiry_ms);
        out.set_signature(std::string{signed_part.signature.begin(), signed_part.signature.end()});
        return out;
    }
    static void set_deadline(grpc::ClientContext& context) {
        context.set_deadline(std::chrono::system_clock::now() + answer_deadline);
    }
};

DoorClient::DoorClient(std::string endpoint, const TlsKey& machine, TicketMaker ticket, const KeepAlive& keep_alive)
    : impl_(std::make_unique<Impl>()) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, keep_alive.silence_ms);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, keep_alive.answer_ms);
    // A retry would present the same nonce twice.
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    arguments.SetMaxReceiveMessageSize(door_answer_bytes_max);
    impl_->stub =
        door_proto::Door::NewStub(grpc::CreateCustomChannel(endpoint, pinned_channel(machine, nullptr), arguments));
    impl_->endpoint = std::move(endpoint);
    impl_->ticket = std::move(ticket);
}

DoorClient::~DoorClient() = default;

Result<DoorStats, DoorFault> DoorClient::stats() {
    grpc::ClientContext context;
    Impl::set_deadline(context);
    door_proto::StatsReply reply;
    const auto request = impl_->request("Stats", door_proto::StatsQuery{});
    if (const auto status = impl_->stub->Stats(&context, request, &reply); !status.ok())
        return fault_of(status, impl_->endpoint);
    DoorStats out{.phase = reply.phase(),
                  .text = reply.text(),
                  .started_ms = reply.started_ms(),
                  .cpu_ms = reply.cpu_ms(),
                  .memory_peak_bytes = reply.memory_peak_bytes(),
                  .disk_bytes = reply.disk_bytes(),
                  .results_kept_until_ms = reply.results_kept_until_ms()};
    if (reply.has_exit_code()) out.exit_code = reply.exit_code();
    for (const auto& port : reply.ports())
        out.ports.emplace_back(static_cast<std::uint16_t>(port.job()), static_cast<std::uint16_t>(port.host()));
    return out;
}

Result<std::uint64_t, DoorFault> DoorClient::logs(std::uint64_t cursor, bool follow,
                                                  const std::function<bool(const LogPiece&)>& sink) {
    grpc::ClientContext context;
    if (!follow) Impl::set_deadline(context);
    door_proto::LogsQuery query;
    query.set_cursor(cursor);
    query.set_follow(follow);
    const auto reader = impl_->stub->Logs(&context, impl_->request("Logs", query));
    door_proto::LogPiece piece;
    while (reader->Read(&piece)) {
        cursor = piece.next();
        const LogPiece out{.data = piece.data(),
                           .source = source_of(piece.source()),
                           .time_ms = piece.time_ms(),
                           .next = piece.next()};
        if (sink(out)) continue;
        context.TryCancel();
        while (reader->Read(&piece)) {
        }
        static_cast<void>(reader->Finish());
        return cursor;
    }
    if (const auto status = reader->Finish(); !status.ok()) return fault_of(status, impl_->endpoint);
    return cursor;
}

Result<ResultsFacts, DoorFault> DoorClient::download(std::uint64_t offset,
                                                     const std::function<bool(const ResultsPiece&)>& sink) {
    grpc::ClientContext context;
    door_proto::DownloadQuery query;
    query.set_offset(offset);
    const auto reader = impl_->stub->Download(&context, impl_->request("Download", query));
    ResultsFacts facts;
    door_proto::FilePiece piece;
    while (reader->Read(&piece)) {
        facts.total_bytes = piece.total_bytes();
        if (piece.root().size() == facts.root.value.size())
            std::copy(piece.root().begin(), piece.root().end(), facts.root.value.begin());
        if (sink({.data = chain::Bytes{piece.data().begin(), piece.data().end()}, .of = facts})) continue;
        context.TryCancel();
        while (reader->Read(&piece)) {
        }
        static_cast<void>(reader->Finish());
        return facts;
    }
    if (const auto status = reader->Finish(); !status.ok()) return fault_of(status, impl_->endpoint);
    return facts;
}

Result<void, DoorFault> DoorClient::start(const chain::Bytes& workload) {
    grpc::ClientContext context;
    Impl::set_deadline(context);
    door_proto::StartOrder order;
    order.set_workload(std::string{workload.begin(), workload.end()});
    door_proto::StartReply reply;
    const auto status = impl_->stub->Start(&context, impl_->request("Start", order), &reply);
    if (!status.ok()) return fault_of(status, impl_->endpoint);
    return {};
}

Result<void, DoorFault> DoorClient::stop() {
    grpc::ClientContext context;
    Impl::set_deadline(context);
    door_proto::StopReply reply;
    const auto status = impl_->stub->Stop(&context, impl_->request("Stop", door_proto::StopOrder{}), &reply);
    if (!status.ok()) return fault_of(status, impl_->endpoint);
    return {};
}

}  // namespace rpc::worker_api
