#pragma once
// What processes of this machine have used so far.

#include <sys/types.h>

#include <cstddef>
#include <span>

namespace load {

/// User and system time of the process and its threads, in seconds; of this program for pid 0. 0 for one that is gone.
double cpu_seconds(pid_t pid);
/// Physical memory in bytes, and the most it ever was.
struct Memory {
    std::size_t now = 0;
    std::size_t most = 0;
};
Memory memory(pid_t pid);
/// Of the last minute.
double load_average();

}  // namespace load
