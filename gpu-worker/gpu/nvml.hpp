#pragma once
// The part of NVIDIA's management library that we call, with prototypes of our own: neither its header nor its stub is
// needed to build, and the program starts on machines without a driver. Names and layouts are those of NVML's public
// ABI.

#include <cstdint>

namespace worker::nvml {

using Device = void*;  // nvmlDevice_t, an opaque handle

struct Memory {  // nvmlMemory_t
    unsigned long long total = 0;
    unsigned long long free = 0;
    unsigned long long used = 0;
};

struct PciInfo {  // nvmlPciInfo_t of the *_v3 call
    char bus_id_legacy[16]{};
    unsigned int domain = 0;
    unsigned int bus = 0;
    unsigned int device = 0;
    unsigned int pci_device_id = 0;
    unsigned int pci_subsystem_id = 0;
    char bus_id[32]{};
};

inline constexpr int success = 0;               // NVML_SUCCESS
inline constexpr unsigned int mig_enabled = 1;  // NVML_DEVICE_MIG_ENABLE

/// Function pointers of the opened library; optional ones may be null.
struct Library {
    int (*init)() = nullptr;
    int (*shutdown)() = nullptr;
    int (*driver_version)(char*, unsigned int) = nullptr;
    int (*device_count)(unsigned int*) = nullptr;
    int (*device_by_index)(unsigned int, Device*) = nullptr;
    int (*device_name)(Device, char*, unsigned int) = nullptr;
    int (*device_uuid)(Device, char*, unsigned int) = nullptr;
    int (*device_memory)(Device, Memory*) = nullptr;
    int (*device_minor)(Device, unsigned int*) = nullptr;
    int (*device_capability)(Device, int*, int*) = nullptr;
    int (*device_pci)(Device, PciInfo*) = nullptr;
    int (*mig_mode)(Device, unsigned int*, unsigned int*) = nullptr;  // optional
    int (*mig_count_max)(Device, unsigned int*) = nullptr;            // optional
    int (*mig_by_index)(Device, unsigned int, Device*) = nullptr;     // optional
    const char* (*error_text)(int) = nullptr;
};

}  // namespace worker::nvml
