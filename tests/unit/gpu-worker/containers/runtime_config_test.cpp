#include "gpu-worker/containers/runtime_config.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <algorithm>

using namespace worker;
namespace json = boost::json;

namespace {

JobPlan plan() {
    JobPlan plan;
    plan.spec.id = {"lease-17"};
    plan.spec.command = {"/bin/tool", "--with", "a space"};
    plan.spec.environment = {{"MODE", "fast"}};
    plan.spec.gpus = {"GPU-1"};
    plan.image.environment = {"PATH=/image/bin", "MODE=slow", "NVIDIA_VISIBLE_DEVICES=all",
                              "LD_LIBRARY_PATH=/image/lib", "broken"};
    plan.image.folder = "/work";
    plan.devices.nodes = {{"/dev/nvidia0", 195, 0}};
    plan.devices.files = {
        {"/usr/lib/x86_64-linux-gnu/libcuda.so.580.65", "/usr/lib/x86_64-linux-gnu/libcuda.so.580.65"}};
    plan.cgroup = "/tephra/0a1b2c3d-lease-17";
    plan.slot = 3;
    return plan;
}

RuntimePlace place() {
    return {.root = "/stage/root",
            .results = "/stage/disk/results",
            .temporary = "/stage/disk/tmp",
            .secrets = "/stage/secrets",
            .etc = "/stage/etc",
            .driver_links = "/stage/links",
            .user = 1000,
            .group = 1000,
            .open_files_max = 1'024,
            .swap_accounting = true,
            .unified = true};
}

json::value config_of(const JobPlan& job, const RuntimePlace& stage) {
    return json::parse(runtime_config(job, stage).value());
}

std::vector<std::string> environment_of(const json::value& config) {
    std::vector<std::string> lines;
    for (const auto& line : config.at("process").at("env").as_array()) lines.emplace_back(line.as_string());
    return lines;
}

bool has(const std::vector<std::string>& lines, const std::string& line) {
    return std::ranges::find(lines, line) != lines.end();
}

}  // namespace

TEST_CASE("no hook, no annotation, no capability, no host namespace gets in") {
    const auto config = config_of(plan(), place());
    CHECK_FALSE(config.as_object().contains("hooks"));
    CHECK_FALSE(config.as_object().contains("annotations"));
    for (const auto& [set, names] : config.at("process").at("capabilities").as_object())
        CHECK(names.as_array().empty());
    for (const auto& space : config.at("linux").at("namespaces").as_array())
        CHECK_FALSE(space.as_object().contains("path"));
    CHECK(config.at("linux").at("namespaces").as_array().size() == 7);
    for (const auto& mount : config.at("mounts").as_array()) {
        INFO(json::serialize(mount));
        const auto& options = mount.at("options").as_array();
        const bool own_devices = mount.at("destination") == "/dev" || mount.at("destination") == "/dev/pts";
        CHECK(
            (mount.at("destination") == "/proc" || std::ranges::find(options, json::value("nosuid")) != options.end()));
        CHECK((own_devices || std::ranges::find(options, json::value("nodev")) != options.end()));
    }
}

TEST_CASE("the job's variables go over the image's, ours over both, the driver's are ours alone") {
    const auto lines = environment_of(config_of(plan(), place()));
    CHECK(has(lines, "MODE=fast"));
    CHECK(has(lines, "PATH=/image/bin"));
    CHECK(has(lines, "LD_LIBRARY_PATH=/usr/local/lib/tephra-gpu:/image/lib"));
    CHECK(has(lines, "TEPHRA_JOB=lease-17"));
    CHECK(std::ranges::none_of(lines, [](const auto& line) { return line.starts_with("NVIDIA_"); }));
    CHECK_FALSE(has(lines, "broken"));
}

TEST_CASE("limits are clamped to what the host may grant, and swap is left out where it is not counted") {
    auto stage = place();
    auto config = config_of(plan(), stage);
    CHECK(config.at("process").at("rlimits").at(0).at("hard").to_number<int>() == 1'024);
    CHECK(config.at("linux").at("resources").at("memory").as_object().contains("swap"));
    CHECK(config.at("linux").at("resources").at("unified").at("memory.oom.group") == "1");
    stage.swap_accounting = stage.unified = false;
    config = config_of(plan(), stage);
    CHECK_FALSE(config.at("linux").at("resources").at("memory").as_object().contains("swap"));
    CHECK_FALSE(config.at("linux").at("resources").as_object().contains("unified"));
}

TEST_CASE("every slot has its own ids, none of them below the first of the first") {
    CHECK(first_id_of(1) - first_id_of(0) == ids_per_job);
    CHECK(first_id_of(1'023) + ids_per_job - 1 < 2'147'483'648U);
    const auto config = config_of(plan(), place());
    CHECK(config.at("linux").at("uidMappings").at(0).at("hostID").to_number<std::uint32_t>() == first_id_of(3));
}

TEST_CASE("the system call filter allows nothing on the forbidden list, and asks before clone and socket") {
    const auto profile = config_of(plan(), place()).at("linux").at("seccomp");
    CHECK(profile.at("architectures") == json::array{"SCMP_ARCH_X86_64"});
    CHECK(profile.at("defaultAction") == "SCMP_ACT_ERRNO");
    for (const auto& rule : profile.at("syscalls").as_array()) {
        if (rule.at("action") != "SCMP_ACT_ALLOW") continue;
        for (const auto& name : rule.at("names").as_array()) {
            INFO(name.as_string());
            if (name == "clone" || name == "socket") CHECK(rule.as_object().contains("args"));
            for (const char* never :
                 {"unshare", "setns", "clone3", "keyctl", "bpf", "perf_event_open", "userfaultfd", "io_uring_setup",
                  "io_uring_enter", "mount", "ptrace", "open_by_handle_at", "kexec_load", "personality"})
                CHECK(name != never);
        }
    }
}

TEST_CASE("libraries are found under the names that programs use") {
    CHECK(library_names("libcuda.so.580.65.06") ==
          std::vector<std::string>{"libcuda.so.580.65.06", "libcuda.so.1", "libcuda.so"});
    CHECK(library_names("libcuda.so.1") == std::vector<std::string>{"libcuda.so.1", "libcuda.so"});
    CHECK(library_names("nvidia-smi") == std::vector<std::string>{"nvidia-smi"});
}
