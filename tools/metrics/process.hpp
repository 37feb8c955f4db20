#pragma once
// What the kernel says about this process (proc(5)).

#include <cstdint>
#include <filesystem>

namespace metrics {

struct ProcessReading {
    std::uint64_t resident_bytes = 0;
    double cpu_seconds = 0;
    std::uint64_t threads = 0;
    std::uint64_t open_files = 0;
    std::uint64_t open_files_max = 0;
};
ProcessReading read_process();

/// Bytes of all files in a folder, 0 where it cannot be read.
std::uint64_t folder_bytes(const std::filesystem::path& folder);
/// Bytes that a user may still write on the folder's disk.
std::uint64_t free_bytes(const std::filesystem::path& folder);

}  // namespace metrics
