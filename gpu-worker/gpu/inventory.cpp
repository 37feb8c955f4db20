#include "gpu-worker/gpu/inventory.hpp"

#include "gpu-worker/gpu/nvml.hpp"

#include <dlfcn.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>

#include <array>
#include <fstream>
#include <thread>

namespace worker {
namespace {

constexpr const char* library_name = "libnvidia-ml.so.1";

/// An opened and initialised library; closed with the object.
class Session {
public:
    explicit Session(const char* name) : handle_(::dlopen(name, RTLD_NOW | RTLD_LOCAL)) {
        if (handle_ == nullptr) {
            trouble_ = "no NVIDIA driver: " + std::string{::dlerror()};
            return;
        }
        const bool complete =
            load("nvmlInit_v2", nvml_.init) && load("nvmlShutdown", nvml_.shutdown) &&
            load("nvmlSystemGetDriverVersion", nvml_.driver_version) &&
            load("nvmlDeviceGetCount_v2", nvml_.device_count) &&
            load("nvmlDeviceGetHandleByIndex_v2", nvml_.device_by_index) &&
            load("nvmlDeviceGetName", nvml_.device_name) && load("nvmlDeviceGetUUID", nvml_.device_uuid) &&
            load("nvmlDeviceGetMemoryInfo", nvml_.device_memory) &&
            load("nvmlDeviceGetMinorNumber", nvml_.device_minor) &&
            load("nvmlDeviceGetCudaComputeCapability", nvml_.device_capability) &&
            load("nvmlDeviceGetPciInfo_v3", nvml_.device_pci) && load("nvmlErrorString", nvml_.error_text);
        if (!complete) {
            trouble_ = "the NVIDIA driver's management library is too old";
            return;
        }
        load("nvmlDeviceGetMigMode", nvml_.mig_mode);
        load("nvmlDeviceGetMaxMigDeviceCount", nvml_.mig_count_max);
        load("nvmlDeviceGetMigDeviceHandleByIndex", nvml_.mig_by_index);
        if (const int code = nvml_.init(); code != nvml::success)
            trouble_ = "the NVIDIA driver does not answer: " + std::string{nvml_.error_text(code)};
        else open_ = true;
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session() {
        if (open_) nvml_.shutdown();
        if (handle_ != nullptr) ::dlclose(handle_);
    }

    const nvml::Library& library() const { return nvml_; }
    const std::string& trouble() const { return trouble_; }

private:
    template <class F>
    bool load(const char* name, F*& function) {
        function = reinterpret_cast<F*>(::dlsym(handle_, name));
        return function != nullptr;
    }

    void* handle_;
    nvml::Library nvml_;
    std::string trouble_;
    bool open_ = false;
};

template <class F>
std::string text_of_device(F* call, nvml::Device device) {
    std::array<char, 128> text{};
    return call(device, text.data(), text.size()) == nvml::success ? std::string{text.data()} : std::string{};
}

/// Nothing usable (empty uuid) where the device does not answer.
Gpu describe(const nvml::Library& nvml, nvml::Device device) {
    Gpu gpu{.uuid = text_of_device(nvml.device_uuid, device), .name = text_of_device(nvml.device_name, device)};
    if (nvml::Memory memory; nvml.device_memory(device, &memory) == nvml::success) gpu.memory_bytes = memory.total;
    if (int major = 0, minor = 0; nvml.device_capability(device, &major, &minor) == nvml::success) {
        gpu.capability_major = static_cast<std::uint32_t>(major);
        gpu.capability_minor = static_cast<std::uint32_t>(minor);
    }
    nvml.device_minor(device, &gpu.device_minor);
    if (nvml::PciInfo pci; nvml.device_pci(device, &pci) == nvml::success) gpu.pci_bus = pci.bus_id;
    return gpu;
}

/// The slices of a GPU in MIG mode; nothing where MIG is off or unknown to the driver.
std::vector<Gpu> slices_of(const nvml::Library& nvml, nvml::Device device, const Gpu& whole) {
    std::vector<Gpu> slices;
    unsigned int mode = 0, pending = 0, most = 0;
    if (nvml.mig_mode == nullptr || nvml.mig_count_max == nullptr || nvml.mig_by_index == nullptr) return slices;
    if (nvml.mig_mode(device, &mode, &pending) != nvml::success || mode != nvml::mig_enabled) return slices;
    if (nvml.mig_count_max(device, &most) != nvml::success) return slices;
    for (unsigned int i = 0; i < most; ++i) {
        nvml::Device slice = nullptr;
        if (nvml.mig_by_index(device, i, &slice) != nvml::success) continue;
        Gpu gpu = describe(nvml, slice);
        gpu.mig_parent = whole.uuid;
        gpu.device_minor = whole.device_minor;
        gpu.pci_bus = whole.pci_bus;
        gpu.capability_major = whole.capability_major;
        gpu.capability_minor = whole.capability_minor;
        if (!gpu.uuid.empty()) slices.push_back(std::move(gpu));
    }
    return slices;
}

bool is_mig_mode(const nvml::Library& nvml, nvml::Device device) {
    unsigned int mode = 0, pending = 0;
    return nvml.mig_mode != nullptr && nvml.mig_mode(device, &mode, &pending) == nvml::success &&
           mode == nvml::mig_enabled;
}

}  // namespace

GpuInventory gpu_inventory() {
    const Session session{library_name};
    GpuInventory inventory;
    if (!session.trouble().empty()) {
        inventory.why_empty = session.trouble();
        return inventory;
    }
    const auto& nvml = session.library();
    std::array<char, 96> version{};
    if (nvml.driver_version(version.data(), version.size()) == nvml::success) inventory.driver_version = version.data();
    unsigned int count = 0;
    nvml.device_count(&count);
    for (unsigned int i = 0; i < count; ++i) {
        nvml::Device device = nullptr;
        if (nvml.device_by_index(i, &device) != nvml::success) continue;
        Gpu whole = describe(nvml, device);
        if (is_mig_mode(nvml, device))
            for (auto& slice : slices_of(nvml, device, whole)) inventory.gpus.push_back(std::move(slice));
        else if (!whole.uuid.empty()) inventory.gpus.push_back(std::move(whole));
    }
    if (inventory.gpus.empty()) inventory.why_empty = "the NVIDIA driver lists no usable GPU";
    return inventory;
}

CpuInventory cpu_inventory(const std::string& data_folder) {
    CpuInventory cpu{.threads = std::thread::hardware_concurrency()};
    std::ifstream info{"/proc/cpuinfo"};
    for (std::string line; cpu.name.empty() && std::getline(info, line);)
        if (line.starts_with("model name"))
            if (const auto colon = line.find(": "); colon != std::string::npos) cpu.name = line.substr(colon + 2);
    struct sysinfo memory{};
    if (::sysinfo(&memory) == 0) cpu.memory_bytes = static_cast<std::uint64_t>(memory.totalram) * memory.mem_unit;
    struct statvfs disk{};
    if (::statvfs(data_folder.c_str(), &disk) == 0) cpu.disk_free_bytes = disk.f_bavail * disk.f_frsize;
    return cpu;
}

}  // namespace worker
