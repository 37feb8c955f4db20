#include "gpu-worker/host/job_spec.hpp"

#include <catch2/catch.hpp>

using namespace worker;
using leases::RejectReason;

namespace {

struct World {
    crypto::BoxSecret box = crypto::BoxSecret::generate();
    HostShare host{.claims = {.slots = 4, .cpu_threads = 8, .memory_bytes = 16ULL << 30, .disk_bytes = 40ULL << 30}};
    leases::Lease lease{.slots = {{1, 2}}};
    leases::Workload workload{.image = {.repository = {"local/tool"}, .digest = {0xab}},
                              .command = {{{"sh"}, {"-c"}, {"true"}}},
                              .environment = {{{.name = {"A"}, .value = {"1"}}}},
                              .disk_bytes = 1ULL << 30,
                              .memory_bytes = 1ULL << 30,
                              .cpu_millis = 2'000};

    Result<Job, Rejection> job() { return job_for({17}, lease, workload, host, box); }
    RejectReason refused() {
        const auto result = job();
        REQUIRE_FALSE(result);
        return result.error().reason;
    }
};

}  // namespace

TEST_CASE("a workload becomes a job in words of the host") {
    World world;
    world.workload.ports = {{{.number = 80, .protocol = leases::Protocol::Tcp}}};
    world.workload.network = leases::NetworkPolicy::Outbound;
    world.workload.deadline_ms = 60'000;
    const auto job = world.job().value();
    CHECK(job.spec.id.value == "lease-17");
    CHECK(job.spec.image == "local/tool@sha256:ab" + std::string(62, '0'));
    CHECK(job.spec.command == std::vector<std::string>{"sh", "-c", "true"});
    CHECK(job.spec.environment == std::vector<std::pair<std::string, std::string>>{{"A", "1"}});
    CHECK(job.spec.ports == std::vector<std::uint16_t>{80});
    CHECK(job.spec.network == NetworkPolicy::Internet);
    CHECK(job.spec.limits.memory_bytes == 1ULL << 30);
    CHECK(job.spec.limits.cpu_milli == 2'000);
    CHECK(job.spec.limits.deadline_ms == 60'000);
    CHECK(job.spec.limits.processes_max == 1'024);
    CHECK(job.secrets.empty());
}

TEST_CASE("two of four slots have half of the machine, and not a byte more") {
    World world;
    SECTION("memory") {
        world.workload.memory_bytes = 8ULL << 30;
        CHECK(world.job());
        world.workload.memory_bytes += 1;
    }
    SECTION("cpu") {
        world.workload.cpu_millis = 4'000;
        CHECK(world.job());
        world.workload.cpu_millis += 1;
    }
    SECTION("disk") {
        world.workload.disk_bytes = 20ULL << 30;
        CHECK(world.job());
        world.workload.disk_bytes += 1;
    }
    SECTION("the provider's own limit counts where there is one") { world.host.limits.memory_bytes = 256ULL << 20; }
    CHECK(world.refused() == RejectReason::OutsideLimits);
}

TEST_CASE("slots are GPUs by their order, and a slot whose GPU is gone is the machine's fault") {
    World world;
    world.host.gpu_uuids = {"GPU-0", "GPU-1", "GPU-2", "GPU-3"};
    CHECK(world.job().value().spec.gpus == std::vector<std::string>{"GPU-1", "GPU-2"});
    world.host.gpu_uuids.resize(2);
    CHECK(world.refused() == RejectReason::SandboxFailed);
}

TEST_CASE("secrets open with the machine's key only, and never become environment") {
    World world;
    const auto lines = chain::to_bytes("TOKEN=a=b\nOTHER=\n");
    world.workload.sealed_environment = {crypto::seal(world.box.public_key(), lines).value()};
    const auto job = world.job().value();
    CHECK(job.secrets == Secrets{{"TOKEN", "a=b"}, {"OTHER", ""}});
    CHECK(job.spec.environment.size() == 1);

    SECTION("sealed to somebody else") {
        world.workload.sealed_environment = {crypto::seal(crypto::BoxSecret::generate().public_key(), lines).value()};
    }
    SECTION("changed on its way") { world.workload.sealed_environment->value.back() ^= 1; }
    SECTION("not NAME=value") {
        world.workload.sealed_environment = {crypto::seal(world.box.public_key(), chain::to_bytes("nonsense")).value()};
    }
    CHECK(world.refused() == RejectReason::BadSealedSecrets);
}

TEST_CASE("UDP ports are told apart as outside of what this worker offers") {
    World world;
    world.workload.ports = {{{.number = 53, .protocol = leases::Protocol::Udp}}};
    CHECK(world.refused() == RejectReason::OutsideLimits);
}

TEST_CASE("each reason of the containers has one for the chain, and only orders' faults cost the renter") {
    for (std::size_t i = 0; i < reason_count; ++i) {
        const auto reason = static_cast<Reason>(i);
        const auto rejection = rejection_of({reason, "detail"});
        CHECK(rejection.text.find("detail") != std::string::npos);
        if (culprit_of(reason) == Culprit::Provider) CHECK_FALSE(leases::is_renters_fault(rejection.reason));
    }
    CHECK(rejection_of({Reason::ImageDigestMismatch, ""}).reason == RejectReason::SourceUnreachable);
    CHECK(rejection_of({Reason::UnknownSource, ""}).reason == RejectReason::SourceNotAllowed);
    CHECK(rejection_of({Reason::ImageNotFound, ""}).reason == RejectReason::ImageNotFound);
    CHECK(exit_code_of({Reason::StartFailed, ""}) == 127);
    CHECK(exit_code_of({Reason::HostFault, ""}) == 125);
}

TEST_CASE("jobs and leases name each other") {
    CHECK(lease_of(job_of({17})) == leases::LeaseId{17});
    CHECK_FALSE(lease_of({"lease-"}));
    CHECK_FALSE(lease_of({"lease-1x"}));
    CHECK_FALSE(lease_of({"other-1"}));
}
