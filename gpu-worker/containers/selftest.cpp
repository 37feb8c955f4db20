#include "gpu-worker/containers/selftest.hpp"

#include "gpu-worker/containers/cgroup.hpp"
#include "gpu-worker/containers/crun_containers.hpp"
#include "gpu-worker/containers/files.hpp"
#include "gpu-worker/containers/image_reference.hpp"
#include "gpu-worker/containers/landlock.hpp"
#include "gpu-worker/containers/mounts.hpp"
#include "gpu-worker/containers/network.hpp"
#include "gpu-worker/containers/ports.hpp"
#include "gpu-worker/containers/process.hpp"
#include "gpu-worker/containers/slots.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <sstream>

namespace worker {
namespace {

namespace fs = std::filesystem;

struct Tool {
    const char* name;
    std::vector<std::string> version;
    const char* package;
};

SelftestItem tool_item(const Tool& tool) {
    SelftestItem item{.name = tool.name};
    const auto output = run({.argv = tool.version, .timeout_ms = 10'000});
    item.ok = output.has_value() && output->code != 127;
    if (item.ok) {
        const auto& text = output->out.empty() ? output->error : output->out;
        item.found = text.substr(0, text.find('\n'));
    } else {
        item.found = "not installed";
        item.remedy = std::string{"apt-get install "} + tool.package;
    }
    return item;
}

SelftestItem root_item() {
    const bool root = ::geteuid() == 0;
    return {.name = "root",
            .ok = root,
            .found = root ? "yes" : "user id " + std::to_string(::geteuid()),
            .remedy = root ? "" : "run the worker as root (its jobs are not)"};
}

SelftestItem cgroup_item() {
    SelftestItem item{.name = "cgroups"};
    switch (cgroup_layout()) {
        case CgroupLayout::Unified: {
            const auto controllers = read_text("/sys/fs/cgroup/cgroup.controllers", 4'096).value_or("");
            item.found = "version 2: " + controllers.substr(0, controllers.find('\n'));
            item.ok = true;
            for (const char* needed : {"cpu", "memory", "pids"})
                if (controllers.find(needed) == std::string::npos) item.ok = false;
            if (!item.ok) item.remedy = "the kernel must offer cpu, memory and pids (no cgroup_disable= at boot)";
            break;
        }
        case CgroupLayout::Separate:
            item.found = "version 1 or hybrid";
            item.ok = true;
            if (!has_swap_accounting(CgroupLayout::Separate)) {
                item.found += ", without swap accounting";
                item.remedy = "boot with swapaccount=1, or turn swap off";
            }
            break;
        case CgroupLayout::None:
            item.found = "none at /sys/fs/cgroup";
            item.remedy = "mount the control groups: mount -t cgroup2 none /sys/fs/cgroup";
            break;
    }
    return item;
}

SelftestItem filter_item() {
    const auto rules = filter_rules(
        {.slot = slot_count - 1, .ports = {{.job = 80, .host = 65'000}}, .policy = NetworkPolicy::Internet});
    const auto checked = run_ok({.argv = {"nft", "-c", "-f", "-"}, .input = rules});
    return {.name = "packet filter",
            .ok = checked.has_value(),
            .found = checked ? "accepts a job's rules" : checked.error().text,
            .remedy = checked ? ""
                              : "needs nftables with NAT: apt-get install nftables; modprobe nf_tables nft_nat "
                                "nft_masq nft_fib_inet"};
}

SelftestItem seccomp_item() {
    const auto actions = read_text("/proc/sys/kernel/seccomp/actions_avail", 4'096);
    const bool ok = actions && actions->find("errno") != std::string::npos;
    return {.name = "seccomp",
            .ok = ok,
            .found = ok ? "filters" : "none",
            .remedy = ok ? "" : "needs a kernel with CONFIG_SECCOMP_FILTER"};
}

SelftestItem landlock_item() {
    const int version = landlock_version();
    return {.name = "landlock",
            .ok = version != 0,
            .essential = false,
            .found = version != 0 ? "version " + std::to_string(version)
                                  : "none: images are unpacked without this second wall",
            .remedy = version != 0 ? "" : "boot with lsm=landlock,… (Linux 5.13 or later)"};
}

/// Never a failure: tells what the first job with a network changes on this host.
SelftestItem forwarding_item() {
    const bool on = read_text("/proc/sys/net/ipv4/ip_forward", 16).value_or("0").starts_with('1');
    return {.name = "forwarding",
            .ok = true,
            .essential = false,
            .found = on ? "on"
                        : "off: the first job with a network switches it on; the table tephra_guard then drops what "
                          "others would forward, until `clean`"};
}

SelftestItem ports_item(const CrunConfig& config) {
    const auto held = hold_ports({1}, config.port_first, config.port_last);
    return {.name = "ports",
            .ok = held.has_value(),
            .essential = false,
            .found = held ? "port " + std::to_string(held->front().port.host) + " is free" : held.error().text,
            .remedy = held ? "" : "give the worker another port range, or end what uses this one"};
}

SelftestItem source_item(const std::string& name, const std::string& text) {
    SelftestItem item{.name = "image source " + name, .essential = false};
    const auto source = parse_image_source(text);
    if (!source) {
        item.found = source.error().text;
        item.remedy = "correct the source in the worker's configuration";
        return item;
    }
    std::error_code none;
    item.ok = source->kind != ImageSource::Kind::Layout || fs::exists(source->place + "/oci-layout", none);
    item.found = item.ok ? text : "no OCI layout in " + source->place;
    if (!item.ok) item.remedy = "put an OCI layout there, or correct the source";
    return item;
}

/// The helper's findings by name; a name that is missing was not reached.
std::map<std::string, std::string> probe(const CrunConfig& config) {
    std::map<std::string, std::string> troubles;
    std::error_code failed;
    fs::create_directories(config.root, failed);
    auto folder = (config.root / "selftest-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) return troubles;
    auto argv = config.shim_command;
    if (argv.empty()) argv = {fs::read_symlink("/proc/self/exe", failed).string(), "shim"};
    argv.insert(argv.end(), {"probe", folder});
    std::istringstream lines{run_ok({.argv = argv, .timeout_ms = 30'000}).value_or("")};
    for (std::string line; std::getline(lines, line);)
        if (const auto tab = line.find('\t'); tab != std::string::npos)
            troubles[line.substr(0, tab)] = line.substr(tab + 1);
    fs::remove_all(folder, failed);
    return troubles;
}

struct Probe {
    const char* name;
    const char* remedy;
};
constexpr Probe probes[] = {
    {"mount namespace", "the worker needs CAP_SYS_ADMIN: not inside an unprivileged container"},
    {"loop devices", "modprobe loop; the worker must see /dev/loop-control"},
    {"user namespaces",
     "sysctl -w user.max_user_namespaces=15000 kernel.unprivileged_userns_clone=1; Linux 5.19 or later"},
    {"overlay", "modprobe overlay"},
};

}  // namespace

int probe_main(const fs::path& folder) {
    const auto say = [](const char* name, const Result<void>& result) {
        std::printf("%s\t%s\n", name, result ? "" : result.error().text.c_str());
        return result.has_value();
    };
    for (const char* name : {"disk", "shown", "root"}) fs::create_directory(folder / name);
    if (!say(probes[0].name, enter_private_mounts())) return 0;
    auto disk = make_disk(folder / "disk.ext4", 16U << 20, 0);
    if (disk) disk = mount_disk(folder / "disk.ext4", folder / "disk", Access::ReadWrite);
    if (!say(probes[1].name, disk)) return 0;
    for (const char* name : {"lower", "upper", "work"}) fs::create_directory(folder / "disk" / name);
    if (!say(probes[2].name, bind_with_ids(folder / "disk/lower", folder / "shown", 0, 1'000'000, 65'536))) return 0;
    const auto overlay = mount_overlay(folder / "shown", folder / "disk/upper", folder / "disk/work", folder / "root");
    say(probes[3].name, overlay);
    for (const char* name : {"root", "shown", "disk"}) unmount(folder / name);
    return 0;
}

std::vector<SelftestItem> selftest(const CrunConfig& config) {
    std::vector<SelftestItem> items{root_item()};
    const Tool tools[] = {
        {"crun", {"crun", "--version"}, "crun"},       {"umoci", {"umoci", "--version"}, "umoci"},
        {"skopeo", {"skopeo", "--version"}, "skopeo"}, {"nft", {"nft", "--version"}, "nftables"},
        {"ip", {"ip", "-Version"}, "iproute2"},        {"mkfs.ext4", {"mkfs.ext4", "-V"}, "e2fsprogs"}};
    for (const auto& tool : tools) items.push_back(tool_item(tool));
    // Images from layout folders need no skopeo.
    const bool from_registry =
        std::ranges::any_of(config.sources, [](const auto& source) { return source.second.starts_with("http"); });
    std::ranges::find(items, "skopeo", &SelftestItem::name)->essential = from_registry;
    items.push_back(cgroup_item());
    items.push_back(seccomp_item());
    items.push_back(landlock_item());
    if (::geteuid() == 0) {
        const auto troubles = probe(config);
        for (const auto& [name, remedy] : probes) {
            const auto found = troubles.find(name);
            const bool ok = found != troubles.end() && found->second.empty();
            const auto text = found == troubles.end() ? "could not be tried" : found->second;
            items.push_back({.name = name, .ok = ok, .found = ok ? "works" : text, .remedy = ok ? "" : remedy});
        }
        items.push_back(filter_item());
        items.push_back(forwarding_item());
    }
    items.push_back(ports_item(config));
    for (const auto& [name, text] : config.sources) items.push_back(source_item(name, text));
    return items;
}

}  // namespace worker
