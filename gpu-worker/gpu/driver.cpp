#include "gpu-worker/gpu/driver.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

namespace worker {
namespace {

namespace fs = std::filesystem;

/// What computing needs of the driver's user half; the display half stays on the host.
constexpr std::array compute_libraries = {
    "libcuda.so.",          "libcudadebugger.so.",   "libnvidia-ptxjitcompiler.so.",
    "libnvidia-nvvm.so.",   "libnvidia-gpucomp.so.", "libnvidia-ml.so.",
    "libnvidia-opencl.so.", "libnvcuvid.so.",        "libnvidia-encode.so."};

std::vector<DriverFile> driver_files(const std::string& version, const DevicePolicy& policy) {
    std::vector<DriverFile> files;
    for (const auto& folder : policy.driver_folders)
        for (const auto* library : compute_libraries) {
            const auto path = fs::path{folder} / (library + version);
            std::error_code missing;
            const auto same_name = [&](const DriverFile& file) {
                return fs::path{file.path}.filename() == path.filename();
            };
            // Folders that are links to one another show a library twice; the first is enough.
            if (fs::is_regular_file(path, missing) && std::ranges::none_of(files, same_name))
                files.push_back({.host_path = path.string(), .path = path.string()});
        }
    return files;
}

}  // namespace

CdiCatalogue driver_catalogue(const GpuInventory& inventory, const DevicePolicy& policy) {
    CdiCatalogue catalogue;
    if (inventory.driver_version.empty()) return catalogue;
    const auto files = driver_files(inventory.driver_version, policy);
    for (const auto& gpu : inventory.gpus) {
        if (!gpu.mig_parent.empty()) continue;
        CdiDevice device{.kind = nvidia_kind, .name = gpu.uuid, .files = files};
        device.node_paths = {"/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia" + std::to_string(gpu.device_minor)};
        std::error_code missing;
        if (fs::exists("/dev/nvidia-uvm-tools", missing)) device.node_paths.emplace_back("/dev/nvidia-uvm-tools");
        catalogue.devices.push_back(std::move(device));
    }
    return catalogue;
}

}  // namespace worker
