#include "gpu-worker/containers/runtime_config.hpp"

#include "gpu-worker/containers/seccomp.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <filesystem>

namespace worker {
namespace {

namespace json = boost::json;

json::object mount(std::string_view to, std::string_view type, std::string_view from,
                   std::initializer_list<std::string_view> options) {
    json::array words;
    for (const auto option : options) words.emplace_back(option);
    return {{"destination", to}, {"type", type}, {"source", from}, {"options", std::move(words)}};
}

json::object bind_mount(std::string_view to, std::string_view from, std::string_view access) {
    return mount(to, "bind", from, {"bind", access, "nosuid", "nodev"});
}

json::array mounts_of(const JobPlan& plan, const RuntimePlace& place) {
    const auto shared_memory = "size=" + std::to_string(plan.spec.limits.shared_memory_bytes);
    json::array mounts{
        mount("/proc", "proc", "proc", {"nosuid", "noexec", "nodev"}),
        mount("/dev", "tmpfs", "tmpfs", {"nosuid", "noexec", "strictatime", "mode=755", "size=65536k"}),
        mount("/dev/pts", "devpts", "devpts", {"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"}),
        mount("/dev/shm", "tmpfs", "shm", {"nosuid", "noexec", "nodev", "mode=1777", shared_memory}),
        mount("/dev/mqueue", "mqueue", "mqueue", {"nosuid", "noexec", "nodev"}),
        mount("/sys", "sysfs", "sysfs", {"nosuid", "noexec", "nodev", "ro"}),
        mount("/run", "tmpfs", "tmpfs", {"nosuid", "nodev", "mode=755", "size=16777216"}),
        bind_mount("/tmp", place.temporary, "rw"),
        bind_mount("/results", place.results, "rw"),
        bind_mount("/etc/hosts", place.etc + "/hosts", "ro"),
        bind_mount("/etc/hostname", place.etc + "/hostname", "ro"),
        bind_mount("/etc/resolv.conf", place.etc + "/resolv.conf", "ro")};
    if (!place.secrets.empty()) mounts.push_back(bind_mount("/run/secrets", place.secrets, "ro"));
    for (const auto& file : plan.devices.files) mounts.push_back(bind_mount(file.path, file.host_path, "ro"));
    if (!place.driver_links.empty()) mounts.push_back(bind_mount(driver_links_path, place.driver_links, "ro"));
    return mounts;
}

/// The image's variables, then the job's, then ours; a later one replaces an earlier one of its name.
json::array environment_of(const JobPlan& plan, const RuntimePlace& place) {
    std::vector<std::pair<std::string, std::string>> variables{
        {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}, {"HOME", "/tmp"}};
    const auto set = [&](const std::string& name, const std::string& value) {
        const auto found = std::ranges::find(variables, name, [](const auto& variable) { return variable.first; });
        if (found == variables.end()) variables.emplace_back(name, value);
        else found->second = value;
    };
    std::string library_path;
    for (const auto& line : plan.image.environment) {
        const auto equals = line.find('=');
        const auto name = line.substr(0, equals);
        if (equals == std::string::npos || name.empty() || name.starts_with("NVIDIA_")) continue;
        if (name == "LD_LIBRARY_PATH") library_path = ":" + line.substr(equals + 1);
        set(name, line.substr(equals + 1));
    }
    for (const auto& [name, value] : plan.spec.environment) set(name, value);
    set("TEPHRA_JOB", plan.spec.id.value);
    if (!place.driver_links.empty()) set("LD_LIBRARY_PATH", driver_links_path + library_path);

    json::array out;
    for (const auto& [name, value] : variables) out.emplace_back(name + "=" + value);
    return out;
}

json::object process_of(const JobPlan& plan, const RuntimePlace& place, const std::vector<std::string>& words) {
    json::object none;
    for (const char* set : {"bounding", "effective", "inheritable", "permitted", "ambient"}) none[set] = json::array{};
    const auto open_files = std::min<std::uint64_t>(plan.spec.limits.open_files_max, place.open_files_max);
    const auto rlimit = [](const char* type, std::uint64_t value) {
        return json::object{{"type", type}, {"hard", value}, {"soft", value}};
    };
    return {{"terminal", false},
            {"user", {{"uid", place.user}, {"gid", place.group}}},
            {"args", json::array(words.begin(), words.end())},
            {"env", environment_of(plan, place)},
            {"cwd", plan.image.folder.starts_with('/') ? plan.image.folder : "/"},
            {"capabilities", std::move(none)},
            {"rlimits", json::array{rlimit("RLIMIT_NOFILE", open_files), rlimit("RLIMIT_CORE", 0)}},
            {"noNewPrivileges", true},
            {"oomScoreAdj", 500}};
}

json::object device_rule(std::uint32_t major, std::int64_t minor) {
    json::object rule{{"allow", true}, {"type", "c"}, {"major", major}, {"access", "rw"}};
    if (minor >= 0) rule["minor"] = minor;
    return rule;
}

json::object resources_of(const JobPlan& plan, const RuntimePlace& place) {
    const auto& limits = plan.spec.limits;
    json::object memory{{"limit", limits.memory_bytes}};
    if (place.swap_accounting) memory["swap"] = limits.memory_bytes;
    json::array devices{json::object{{"allow", false}, {"access", "rwm"}}};
    for (const unsigned minor : {3U, 5U, 7U, 8U, 9U}) devices.push_back(device_rule(1, minor));  // null … urandom
    devices.push_back(device_rule(5, 0));                                                        // tty
    devices.push_back(device_rule(5, 2));                                                        // ptmx
    devices.push_back(device_rule(136, -1));                                                     // pts
    for (const auto& node : plan.devices.nodes) devices.push_back(device_rule(node.major, node.minor));
    json::object resources{{"memory", std::move(memory)},
                           {"cpu", {{"quota", std::uint64_t{limits.cpu_milli} * 100}, {"period", 100'000}}},
                           {"pids", {{"limit", limits.processes_max}}},
                           {"devices", std::move(devices)}};
    // Half a job is no use to anybody: the kernel ends all of it at once.
    if (place.unified) resources["unified"] = json::object{{"memory.oom.group", "1"}};
    return resources;
}

json::object linux_of(const JobPlan& plan, const RuntimePlace& place) {
    json::array namespaces;
    for (const char* type : {"pid", "ipc", "uts", "mount", "user", "cgroup", "network"})
        namespaces.push_back(json::object{{"type", type}});
    const json::array range{
        json::object{{"containerID", 0}, {"hostID", first_id_of(plan.slot)}, {"size", ids_per_job}}};
    json::array devices;
    for (const auto& node : plan.devices.nodes)
        devices.push_back(json::object{{"path", node.path},
                                       {"type", "c"},
                                       {"major", node.major},
                                       {"minor", node.minor},
                                       {"fileMode", 0666},
                                       {"uid", 0},
                                       {"gid", 0}});
    return {{"cgroupsPath", plan.cgroup},
            {"namespaces", std::move(namespaces)},
            {"uidMappings", range},
            {"gidMappings", range},
            {"devices", std::move(devices)},
            {"resources", resources_of(plan, place)},
            {"seccomp", seccomp_profile()},
            {"rootfsPropagation", "private"},
            {"maskedPaths",
             {"/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
              "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware",
              "/sys/fs/cgroup", "/sys/fs/bpf", "/sys/kernel/debug", "/sys/kernel/tracing", "/sys/kernel/security",
              "/sys/devices/virtual/powercap"}},
            {"readonlyPaths", {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"}}};
}

}  // namespace

Result<std::string, Failure> runtime_config(const JobPlan& plan, const RuntimePlace& place) {
    TRY(const auto words, arguments_of(plan.spec, plan.image));
    const json::object config{{"ociVersion", "1.0.2"},
                              {"process", process_of(plan, place, words)},
                              {"root", {{"path", place.root}, {"readonly", plan.spec.root == RootMode::ReadOnly}}},
                              {"hostname", "job"},
                              {"mounts", mounts_of(plan, place)},
                              {"linux", linux_of(plan, place)}};
    return json::serialize(config);
}

std::vector<std::string> library_names(const std::string& file_name) {
    std::vector<std::string> names{file_name};
    const auto so = file_name.find(".so");
    if (so == std::string::npos) return names;
    for (const char* ending : {".so.1", ".so"})
        if (const auto name = file_name.substr(0, so) + ending; name != file_name) names.push_back(name);
    return names;
}

}  // namespace worker
