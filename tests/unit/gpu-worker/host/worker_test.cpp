#include "gpu-worker/host/worker.hpp"

#include "runtime/pallets/leases/running.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>
#include <grpcpp/grpcpp.h>
#include <rpc/worker_api/node.grpc.pb.h>

#include <condition_variable>
#include <mutex>
#include <thread>

using namespace worker;
using namespace rpc::worker_api;
namespace proto = tephra::node::v1;

namespace {

/// What the test and the fakes see of each other. Everything is guarded by the one mutex and told by the one condition.
struct Stage {
    std::mutex mutex;
    std::condition_variable changed;

    template <class F>
    auto with(F f) {
        const std::scoped_lock lock{mutex};
        changed.notify_all();
        return f();
    }
    template <class Predicate>
    void wait(Predicate predicate) {
        std::unique_lock lock{mutex};
        changed.wait(lock, predicate);
    }
};

/// A node that hands out the blocks that the test writes, and collects the calls of the machine.
class ScriptedNode final : public proto::Node::Service {
public:
    explicit ScriptedNode(Stage& s) : stage(s) {
        grpc::ServerBuilder builder;
        builder.AddListeningPort("127.0.0.1:0", server_credentials(identity, ClientKey::Required), &port);
        builder.RegisterService(this);
        server = builder.BuildAndStart();
        REQUIRE(server);
    }
    ~ScriptedNode() override {
        stage.with([&] { closing = true; });
        server->Shutdown(std::chrono::system_clock::now());
    }
    NodeAddress address() const { return {.endpoint = "127.0.0.1:" + std::to_string(port), .key = identity.key()}; }

    /// Finalizes a block that tells of these leases.
    void tell(const std::vector<std::pair<std::uint64_t, leases::Lease>>& news,
              const std::optional<leases::Workload>& workload = {}) {
        proto::Finalized block;
        block.set_hash(std::string(32, 'h'));
        for (const auto& [id, lease] : news) {
            auto* out = block.add_leases();
            out->set_id(id);
            const auto record = scale::encode(lease);
            out->set_record(std::string{record.begin(), record.end()});
            if (!workload) continue;
            const auto bytes = scale::encode(*workload);
            out->set_workload(std::string{bytes.begin(), bytes.end()});
        }
        stage.with([&] {
            block.set_number(static_cast<std::uint32_t>(blocks.size() + 1));
            block.set_snapshot(blocks.empty());
            blocks.push_back(block);
        });
    }
    /// Whether the machine has sent this call.
    template <class Call>
    bool has(const Call& call) const {
        return std::ranges::find(calls, frame::to_call(call).encoded) != calls.end();
    }

    Stage& stage;
    Identity identity = Identity::generate().value();
    std::vector<proto::Finalized> blocks;
    std::vector<chain::Bytes> calls;

private:
    grpc::Status Follow(grpc::ServerContext* context,
                        grpc::ServerReaderWriter<proto::Down, proto::Up>* stream) override {
        proto::Up up;
        stream->Read(&up);
        std::mutex writing;
        proto::Down down;
        down.mutable_welcome()->set_genesis_hash(std::string(32, 'g'));
        down.mutable_welcome()->set_machine(up.hello().machine());
        stream->Write(down);
        std::thread writer{[&] {
            for (std::size_t next = 0;; ++next) {
                std::unique_lock lock{stage.mutex};
                stage.changed.wait(lock, [&] { return closing || ended || next < blocks.size(); });
                if (closing || ended) return;
                proto::Down block;
                *block.mutable_finalized() = blocks[next];
                lock.unlock();
                const std::scoped_lock write_lock{writing};
                stream->Write(block);
            }
        }};
        std::uint32_t nonce = 0;
        while (stream->Read(&up)) {
            if (!up.has_submit()) continue;
            const auto transaction = chain::decode_extrinsic(chain::to_bytes(up.submit().extrinsic()));
            stage.with([&] { calls.push_back(transaction.value().call); });
            proto::Down answer;
            answer.mutable_submitted()->set_id(up.submit().id());
            answer.mutable_submitted()->set_extrinsic_hash(std::string(32, 'x'));
            answer.mutable_submitted()->set_next_nonce(++nonce);
            const std::scoped_lock write_lock{writing};
            stream->Write(answer);
        }
        stage.with([&] { ended = true; });
        writer.join();
        stage.with([&] { ended = false; });
        static_cast<void>(context);
        return grpc::Status::OK;
    }

    bool closing = false;
    bool ended = false;
    int port = 0;
    std::unique_ptr<grpc::Server> server;
};

/// Containers that do at once what they are asked, and remember it.
class ScriptedContainers final : public Containers {
public:
    explicit ScriptedContainers(Stage& s) : stage(s) {}

    Result<void, Failure> prepare(const JobSpec& spec) override {
        return stage.with([&]() -> Result<void, Failure> {
            prepared.push_back(spec.image);
            if (refusal) return std::unexpected{*refusal};
            return {};
        });
    }
    Result<std::vector<PublishedPort>, Failure> launch(const JobSpec& spec, const Secrets&) override {
        return stage.with([&] {
            running[spec.id] = {.running = true};
            ++launches;
            return std::vector<PublishedPort>{};
        });
    }
    Result<void> stop(const JobId& id, StopMode) override {
        end(id, 143);
        return {};
    }
    std::optional<JobState> state(const JobId& id) const override {
        const std::scoped_lock lock{stage.mutex};
        const auto found = running.find(id);
        return found == running.end() ? std::nullopt : std::optional{found->second};
    }
    std::vector<JobId> jobs() const override {
        const std::scoped_lock lock{stage.mutex};
        std::vector<JobId> out;
        for (const auto& [id, state] : running) out.push_back(id);
        return out;
    }
    Result<LogPage> read_log(const JobId&, std::uint64_t, std::size_t) const override { return LogPage{}; }
    Result<chain::Bytes> read_results(const JobId&, std::uint64_t, std::size_t) const override {
        return chain::Bytes{};
    }
    Result<void> remove(const JobId& id) override {
        stage.with([&] { running.erase(id); });
        return {};
    }
    void on_exit(std::function<void(const JobId&, const Exit&)> handler) override {
        stage.with([&] { exit_handler = std::move(handler); });
    }
    /// The job ends by itself.
    void end(const JobId& id, std::int32_t code) {
        const Exit exit{.code = code};
        const auto handler = stage.with([&] {
            running[id] = {.running = false, .exit = exit};
            return exit_handler;
        });
        if (handler) handler(id, exit);
    }

    Stage& stage;
    std::vector<std::string> prepared;
    std::map<JobId, JobState> running;
    std::optional<Failure> refusal;
    int launches = 0;
    std::function<void(const JobId&, const Exit&)> exit_handler;
};

const leases::Workload workload{
    .image = {.repository = {"local/tool"}}, .command = {{{"true"}}}, .memory_bytes = 64ULL << 20, .cpu_millis = 500};

leases::Lease lease_in(leases::LeaseState state) {
    return {.renter = {{7}},
            .state = state,
            .slots = {{0}},
            .due_ms = 1'000'000'000,
            .workload_hash = leases::hash_of(workload),
            .restart = leases::RestartPolicy::Never};
}

struct World {
    Stage stage;
    tests::TempFolder folder;
    ScriptedNode node{stage};
    ScriptedContainers containers{stage};
    std::unique_ptr<Worker> worker;
    const JobId job{"lease-17"};

    std::uint64_t results_kept_ms;

    explicit World(std::uint64_t kept_ms = 1) : results_kept_ms(kept_ms) { start(); }
    void start() {
        Keys keys = load_or_create_keys(folder.path()).value();
        WorkerConfig config{
            .link = {.node = node.address(), .reconnect_first_ms = 20, .reconnect_most_ms = 50},
            .terms = {.results_kept_ms = results_kept_ms},
            .host = {.claims = {.slots = 1, .cpu_threads = 4, .memory_bytes = 8ULL << 30, .disk_bytes = 8ULL << 30}},
            .measure = [] { return machines::Claims{}; },
            .data = folder.path()};
        worker = std::make_unique<Worker>(std::move(config), std::move(keys), LeaseBook::open(folder.path()).value(),
                                          containers);
        worker->start();
    }
    bool launched() const { return containers.running.contains(job); }
};

}  // namespace

TEST_CASE("a lease from its order to the removal of what it left") {
    World world;
    world.node.tell({{17, lease_in(leases::LeaseState::Starting)}}, workload);
    world.stage.wait([&] { return world.node.calls.size() == 1; });
    CHECK(world.node.calls[0].at(1) == leases::ConfirmStart::index);
    CHECK(world.containers.prepared == std::vector<std::string>{"local/tool@sha256:" + std::string(64, '0')});
    CHECK_FALSE(world.launched());  // not before the chain says so

    world.node.tell({{17, lease_in(leases::LeaseState::Active)}});
    world.stage.wait([&] { return world.launched(); });
    world.containers.end(world.job, 3);
    world.stage.wait([&] { return world.node.has(leases::ReportExit{.lease = {17}, .code = 3}); });

    auto closed = lease_in(leases::LeaseState::Closed);
    closed.closed = leases::Closure{.reason = leases::CloseReason::WorkloadFailed};
    world.node.tell({{17, closed}});
    world.stage.wait([&] { return !world.launched(); });
}

TEST_CASE("a refused image is told to the chain with its reason") {
    World world;
    world.containers.refusal = Failure{Reason::ImageNotFound, ""};
    world.node.tell({{17, lease_in(leases::LeaseState::Starting)}}, workload);
    const leases::RejectStart expected{.lease = {17}, .reason = leases::RejectReason::ImageNotFound};
    world.stage.wait([&] { return world.node.has(expected); });
    CHECK(world.worker->view({17})->renter == crypto::AccountId{{7}});
}

TEST_CASE("a worker that is started again remembers why it refused") {
    World world{60'000};
    world.containers.refusal = Failure{Reason::ImageNotFound, "no source has local/tool"};
    world.node.tell({{17, lease_in(leases::LeaseState::Starting)}}, workload);
    world.stage.wait([&] { return world.node.calls.size() == 1; });
    const auto start_again_on = [&](const leases::Lease& lease) {
        world.worker.reset();
        world.stage.with([&] { world.node.blocks.clear(); });
        world.start();
        world.node.tell({{17, lease}});
        // Not under the stage's mutex: the worker asks the containers while it holds its own.
        while (world.worker->view({17})->phase != lease::Phase::Kept)
            std::this_thread::sleep_for(std::chrono::milliseconds{2});
        return *world.worker->view({17});
    };
    auto closed = lease_in(leases::LeaseState::Closed);
    closed.closed = leases::Closure{.reason = leases::CloseReason::StartRejected};
    const auto view = start_again_on(closed);
    CHECK(view.text.find("no source has local/tool") != std::string::npos);
    const auto later = start_again_on(closed);
    CHECK(later.text == view.text);
    CHECK(later.kept_until_ms == view.kept_until_ms);
}

TEST_CASE("a workload that is not the one of the chain's hash is not run") {
    World world;
    auto other = workload;
    other.command = {{{"false"}}};
    world.node.tell({{17, lease_in(leases::LeaseState::Starting)}}, other);
    const leases::RejectStart expected{.lease = {17}, .reason = leases::RejectReason::SandboxFailed};
    world.stage.wait([&] { return world.node.has(expected); });
    CHECK(world.containers.prepared.empty());
}

TEST_CASE("a restarted worker finds its running job and launches nothing") {
    World world;
    world.node.tell({{17, lease_in(leases::LeaseState::Starting)}}, workload);
    world.stage.wait([&] { return world.node.calls.size() == 1; });
    world.node.tell({{17, lease_in(leases::LeaseState::Active)}});
    world.stage.wait([&] { return world.launched(); });
    world.worker.reset();
    world.stage.with([&] {
        world.node.blocks.clear();
        world.node.calls.clear();
    });
    world.start();
    world.node.tell({{17, lease_in(leases::LeaseState::Active)}});
    // Not under the stage's mutex: the worker asks the containers while it holds its own.
    while (world.worker->view({17})->phase != lease::Phase::Running)
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    CHECK(world.containers.launches == 1);
    world.containers.end(world.job, 0);
    world.stage.wait([&] { return world.node.has(leases::ReportExit{.lease = {17}, .code = 0}); });
}

TEST_CASE("a job whose lease closed while the worker was away is stopped when it comes back") {
    World world;
    world.node.tell({{17, lease_in(leases::LeaseState::Active)}}, workload);
    world.stage.wait([&] { return world.launched(); });
    world.worker.reset();
    world.stage.with([&] { world.node.blocks.clear(); });
    world.start();
    world.node.tell({});
    world.stage.wait([&] { return !world.launched(); });
}
