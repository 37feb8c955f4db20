#include "tools/metrics/process.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace metrics {
namespace fs = std::filesystem;

namespace {

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

std::uint64_t entries_in(const fs::path& folder) {
    std::error_code failed;
    std::uint64_t count = 0;
    for (auto at = fs::directory_iterator{folder, failed}; !failed && at != fs::directory_iterator{};
         at.increment(failed))
        ++count;
    return count;
}

}  // namespace

ProcessReading read_process() {
    ProcessReading out;
    std::uint64_t pages = 0;
    std::uint64_t resident_pages = 0;
    std::ifstream{"/proc/self/statm"} >> pages >> resident_pages;
    out.resident_bytes = resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    rusage used{};
    if (::getrusage(RUSAGE_SELF, &used) == 0) out.cpu_seconds = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
    out.threads = entries_in("/proc/self/task");
    out.open_files = entries_in("/proc/self/fd");
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) out.open_files_max = files.rlim_cur;
    return out;
}

std::uint64_t folder_bytes(const fs::path& folder) {
    std::error_code failed;
    std::uint64_t bytes = 0;
    for (auto at = fs::recursive_directory_iterator{folder, failed};
         !failed && at != fs::recursive_directory_iterator{}; at.increment(failed)) {
        // A file may go while we look: compaction does that all the time.
        std::error_code gone;
        const auto size = at->is_regular_file(gone) ? at->file_size(gone) : 0;
        if (!gone) bytes += size;
    }
    return bytes;
}

std::uint64_t free_bytes(const fs::path& folder) {
    std::error_code failed;
    const auto space = fs::space(folder, failed);
    return failed ? 0 : space.available;
}

}  // namespace metrics
