#include "gpu-worker/door/door.hpp"

#include "door_world.hpp"
#include "tests/support/line/line.hpp"

#include <thread>

using namespace worker;
using rpc::worker_api::DoorClient;
using rpc::worker_api::DoorFaultKind;
using rpc::worker_api::Identity;

namespace {

/// One job whose log and results a test writes.
class ScriptedContainers final : public Containers {
public:
    Result<void, Failure> prepare(const JobSpec&) override { return {}; }
    Result<std::vector<PublishedPort>, Failure> launch(const JobSpec&, const Secrets&) override { return {}; }
    Result<void> stop(const JobId&, StopMode) override { return {}; }
    std::optional<JobState> state(const JobId&) const override {
        const std::scoped_lock lock{mutex};
        return job;
    }
    std::vector<JobId> jobs() const override { return {}; }
    Result<LogPage> read_log(const JobId&, std::uint64_t cursor, std::size_t) const override {
        const std::scoped_lock lock{mutex};
        LogPage page{.next = cursor, .end = false};
        if (cursor < log.size()) {
            page.chunks.push_back({.time_ms = 5, .stream = LogStream::Out, .bytes = log[cursor]});
            page.next = cursor + 1;
        }
        page.end = job.exit.has_value() && page.next == log.size();
        return page;
    }
    Result<chain::Bytes> read_results(const JobId&, std::uint64_t offset, std::size_t most) const override {
        const std::size_t from = std::min<std::size_t>(offset, archive.size());
        const std::size_t size = std::min(most, archive.size() - from);
        return chain::Bytes{archive.begin() + static_cast<std::ptrdiff_t>(from),
                            archive.begin() + static_cast<std::ptrdiff_t>(from + size)};
    }
    Result<void> remove(const JobId&) override { return {}; }
    void on_exit(std::function<void(const JobId&, const Exit&)>) override {}

    mutable std::mutex mutex;
    JobState job{.running = true, .started_ms = 77, .ports = {{80, 30'001}}};
    std::vector<std::string> log;
    chain::Bytes archive;
};

class ScriptedDesk final : public LeaseDesk {
public:
    std::optional<LeaseView> view(escrow::LeaseId id) const override {
        const std::scoped_lock lock{mutex};
        return id == lease_id ? std::optional{lease} : std::nullopt;
    }
    bool stop(escrow::LeaseId) override {
        ++stops;
        return lease.phase == lease::Phase::Running;
    }
    Result<void, std::string> start(escrow::LeaseId, const leases::Workload& workload) override {
        started = workload;
        return {};
    }

    mutable std::mutex mutex;
    LeaseView lease{.phase = lease::Phase::Running, .text = "running", .open = true, .job = {"lease-17"}};
    std::atomic<int> stops = 0;
    std::optional<leases::Workload> started;
};

struct World {
    tests::TempFolder folder;
    crypto::SecretKey renter = crypto::SecretKey::generate();
    Identity identity = Identity::generate().value();
    Guard guard{genesis, machine, NonceBook::open(folder / "nonces", chain::unix_ms()).value()};
    ScriptedDesk desk;
    ScriptedContainers containers;
    Door door;
    std::atomic<std::uint64_t> nonce = 0;

    explicit World(DoorConfig config = {})
        : door{{.listen = "127.0.0.1:0", .streams_max = config.streams_max, .keep_alive = config.keep_alive},
               identity,
               guard,
               desk,
               containers} {
        desk.lease.renter = renter.account();
        REQUIRE(door.start());
    }
    std::string address() const { return "127.0.0.1:" + std::to_string(door.port()); }

    DoorClient client_of(const crypto::SecretKey& who, escrow::LeaseId lease = lease_id) {
        return client_at(address(), who, lease, {});
    }
    DoorClient client_at(const std::string& endpoint, const crypto::SecretKey& who, escrow::LeaseId lease,
                         const rpc::worker_api::KeepAlive& keep_alive) {
        return DoorClient{endpoint, identity.key(),
                          [this, &who, lease](std::string_view method, chain::ByteView body) {
                              rpc::worker_api::Ticket ticket{
                                  .lease = lease.value, .nonce = ++nonce, .expiry_ms = chain::unix_ms() + 30'000};
                              ticket.signature = leases::sign_request(who, {.genesis = genesis,
                                                                            .machine = machine,
                                                                            .lease = lease,
                                                                            .method = std::string{method},
                                                                            .body_hash = crypto::blake2b_256(body),
                                                                            .nonce = ticket.nonce,
                                                                            .expiry_ms = ticket.expiry_ms})
                                                     .value;
                              return ticket;
                          },
                          keep_alive};
    }
    DoorClient client() { return client_of(renter); }
};

}  // namespace

TEST_CASE("the renter sees how the lease gets on") {
    World world;
    const auto stats = world.client().stats();
    REQUIRE(stats);
    CHECK(stats->phase == "running");
    CHECK(stats->started_ms == 77);
    CHECK(stats->ports == std::vector<std::pair<std::uint16_t, std::uint16_t>>{{80, 30'001}});
    CHECK_FALSE(stats->exit_code);
}

TEST_CASE("a stranger gets nothing, whatever is asked") {
    World world;
    const auto stranger = crypto::SecretKey::generate();
    auto client = world.client_of(stranger);
    CHECK(client.stats().error().kind == DoorFaultKind::Refused);
    CHECK(client.logs(0, false, [](const auto&) { return true; }).error().kind == DoorFaultKind::Refused);
    CHECK(client.download(0, [](const auto&) { return true; }).error().kind == DoorFaultKind::Refused);
    CHECK(client.stop().error().kind == DoorFaultKind::Refused);
    CHECK(client.start({}).error().kind == DoorFaultKind::Refused);
    CHECK(world.desk.stops == 0);
}

TEST_CASE("a worker with another key than the chain names is not spoken to") {
    World world;
    DoorClient client{world.address(), Identity::generate().value().key(),
                      [](auto, auto) { return rpc::worker_api::Ticket{}; }};
    CHECK(client.stats().error().kind == DoorFaultKind::WrongWorker);
}

TEST_CASE("followed logs grow with the workload and end with it") {
    World world;
    world.containers.log = {"one\n"};
    auto client = world.client();
    std::string text;
    const auto end = client.logs(0, true, [&](const rpc::worker_api::LogPiece& piece) {
        text += piece.data;
        const std::scoped_lock lock{world.containers.mutex, world.desk.mutex};
        if (world.containers.log.size() == 1) {
            world.containers.log.emplace_back("two\n");
        } else {
            world.containers.job.exit = Exit{};
            world.desk.lease.phase = lease::Phase::Reporting;
        }
        return true;
    });
    CHECK(text == "one\ntwo\n");
    CHECK(end.value() == 2);
}

TEST_CASE("logs go on from a cursor, and a reader may break off") {
    World world;
    world.containers.log = {"one\n", "two\n", "three\n"};
    auto client = world.client();
    std::string text;
    const auto reached = client.logs(1, true, [&](const rpc::worker_api::LogPiece& piece) {
        text += piece.data;
        return false;
    });
    CHECK(text == "two\n");
    CHECK(reached.value() == 2);
}

TEST_CASE("results are one archive in pieces, resumable, and there is none before the end") {
    World world;
    world.containers.archive.assign(700'000, 0xab);
    auto client = world.client();
    CHECK(client.download(0, [](const auto&) { return true; }).error().kind == DoorFaultKind::NotNow);
    world.containers.job.exit = Exit{.results = {.root = genesis, .bytes = 700'000, .files = 1}};
    std::size_t size = 0;
    int pieces = 0;
    const auto facts = client.download(100'000, [&](const rpc::worker_api::ResultsPiece& piece) {
        size += piece.data.size();
        ++pieces;
        return true;
    });
    INFO((facts ? std::string{"no fault"} : facts.error().text));
    CHECK(size == 600'000);
    CHECK(pieces == 3);
    CHECK(facts.value().total_bytes == 700'000);
    CHECK(facts.value().root == genesis);
}

TEST_CASE("when the chain has closed the lease, stop and start end and results stay") {
    World world;
    world.containers.job.exit = Exit{.results = {.bytes = 3}};
    world.containers.archive = {1, 2, 3};
    world.desk.lease.open = false;
    world.desk.lease.phase = lease::Phase::Kept;
    auto client = world.client();
    CHECK(client.stop().error().kind == DoorFaultKind::Refused);
    CHECK(client.start({}).error().kind == DoorFaultKind::Refused);
    CHECK(world.desk.stops == 0);
    CHECK(client.download(0, [](const auto&) { return true; }).value().total_bytes == 3);
    CHECK(client.stats());
}

TEST_CASE("stop and start reach the lease") {
    World world;
    auto client = world.client();
    CHECK(client.stop());
    CHECK(world.desk.stops == 1);
    const leases::Workload workload{
        .image = {.repository = {"local/busybox"}}, .memory_bytes = 1 << 26, .cpu_millis = 500};
    CHECK(client.start(scale::encode(workload)));
    CHECK(world.desk.started == workload);
    CHECK(client.start({1, 2, 3}).error().kind == DoorFaultKind::Failed);
}

TEST_CASE("a renter who vanished gives his stream's place back, and hears that his line is dead") {
    const rpc::worker_api::KeepAlive impatient{.silence_ms = 200, .answer_ms = 200};
    World world{{.streams_max = 1, .keep_alive = impatient}};
    world.containers.log = {"one\n"};
    tests::Line cable{world.door.port()};
    auto vanished = world.client_at(cable.address(), world.renter, lease_id, impatient);
    const auto followed = vanished.logs(0, true, [&](const auto&) {
        cable.die();
        return true;
    });
    CHECK(followed.error().kind == DoorFaultKind::Unreachable);
    auto client = world.client();
    const auto logs = [&] { return client.logs(0, false, [](const auto&) { return true; }); };
    auto next = logs();
    while (!next) next = logs();
    CHECK(*next == 1);
}

TEST_CASE("another lease than this machine's is not found") {
    World world;
    CHECK(world.client_of(world.renter, {99}).stats().error().kind == DoorFaultKind::NotFound);
}
