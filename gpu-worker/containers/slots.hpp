#pragma once
// A slot is this host's number for a running job, unique among all workers of the host: user range, link, addresses and
// packet filter table follow from it. It is held by a lock on a file, so it frees itself when its last holder dies.

#include "chain/base/result.hpp"
#include "gpu-worker/containers/files.hpp"

#include <cstdint>
#include <optional>

namespace worker {

inline constexpr std::uint32_t slot_count = 1'024;

struct Slot {
    std::uint32_t number = 0;
    Fd lock;
};

/// The lowest free one. Fault: all are taken, or /run cannot be written.
chain::Result<Slot> take_slot();

/// This one, if nobody holds it: for clearing what a dead job left under its number.
chain::Result<std::optional<Slot>> take_slot(std::uint32_t number);

/// True while any job of this host runs, whoever's it is.
bool any_slot_taken();

}  // namespace worker
