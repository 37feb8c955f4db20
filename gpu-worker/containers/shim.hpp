#pragma once
// What the worker and its shims say to each other.

#include "gpu-worker/containers/containers.hpp"

#include <signal.h>

#include <string>

namespace worker {

/// To a shim: end the job with TERM, grace, KILL.
inline constexpr int stop_signal = SIGTERM;
/// To a shim: KILL the job now.
inline constexpr int kill_signal = SIGUSR1;

/// From a shim, once, on its status descriptor (SCALE). A descriptor that closes without it: the shim died.
struct LaunchReport {
    bool started = false;
    Reason failure_reason = Reason::HostFault;
    std::string text;
};

}  // namespace worker
