#pragma once
// Narrows what a process may reach in the file system, whatever its user id allows (Landlock, Linux 5.13 and later).
// For processes that handle a stranger's archive: a fault in the unpacker then reaches its own disk and nothing else.

#include "chain/base/result.hpp"

#include <filesystem>
#include <vector>

namespace worker {

/// What stays in reach, each with everything beneath it. A place that does not exist is passed over.
struct Reach {
    std::vector<std::filesystem::path> read;   ///< read and execute
    std::vector<std::filesystem::path> write;  ///< and change
};

/// The version of the kernel's Landlock; 0 where it has none.
int landlock_version();

/// From now on this process and its children reach only that, for good, and gain no privileges by executing a program.
/// Without Landlock in the kernel nothing is narrowed. Only calls that are safe after a fork of one thread.
chain::Result<void> confine(const Reach& reach);

}  // namespace worker
