#pragma once
// What this machine says of itself: measured where it can be, from the configuration where it cannot.

#include "gpu-worker/gpu/inventory.hpp"
#include "gpu-worker/host/config.hpp"
#include "runtime/pallets/machines/messages.hpp"

namespace worker {

/// A host as its instruments show it.
struct Inventory {
    GpuInventory gpus;
    CpuInventory cpu;
};
Inventory take_inventory(const Settings& settings);

inline constexpr std::string_view worker_version = "tephra-worker 0.1.0";

/// What to register. Memory and disk are rounded down to whole GiB, so that small changes of the system break no
/// promise.
machines::Claims claims_for_registration(const Inventory& inventory, const Settings& settings);

/// What the machine finds in itself now, in the terms of what it registered: each promise that still holds stands as it
/// was promised, each that does not stands as it was measured. So an honest machine answers a probe with the registered
/// claims, and another one does not.
machines::Claims claims_for_probe(const Inventory& inventory, const machines::Claims& registered);

/// Claims are written down when they are registered: a probe asks about them.
Result<void> keep_claims(const std::filesystem::path& data, const machines::Claims& claims);
Result<machines::Claims> kept_claims(const std::filesystem::path& data);

}  // namespace worker
