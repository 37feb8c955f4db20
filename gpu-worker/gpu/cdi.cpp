#include "gpu-worker/gpu/cdi.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>

namespace worker {
namespace {

namespace fs = std::filesystem;
using chain::Result;

constexpr std::uintmax_t cdi_bytes_max = 4U << 20;

std::string text_at(const YAML::Node& node, const char* key) {
    if (!node.IsMap()) return {};
    const YAML::Node value = node[key];
    return value && value.IsScalar() ? value.Scalar() : std::string{};
}

/// The list under a key; an empty one where there is none or something else.
std::vector<YAML::Node> list_at(const YAML::Node& node, const char* key) {
    const YAML::Node list = node[key];
    if (!list || !list.IsSequence()) return {};
    return {list.begin(), list.end()};
}

void add_edits(const YAML::Node& edits, CdiDevice& device) {
    if (!edits || !edits.IsMap()) return;
    for (const auto& node : list_at(edits, "deviceNodes")) {
        const auto host = text_at(node, "hostPath");
        device.node_paths.push_back(host.empty() ? text_at(node, "path") : host);
    }
    for (const auto& mount : list_at(edits, "mounts"))
        device.files.push_back({.host_path = text_at(mount, "hostPath"), .path = text_at(mount, "containerPath")});
    device.hooks += list_at(edits, "hooks").size();
}

bool is_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

enum class NodeUse { Compute, Graphics, Forbidden };

/// Display nodes come with every real CDI file but are not rented: they are left out, not refused.
NodeUse use_of_node(std::string_view path, bool fake) {
    if (fake) return path == "/dev/zero" || path == "/dev/null" ? NodeUse::Compute : NodeUse::Forbidden;
    if (path == "/dev/nvidiactl" || path == "/dev/nvidia-uvm" || path == "/dev/nvidia-uvm-tools")
        return NodeUse::Compute;
    if (path == "/dev/nvidia-modeset" || path.starts_with("/dev/dri/")) return NodeUse::Graphics;
    for (const std::string_view prefix : {"/dev/nvidia-caps/nvidia-cap", "/dev/nvidia"})
        if (path.starts_with(prefix) && is_digits(path.substr(prefix.size()))) return NodeUse::Compute;
    return NodeUse::Forbidden;
}

/// The node as the host has it. A link could point anywhere, so it counts as missing.
Result<DeviceNode> look_at_node(const std::string& path) {
    struct stat info{};
    if (::lstat(path.c_str(), &info) != 0) return chain::fault("the host has no device " + path);
    if (!S_ISCHR(info.st_mode)) return chain::fault(path + " is not a character device");
    return DeviceNode{.path = path, .major = major(info.st_rdev), .minor = minor(info.st_rdev)};
}

bool is_below(const fs::path& path, const fs::path& folder) {
    const auto [end, _] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
    return end == folder.end() && path != folder;
}

/// Files of the driver's user half. Sockets (persistence, MPS, fabric manager) and everything else stay out.
bool is_driver_name(std::string_view name) {
    constexpr std::array prefixes = {"libcuda.so",    "libcudadebugger.so", "libnvidia-",       "libnvcuvid.so",
                                     "libnvoptix.so", "nvidia-smi",         "nvidia-debugdump", "gsp_"};
    return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return name.starts_with(prefix); });
}

enum class FileUse { Driver, LeftOut };

/// LeftOut: not part of what computing needs. Fault: it claims to be, but is not what it claims.
Result<FileUse> look_at_file(const DriverFile& file, const DevicePolicy& policy) {
    const fs::path inside{file.path};
    if (!is_driver_name(inside.filename().string())) return FileUse::LeftOut;
    if (!inside.is_absolute() || inside != inside.lexically_normal())
        return chain::fault("driver file at a path that is not plain: " + file.path);
    const auto allowed = [&](const fs::path& path) {
        return std::ranges::any_of(policy.driver_folders, [&](const auto& folder) { return is_below(path, folder); });
    };
    if (!allowed(inside)) return chain::fault("driver file outside the driver's folders: " + file.path);

    std::error_code none;
    const fs::path real = fs::canonical(file.host_path, none);
    if (none) return chain::fault("the host has no driver file " + file.host_path);
    // Distributions join /lib and /usr/lib by a link, so the folders are compared by where they really are.
    const bool real_allowed = std::ranges::any_of(policy.driver_folders, [&](const auto& folder) {
        std::error_code missing;
        const auto real_folder = fs::canonical(folder, missing);
        return !missing && is_below(real, real_folder);
    });
    if (!real_allowed || !is_driver_name(real.filename().string()))
        return chain::fault("driver file " + file.host_path + " leads to " + real.string());
    struct stat info{};
    if (::lstat(real.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return FileUse::LeftOut;
    if (info.st_uid != 0 || (info.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return chain::fault("driver file " + real.string() + " could be changed by others than root");
    return FileUse::Driver;
}

const CdiDevice* find_device(const CdiCatalogue& catalogue, const std::string& uuid, const GpuInventory& inventory,
                             const DevicePolicy& policy) {
    const auto named = [&](const char* kind, std::string_view name) -> const CdiDevice* {
        const auto found = std::ranges::find_if(
            catalogue.devices, [&](const auto& device) { return device.kind == kind && device.name == name; });
        return found == catalogue.devices.end() ? nullptr : &*found;
    };
    if (uuid.starts_with("FAKE-")) return policy.allow_fake ? named(fake_kind, uuid.substr(5)) : nullptr;
    // Never by index or as "all": an index means another GPU after the next boot.
    if (!uuid.starts_with("GPU-") && !uuid.starts_with("MIG-")) return nullptr;
    if (const auto* device = named(nvidia_kind, uuid)) return device;
    const auto gpu = std::ranges::find(inventory.gpus, uuid, &Gpu::uuid);
    if (gpu == inventory.gpus.end() || !gpu->mig_parent.empty()) return nullptr;
    const auto node = "/dev/nvidia" + std::to_string(gpu->device_minor);
    // A device of several GPUs ("all") has several such nodes and is never what one GPU means.
    const auto is_whole_gpu = [](const std::string& path) {
        return path.starts_with("/dev/nvidia") && is_digits(path.substr(11));
    };
    const auto found = std::ranges::find_if(catalogue.devices, [&](const CdiDevice& device) {
        return device.kind == nvidia_kind && std::ranges::count_if(device.node_paths, is_whole_gpu) == 1 &&
               std::ranges::find(device.node_paths, node) != device.node_paths.end();
    });
    return found == catalogue.devices.end() ? nullptr : &*found;
}

}  // namespace

Result<std::vector<CdiDevice>> parse_cdi(const std::string& text) try {
    const YAML::Node root = YAML::Load(text);
    if (!root.IsMap()) return chain::fault("not a CDI file");
    const auto version = text_at(root, "cdiVersion");
    const auto kind = text_at(root, "kind");
    if (!version.starts_with("0.") && !version.starts_with("1."))
        return chain::fault("CDI version \"" + version + "\"");
    if (kind.empty()) return chain::fault("no kind");
    std::vector<CdiDevice> devices;
    for (const auto& entry : list_at(root, "devices")) {
        if (!entry.IsMap()) return chain::fault("a device that is not a map");
        CdiDevice device{.kind = kind, .name = text_at(entry, "name")};
        add_edits(root["containerEdits"], device);
        add_edits(entry["containerEdits"], device);
        devices.push_back(std::move(device));
    }
    return devices;
} catch (const YAML::Exception& error) {
    return chain::fault(error.what());
}

CdiCatalogue read_cdi(const std::vector<fs::path>& folders) {
    CdiCatalogue catalogue;
    for (const auto& folder : folders) {
        std::error_code missing;
        std::set<fs::path> files;
        for (const auto& entry : fs::directory_iterator{folder, missing})
            if (const auto end = entry.path().extension(); end == ".json" || end == ".yaml" || end == ".yml")
                files.insert(entry.path());
        for (const auto& file : files) {
            std::error_code unreadable;
            if (fs::file_size(file, unreadable) > cdi_bytes_max || unreadable) {
                catalogue.warnings.push_back(file.string() + ": cannot be read, or longer than 4 MiB");
                continue;
            }
            std::ifstream stream{file};
            std::ostringstream text;
            text << stream.rdbuf();
            auto devices = parse_cdi(text.str());
            if (!devices) {
                catalogue.warnings.push_back(file.string() + ": " + devices.error().text);
                continue;
            }
            if (std::ranges::any_of(*devices, [](const auto& device) { return device.hooks != 0; }))
                catalogue.warnings.push_back(file.string() + ": its hooks are not run");
            std::ranges::move(*devices, std::back_inserter(catalogue.devices));
        }
    }
    return catalogue;
}

Result<DeviceEdits> edits_for(const CdiCatalogue& catalogue, const std::vector<std::string>& uuids,
                              const GpuInventory& inventory, const DevicePolicy& policy) {
    DeviceEdits edits;
    std::set<const CdiDevice*> taken;
    for (const auto& uuid : uuids) {
        const auto* device = find_device(catalogue, uuid, inventory, policy);
        if (device == nullptr) return chain::fault("no device " + uuid + " on this machine");
        if (!taken.insert(device).second) return chain::fault("device " + uuid + " is asked for twice");
        const bool fake = device->kind == fake_kind;
        for (const auto& path : device->node_paths) {
            const auto use = use_of_node(path, fake);
            if (use == NodeUse::Forbidden) return chain::fault("device " + uuid + " brings the node " + path);
            if (use == NodeUse::Graphics) continue;
            TRY(const auto node, look_at_node(path));
            if (std::ranges::find(edits.nodes, node) == edits.nodes.end()) edits.nodes.push_back(node);
        }
        for (const auto& file : device->files) {
            TRY(const auto use, look_at_file(file, policy));
            if (use == FileUse::Driver && std::ranges::find(edits.files, file) == edits.files.end())
                edits.files.push_back(file);
        }
    }
    return edits;
}

}  // namespace worker
