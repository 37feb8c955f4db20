#pragma once
// Giving a device to a job: what a Container Device Interface file says, cut down to what a job may have.
// A CDI file may carry hooks that run as root on the host, mounts of any path and any environment. Here it is only a
// source of names: hooks are dropped, nodes and mounts must be on the driver's own list, and the host's files are
// looked at rather than believed.

#include "chain/base/result.hpp"
#include "gpu-worker/gpu/inventory.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace worker {

struct DeviceNode {
    std::string path;  // on the host and in the job
    std::uint32_t major = 0;
    std::uint32_t minor = 0;
    bool operator==(const DeviceNode&) const = default;
};

/// A driver's file, bound read-only at the same path.
struct DriverFile {
    std::string host_path;
    std::string path;
    bool operator==(const DriverFile&) const = default;
};

/// What a job gets for its devices.
struct DeviceEdits {
    std::vector<DeviceNode> nodes;
    std::vector<DriverFile> files;
    bool operator==(const DeviceEdits&) const = default;
};

/// One device of a CDI file as written there, with what its file adds for every device. Nothing is checked yet.
struct CdiDevice {
    std::string kind;  // "nvidia.com/gpu"
    std::string name;  // "0", "GPU-…", "MIG-…"
    std::vector<std::string> node_paths;
    std::vector<DriverFile> files;
    std::size_t hooks = 0;  // how many were dropped
};

struct CdiCatalogue {
    std::vector<CdiDevice> devices;
    std::vector<std::string> warnings;  // files that could not be read, hooks that were dropped
};

/// One file's text, YAML or JSON (which is YAML too). Fault: not a CDI file of version 0.3 to 1.x.
chain::Result<std::vector<CdiDevice>> parse_cdi(const std::string& text);

/// Every *.json, *.yaml and *.yml of the folders. A missing folder is no warning.
CdiCatalogue read_cdi(const std::vector<std::filesystem::path>& folders);

/// What may reach a job. Tests narrow it to folders of their own.
struct DevicePolicy {
    std::vector<std::string> driver_folders = {
        "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/bin", "/usr/local/nvidia", "/lib/firmware/nvidia",
        "/usr/lib/firmware/nvidia"};
    bool allow_fake = false;  // kind test.local/null: /dev/null and /dev/zero stand in for a device
};

inline constexpr const char* nvidia_kind = "nvidia.com/gpu";
inline constexpr const char* fake_kind = "test.local/null";

/// The edits for the devices with these UUIDs (for fakes: "FAKE-" and the CDI name). A UUID is found by its CDI name,
/// or through the inventory by its node /dev/nvidiaN. Fault: an unknown device, one asked for twice, or a node or file
/// that the policy forbids; then nothing is given at all.
chain::Result<DeviceEdits> edits_for(const CdiCatalogue& catalogue, const std::vector<std::string>& uuids,
                                     const GpuInventory& inventory, const DevicePolicy& policy);

}  // namespace worker
