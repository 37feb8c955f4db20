#include "gpu-worker/containers/job_plan.hpp"

#include "chain/codec/scale.hpp"

#include <catch2/catch.hpp>

using namespace worker;

namespace {

JobSpec good() {
    JobSpec spec;
    spec.id = {"lease-1"};
    spec.image = "hub/tool@sha256:" + std::string(64, 'a');
    spec.command = {"/bin/true"};
    return spec;
}

}  // namespace

TEST_CASE("a plan survives its way to the disk and back") {
    JobPlan plan{.spec = good(),
                 .image = {.arguments = {"x"}},
                 .image_file = "/i",
                 .ports = {{80, 30'000}},
                 .cgroup = "/c",
                 .slot = 9};
    plan.devices.nodes = {{"/dev/nvidia0", 195, 0}};
    CHECK(scale::decode<JobPlan>(scale::encode(plan)).value() == plan);
    const Exit exit{.reason = Reason::OutOfMemory, .code = 137, .results = {.bytes = 3}, .text = "t"};
    CHECK(scale::decode<Exit>(scale::encode(exit)).value() == exit);
}

TEST_CASE("specs out of bounds are refused, each for its own reason") {
    REQUIRE(check_spec(good()).has_value());
    const auto refused = [](auto change) {
        auto spec = good();
        change(spec);
        const auto done = check_spec(spec);
        return done ? std::string{} : done.error().text;
    };
    CHECK_FALSE(refused([](JobSpec& s) { s.id = {""}; }).empty());
    CHECK_FALSE(refused([](JobSpec& s) { s.id = {"../x"}; }).empty());
    CHECK_FALSE(refused([](JobSpec& s) { s.id = {"-x"}; }).empty());
    CHECK_FALSE(refused([](JobSpec& s) { s.id = {std::string(49, 'a')}; }).empty());
    CHECK_FALSE(refused([](JobSpec& s) { s.image = "hub/tool:latest"; }).empty());
    CHECK_FALSE(refused([](JobSpec& s) { s.command = {""}; }).empty());
    CHECK_FALSE(refused([](JobSpec& s) { s.command = {std::string("a\0b", 3)}; }).empty());
    CHECK_FALSE(refused([](JobSpec& s) { s.command.assign(257, "x"); }).empty());
    CHECK_FALSE(refused([](JobSpec& s) { s.environment = {{"A=B", "x"}}; }).empty());
    CHECK_FALSE(refused([](JobSpec& s) { s.environment = {{"1A", "x"}}; }).empty());
    CHECK_FALSE(refused([](JobSpec& s) { s.environment = {{"LD_PRELOAD", "x"}}; }).empty());
    CHECK_FALSE(refused([](JobSpec& s) { s.environment = {{"CUDA_VISIBLE_DEVICES", "x"}}; }).empty());
    CHECK_FALSE(refused([](JobSpec& s) { s.ports = {80, 80}; }).empty());
    CHECK_FALSE(refused([](JobSpec& s) { s.limits.memory_bytes = 1; }).empty());
    CHECK_FALSE(refused([](JobSpec& s) { s.limits.memory_bytes = ~0ULL; }).empty());
    CHECK_FALSE(refused([](JobSpec& s) { s.limits.disk_bytes = ~0ULL; }).empty());
    CHECK_FALSE(refused([](JobSpec& s) { s.limits.cpu_milli = 0; }).empty());
    CHECK_FALSE(refused([](JobSpec& s) { s.limits.processes_max = 0; }).empty());
    CHECK_FALSE(refused([](JobSpec& s) { s.limits.open_files_max = ~0U; }).empty());
    CHECK_FALSE(refused([](JobSpec& s) { s.limits.log_bytes_per_second = 0; }).empty());
    CHECK_FALSE(refused([](JobSpec& s) { s.limits.stop_grace_ms = ~0ULL; }).empty());
    CHECK_FALSE(refused([](JobSpec& s) { s.limits.shared_memory_bytes = s.limits.memory_bytes + 1; }).empty());
}

TEST_CASE("the job's command stands before the image's") {
    const ImageConfig image{.entry_point = {"/entry"}, .arguments = {"one", "two"}};
    CHECK(arguments_of(good(), image).value() == std::vector<std::string>{"/bin/true"});
    auto spec = good();
    spec.command.clear();
    CHECK(arguments_of(spec, image).value() == std::vector<std::string>{"/entry", "one", "two"});
    CHECK(arguments_of(spec, {}).error().reason == Reason::BadSpec);
}

TEST_CASE("every reason has its own name and a sentence") {
    for (std::size_t i = 0; i < reason_count; ++i) {
        const auto reason = static_cast<Reason>(i);
        CHECK(reason_from_name(name_of(reason)) == reason);
        CHECK(text_of(reason).size() > 10);
    }
    CHECK_FALSE(reason_from_name("Nonsense").has_value());
}
