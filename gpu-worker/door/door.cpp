#include "gpu-worker/door/door.hpp"

#include "chain/base/log.hpp"
#include "chain/clock/clock.hpp"
#include "gpu-worker/door/request.hpp"

#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <rpc/worker_api/door.grpc.pb.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <utility>

namespace worker {

namespace {

namespace proto = tephra::door::v1;
namespace api = rpc::worker_api;
using escrow::LeaseId;
using grpc::Status;
using grpc::StatusCode;
using LogWriter = grpc::ServerWriter<proto::LogPiece>;
using FileWriter = grpc::ServerWriter<proto::FilePiece>;

constexpr chain::log::Channel door_log{"door"};
constexpr std::chrono::milliseconds log_poll{40};
Status broken_off() { return {StatusCode::UNAVAILABLE, "the worker is stopping"}; }

chain::ByteView view_of(const std::string& bytes) {
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

proto::LogPiece::Source source_of(LogStream stream) {
    switch (stream) {
        case LogStream::Out: return proto::LogPiece::OUT;
        case LogStream::Error: return proto::LogPiece::ERROR;
        case LogStream::Worker: return proto::LogPiece::WORKER;
    }
    std::unreachable();
}

Status status_of(GuardRefusal refusal) {
    const std::string text{text_of(refusal)};
    switch (refusal) {
        case GuardRefusal::NotTheRenter: return {StatusCode::PERMISSION_DENIED, text};
        case GuardRefusal::Busy: return {StatusCode::RESOURCE_EXHAUSTED, text};
        case GuardRefusal::Disk: return {StatusCode::INTERNAL, text};
        default: return {StatusCode::UNAUTHENTICATED, text};
    }
}

}  // namespace

struct Door::Impl final : proto::Door::Service {
    DoorConfig config;
    api::Identity identity;
    Guard& guard;
    LeaseDesk& desk;
    const Containers& containers;
    int port = 0;
    std::atomic<int> streams = 0;
    std::atomic<bool> stopping = false;
    std::unique_ptr<grpc::Server> server;

    Impl(DoorConfig c, const api::Identity& i, Guard& g, LeaseDesk& d, const Containers& k)
        : config(std::move(c)), identity(i), guard(g), desk(d), containers(k) {}

    enum class Needs : std::uint8_t { AnyLease, OpenLease };

    /// The lease, if this request may act on it, and its body.
    template <class Body>
    Result<LeaseView, Status> admit(const proto::Request& in, std::string_view method, Needs needs, Body& body) {
        const LeaseId id{in.lease()};
        const auto lease = desk.view(id);
        if (!lease)
            return std::unexpected{
                Status{StatusCode::NOT_FOUND, "this machine does not have lease " + std::to_string(id.value)}};
        const auto request = read_request(in, method);
        if (!request) return std::unexpected{status_of(request.error())};
        if (const auto admitted = guard.admit(*request, lease->renter, chain::unix_ms()); !admitted) {
            door_log.info("refused {} for lease {}: {}", method, id.value, text_of(admitted.error()));
            return std::unexpected{status_of(admitted.error())};
        }
        if (needs == Needs::OpenLease && !lease->open)
            return std::unexpected{Status{StatusCode::PERMISSION_DENIED, "the lease has ended: " + lease->text}};
        if (!body.ParseFromString(in.body()))
            return std::unexpected{Status{StatusCode::INVALID_ARGUMENT, "the body is not this method's"}};
        return *lease;
    }

    /// Holds one of the places for long answers.
    struct StreamPlace {
        std::atomic<int>& count;
        bool granted;
        StreamPlace(std::atomic<int>& c, int most) : count(c), granted(++c <= most) {}
        ~StreamPlace() { --count; }
        StreamPlace(const StreamPlace&) = delete;
        StreamPlace& operator=(const StreamPlace&) = delete;
    };
    static Status crowded() {
        return {StatusCode::RESOURCE_EXHAUSTED, "too many logs and downloads are open: try again later"};
    }

    Status Stats(grpc::ServerContext*, const proto::Request* request, proto::StatsReply* reply) override {
        proto::StatsQuery query;
        const auto lease = admit(*request, "Stats", Needs::AnyLease, query);
        if (!lease) return lease.error();
        reply->set_phase(std::string{lease::name_of(lease->phase)});
        reply->set_text(lease->text);
        if (lease->exit_code) reply->set_exit_code(*lease->exit_code);
        reply->set_results_kept_until_ms(lease->kept_until_ms);
        const auto job = containers.state(lease->job);
        if (!job) return Status::OK;
        reply->set_started_ms(job->started_ms);
        reply->set_cpu_ms(job->usage.cpu_ms);
        reply->set_memory_peak_bytes(job->usage.memory_peak_bytes);
        reply->set_disk_bytes(job->usage.disk_bytes);
        for (const auto& published : job->ports) {
            auto* out = reply->add_ports();
            out->set_job(published.job);
            out->set_host(published.host);
        }
        return Status::OK;
    }

    Status Logs(grpc::ServerContext* context, const proto::Request* request, LogWriter* out) override {
        const StreamPlace place{streams, config.streams_max};
        if (!place.granted) return crowded();
        proto::LogsQuery query;
        const auto lease = admit(*request, "Logs", Needs::AnyLease, query);
        if (!lease) return lease.error();
        const LeaseId id{request->lease()};
        std::uint64_t cursor = query.cursor();
        while (!context->IsCancelled() && !stopping) {
            const auto now = desk.view(id);
            if (!now) return Status::OK;  // forgotten meanwhile
            const auto page = containers.read_log(now->job, cursor, api::log_piece_bytes);
            if (page) {
                if (!write_log(*page, *out)) return broken_off();
                cursor = page->next;
                // A service that is started again goes on in a new log of the same job.
                if (page->end && (!query.follow() || now->phase >= lease::Phase::Reporting)) return Status::OK;
                if (!page->chunks.empty()) continue;
            }
            if (!query.follow() || now->phase == lease::Phase::Kept || now->phase == lease::Phase::Rejecting)
                return Status::OK;
            std::this_thread::sleep_for(log_poll);
        }
        return broken_off();
    }

    static bool write_log(const LogPage& page, LogWriter& out) {
        for (const auto& chunk : page.chunks) {
            proto::LogPiece piece;
            piece.set_data(chunk.bytes);
            piece.set_source(source_of(chunk.stream));
            piece.set_time_ms(chunk.time_ms);
            piece.set_next(page.next);
            if (!out.Write(piece)) return false;
        }
        return true;
    }

    Status Download(grpc::ServerContext* context, const proto::Request* request, FileWriter* out) override {
        const StreamPlace place{streams, config.streams_max};
        if (!place.granted) return crowded();
        proto::DownloadQuery query;
        const auto lease = admit(*request, "Download", Needs::AnyLease, query);
        if (!lease) return lease.error();
        const auto job = containers.state(lease->job);
        if (!job || !job->exit)
            return {StatusCode::FAILED_PRECONDITION,
                    "there are no results yet: the workload has not ended (" + lease->text + ")"};
        const Results& results = job->exit->results;
        std::uint64_t offset = query.offset();
        do {
            const auto bytes = containers.read_results(lease->job, offset, api::file_piece_bytes);
            if (!bytes) return {StatusCode::INTERNAL, bytes.error().text};
            proto::FilePiece piece;
            piece.set_data(std::string{bytes->begin(), bytes->end()});
            piece.set_total_bytes(results.bytes);
            piece.set_root(std::string{results.root.value.begin(), results.root.value.end()});
            if (!out->Write(piece)) return broken_off();
            offset += bytes->size();
            if (bytes->size() < api::file_piece_bytes) return Status::OK;
        } while (!context->IsCancelled() && !stopping);
        return broken_off();
    }

    Status Start(grpc::ServerContext*, const proto::Request* request, proto::StartReply*) override {
        proto::StartOrder order;
        const auto lease = admit(*request, "Start", Needs::OpenLease, order);
        if (!lease) return lease.error();
        const auto workload = scale::decode<leases::Workload>(view_of(order.workload()));
        if (!workload)
            return {StatusCode::INVALID_ARGUMENT,
                    "this is not a workload: " + std::string{scale::text(workload.error())}};
        const auto started = desk.start({request->lease()}, *workload);
        return started ? Status::OK : Status{StatusCode::FAILED_PRECONDITION, started.error()};
    }

    Status Stop(grpc::ServerContext*, const proto::Request* request, proto::StopReply*) override {
        proto::StopOrder order;
        const auto lease = admit(*request, "Stop", Needs::OpenLease, order);
        if (!lease) return lease.error();
        if (!desk.stop({request->lease()})) return {StatusCode::FAILED_PRECONDITION, "nothing runs: " + lease->text};
        return Status::OK;
    }
};

Door::Door(DoorConfig config, const api::Identity& identity, Guard& guard, LeaseDesk& desk,
           const Containers& containers)
    : impl_(std::make_unique<Impl>(std::move(config), identity, guard, desk, containers)) {}

Door::~Door() { stop(); }

Result<void> Door::start() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(impl_->config.listen, api::server_credentials(impl_->identity, api::ClientKey::NotAsked),
                             &impl_->port);
    builder.SetMaxReceiveMessageSize(api::door_request_bytes_max);
    const auto& keep_alive = impl_->config.keep_alive;
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, keep_alive.silence_ms);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, keep_alive.answer_ms);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, keep_alive.silence_ms / 2);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 16);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    // One thread serves one call: the streams, and as many short calls beside them.
    builder.SetResourceQuota(grpc::ResourceQuota{"door"}.SetMaxThreads(2 * impl_->config.streams_max + 16));
    builder.RegisterService(impl_.get());
    impl_->server = builder.BuildAndStart();
    if (!impl_->server || impl_->port == 0)
        return chain::fault("cannot listen on " + impl_->config.listen +
                            ": is another worker running, or the port taken?");
    return {};
}

void Door::stop() {
    impl_->stopping = true;
    if (auto server = std::exchange(impl_->server, nullptr)) server->Shutdown(std::chrono::system_clock::now());
}

std::uint16_t Door::port() const { return static_cast<std::uint16_t>(impl_->port); }

}  // namespace worker
