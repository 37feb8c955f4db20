#include "runtime/pallets/leases/workload.hpp"

#include "tests/support/rig.hpp"

#include <catch2/catch.hpp>

using namespace leases;

namespace {

std::optional<WorkloadError> error_of(auto change) {
    Workload workload = tests::job();
    change(workload);
    const auto checked = check_workload(workload);
    return checked ? std::nullopt : std::optional{checked.error()};
}

std::optional<WorkloadError> error_of_image(std::string repository) {
    return error_of([&](Workload& w) { w.image.repository.value = std::move(repository); });
}

}  // namespace

TEST_CASE("a plain job is accepted, and its encoding is read back") {
    const Workload job = tests::job();
    CHECK(check_workload(job).has_value());
    CHECK(scale::decode<Workload>(scale::encode(job)) == job);
    Workload other = job;
    other.image.digest[31] ^= 1;
    CHECK(hash_of(other) != hash_of(job));
}

TEST_CASE("an image is host and path, and nothing that could change what it means") {
    for (const auto* good : {"registry.example/a", "localhost:5000/team/model", "10.0.0.1/x/y/z-1_2.3"})
        CHECK_FALSE(error_of_image(good).has_value());
    for (const auto* bad : {"", "ubuntu", "/etc/passwd", "registry.example/", "registry.example/a:latest",
                            "registry.example/a@sha256:00", "registry.example/../a", "registry.example//a",
                            "Registry/A", "registry.example/a b", "registry.example/a\n", "local/tool.", "local/-tool",
                            "local/a..b", "local./tool", "local:/tool", "local:http/tool", "local:123456/tool"})
        CHECK(error_of_image(bad) == WorkloadError::BadImage);
}

TEST_CASE("each part of a workload has its own refusal") {
    CHECK(error_of([](auto& w) { w.command.value = {{""}}; }) == WorkloadError::BadCommand);
    CHECK(error_of([](auto& w) { w.command.value = {{"a"}, {std::string(1, '\0')}}; }) == WorkloadError::BadCommand);
    CHECK_FALSE(error_of([](auto& w) { w.command.value = {{"a"}, {""}}; }).has_value());
    CHECK_FALSE(error_of([](auto& w) { w.command.value.clear(); }).has_value());

    const auto environment = [](std::vector<Variable> variables) {
        return error_of([&](auto& w) { w.environment.value = variables; });
    };
    CHECK_FALSE(environment({{{"A_1"}, {"x=y"}}, {{"_b"}, {""}}}).has_value());
    CHECK(environment({{{""}, {"x"}}}) == WorkloadError::BadEnvironment);
    CHECK(environment({{{"1A"}, {"x"}}}) == WorkloadError::BadEnvironment);
    CHECK(environment({{{"A=B"}, {"x"}}}) == WorkloadError::BadEnvironment);
    CHECK(environment({{{"A"}, {"x"}}, {{"A"}, {"y"}}}) == WorkloadError::BadEnvironment);
    CHECK(environment({{{"A"}, {std::string("a\0b", 3)}}}) == WorkloadError::BadEnvironment);

    CHECK(error_of([](auto& w) { w.ports.value = {{.number = 0}}; }) == WorkloadError::BadPort);
    CHECK(error_of([](auto& w) { w.ports.value = {{.number = 80}, {.number = 80}}; }) == WorkloadError::BadPort);
    CHECK_FALSE(error_of([](auto& w) {
                    w.ports.value = {{.number = 80}, {.number = 80, .protocol = Protocol::Udp}};
                }).has_value());
    CHECK(error_of([](auto& w) { w.memory_bytes = 0; }) == WorkloadError::NoMemory);
    CHECK(error_of([](auto& w) { w.memory_bytes = (4 << 20) - 1; }) == WorkloadError::NoMemory);
    CHECK(error_of([](auto& w) { w.cpu_millis = 0; }) == WorkloadError::NoCpu);
    CHECK(error_of([](auto& w) { w.deadline_ms = 0; }) == WorkloadError::NoTime);
}

TEST_CASE("8 KiB and not a byte more") {
    Workload workload = tests::job();
    workload.command.value = {{std::string(4'000, 'a')}, {""}};
    const std::size_t rest = workload_bytes_max - scale::encode(workload).size();
    workload.command.value[1].value = std::string(rest - 1, 'b');  // its length takes one byte more
    REQUIRE(scale::encode(workload).size() == workload_bytes_max);
    CHECK(check_workload(workload).has_value());
    workload.command.value[1].value += 'b';
    CHECK(check_workload(workload).error() == WorkloadError::TooLarge);
}

TEST_CASE("counts beyond their bound are refused before they are read") {
    Workload workload = tests::job();
    workload.ports.value.resize(17, {.number = 1});
    CHECK(scale::decode<Workload>(scale::encode(workload)).error() == scale::Error::CountTooLarge);
}
