#pragma once
// What this host can compute with: its GPUs as NVIDIA's management library tells them, and its CPU.
// The library is opened at run time: the program starts, and says why the list is empty, where there is none.

#include <cstdint>
#include <string>
#include <vector>

namespace worker {

/// One GPU, or one MIG slice of a GPU. Everything here is the driver's word: a claim until a challenge proves it.
struct Gpu {
    std::string uuid;  // "GPU-…" or "MIG-…"
    std::string name;  // "NVIDIA H100 80GB HBM3"
    std::uint64_t memory_bytes = 0;
    std::uint32_t capability_major = 0;
    std::uint32_t capability_minor = 0;
    std::uint32_t device_minor = 0;  // N of /dev/nvidiaN
    std::string pci_bus;
    std::string mig_parent;  // the whole GPU's UUID where this is a slice; else empty
    bool operator==(const Gpu&) const = default;
};

struct GpuInventory {
    std::vector<Gpu> gpus;
    std::string driver_version;  // "580.65.06"; empty without a driver
    std::string why_empty;       // a sentence where gpus is empty
};

struct CpuInventory {
    std::string name;
    std::uint32_t threads = 0;
    std::uint64_t memory_bytes = 0;
    std::uint64_t disk_free_bytes = 0;  // of the file system of `data_folder`
};

/// Asks libnvidia-ml.so.1. GPUs whose MIG mode is on are listed by their slices only: they are rented one by one.
GpuInventory gpu_inventory();

CpuInventory cpu_inventory(const std::string& data_folder);

enum class DeviceClass : std::uint8_t { Cpu, Gpu };

/// Gpu only where a real one is listed: a fake device never counts.
inline DeviceClass device_class(const GpuInventory& inventory) {
    return inventory.gpus.empty() ? DeviceClass::Cpu : DeviceClass::Gpu;
}

}  // namespace worker
