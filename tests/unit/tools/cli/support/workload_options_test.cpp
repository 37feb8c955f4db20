#include "tools/cli/support/workload_options.hpp"

#include <catch2/catch.hpp>

using namespace cli;

namespace {
const std::string digest(64, 'a');
WorkloadOptions options() {
    return {
        .image = "local/busybox@sha256:" + digest, .command = {"sh", "-c", "echo hi"}, .environment = {"A=1", "B=x=y"}};
}
std::string error_of(const WorkloadOptions& o) {
    const auto result = workload_from(o, std::nullopt);
    return result ? "" : result.error();
}
}  // namespace

TEST_CASE("a workload from its options") {
    auto o = options();
    o.memory = "64M";
    o.cpu = "0.5";
    o.deadline = "10m";
    o.restart = "on-failure";
    o.ports = {80};
    const auto workload = workload_from(o, std::nullopt).value().value();
    CHECK(image_text(workload.image) == o.image);
    CHECK(workload.command.value.size() == 3);
    CHECK(workload.environment.value[1].value.value == "x=y");
    CHECK(workload.memory_bytes == 64ULL << 20);
    CHECK(workload.cpu_millis == 500);
    CHECK(workload.deadline_ms == 600'000);
    CHECK(workload.restart == leases::RestartPolicy::OnFailure);
    CHECK(workload.network == leases::NetworkPolicy::Closed);
    CHECK(workload.ports.value[0].number == 80);
}

TEST_CASE("secrets are sealed to the machine") {
    const auto box = crypto::BoxSecret::generate();
    auto o = options();
    o.secrets = {"TOKEN=hunter2"};
    const auto workload = workload_from(o, box.public_key()).value().value();
    CHECK(chain::as_text(box.open(workload.sealed_environment->value).value()) == "TOKEN=hunter2\n");
    CHECK_FALSE(workload_from(o, std::nullopt));
}

TEST_CASE("no image is no workload, and a command without one is a mistake") {
    CHECK(workload_from({}, std::nullopt).value() == std::nullopt);
    CHECK(error_of({.command = {"ls"}}).find("--image") != std::string::npos);
}

TEST_CASE("each wrong option is named with its remedy") {
    auto o = options();
    const char* option = "";
    SECTION("a tag instead of a digest") { o.image = "local/busybox:latest", option = "--image"; }
    SECTION("a short digest") { o.image = "local/busybox@sha256:abc", option = "--image"; }
    SECTION("capitals in the repository") { o.image = "Local/busybox@sha256:" + digest, option = "--image"; }
    SECTION("environment without a name") { o.environment = {"=x"}, option = "--env"; }
    SECTION("environment twice") { o.environment = {"A=1", "A=2"}, option = "--env"; }
    SECTION("memory") { o.memory = "lots", option = "--memory"; }
    SECTION("too little memory") { o.memory = "1M", option = "--memory"; }
    SECTION("cpu") { o.cpu = "0", option = "--cpu"; }
    SECTION("disk") { o.disk = "x", option = "--disk"; }
    SECTION("deadline") { o.deadline = "soon", option = "--deadline"; }
    SECTION("restart") { o.restart = "sometimes", option = "--restart"; }
    SECTION("network") { o.network = "all", option = "--network"; }
    SECTION("ports twice") { o.ports = {80, 80}, option = "--port"; }
    CHECK(error_of(o).starts_with(option));
}
