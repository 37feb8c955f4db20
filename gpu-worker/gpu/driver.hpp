#pragma once
// Devices of hosts without a CDI file: the same catalogue, made from the driver itself.

#include "gpu-worker/gpu/cdi.hpp"
#include "gpu-worker/gpu/inventory.hpp"

namespace worker {

/// One device a whole GPU, named by its UUID: the control nodes, /dev/nvidiaN, and the driver's computing libraries of
/// exactly the running version in the policy's folders. MIG slices are left out: their nodes are known to CDI only.
CdiCatalogue driver_catalogue(const GpuInventory& inventory, const DevicePolicy& policy);

}  // namespace worker
