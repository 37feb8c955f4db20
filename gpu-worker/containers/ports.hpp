#pragma once
// Host ports that jobs publish. A port is held by a bound socket that never listens: the packet filter takes its
// packets before the socket could, and no other program can get the port meanwhile.

#include "gpu-worker/containers/containers.hpp"
#include "gpu-worker/containers/files.hpp"

#include <cstdint>
#include <vector>

namespace worker {

struct HeldPort {
    PublishedPort port;
    Fd socket;
};

/// One free host port in [first, last] for each port of the job; both 0: whichever the kernel gives. NoFreePort else.
Result<std::vector<HeldPort>, Failure> hold_ports(const std::vector<std::uint16_t>& job_ports, std::uint16_t first,
                                                  std::uint16_t last);

}  // namespace worker
