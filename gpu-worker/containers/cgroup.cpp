#include "gpu-worker/containers/cgroup.hpp"

#include "gpu-worker/containers/files.hpp"

#include <linux/magic.h>
#include <signal.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <filesystem>
#include <sstream>
#include <thread>
#include <vector>

namespace worker {
namespace {

namespace fs = std::filesystem;

const fs::path mount_point = "/sys/fs/cgroup";

/// The group's folders: one, or one in each hierarchy.
std::vector<fs::path> folders_of(const std::string& group) {
    const auto relative = fs::path{group}.relative_path();
    if (cgroup_layout() == CgroupLayout::Unified) return {mount_point / relative};
    std::vector<fs::path> folders;
    std::error_code none;
    for (const auto& hierarchy : fs::directory_iterator{mount_point, none})
        if (hierarchy.is_directory(none) && !hierarchy.is_symlink(none)) folders.push_back(hierarchy.path() / relative);
    return folders;
}

fs::path folder_of(const std::string& group, const char* controller) {
    const auto relative = fs::path{group}.relative_path();
    return cgroup_layout() == CgroupLayout::Unified ? mount_point / relative : mount_point / controller / relative;
}

std::uint64_t number_in(const fs::path& file) {
    const auto text = read_text(file, 4'096).value_or("0");
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// The value beside a key in a "key value" file.
std::uint64_t number_beside(const fs::path& file, std::string_view key) {
    std::istringstream lines{read_text(file, 65'536).value_or("")};
    std::string name;
    for (std::uint64_t value = 0; lines >> name >> value;)
        if (name == key) return value;
    return 0;
}

}  // namespace

CgroupLayout cgroup_layout() {
    struct statfs info{};
    if (::statfs(mount_point.c_str(), &info) != 0) return CgroupLayout::None;
    if (info.f_type == CGROUP2_SUPER_MAGIC) return CgroupLayout::Unified;
    std::error_code none;
    return fs::exists(mount_point / "memory/cgroup.procs", none) ? CgroupLayout::Separate : CgroupLayout::None;
}

bool has_swap_accounting(CgroupLayout layout) {
    std::error_code none;
    return layout == CgroupLayout::Unified || fs::exists(mount_point / "memory/memory.memsw.limit_in_bytes", none);
}

Usage cgroup_usage(const std::string& group) {
    Usage usage;
    const auto memory = folder_of(group, "memory");
    if (cgroup_layout() == CgroupLayout::Unified) {
        usage.cpu_ms = number_beside(memory / "cpu.stat", "usage_usec") / 1'000;
        usage.memory_peak_bytes = std::max(number_in(memory / "memory.peak"), number_in(memory / "memory.current"));
    } else {
        usage.cpu_ms = number_in(folder_of(group, "cpuacct") / "cpuacct.usage") / 1'000'000;
        usage.memory_peak_bytes = number_in(memory / "memory.max_usage_in_bytes");
    }
    return usage;
}

std::uint64_t out_of_memory_kills(const std::string& group) {
    const auto folder = folder_of(group, "memory");
    const char* file = cgroup_layout() == CgroupLayout::Unified ? "memory.events" : "memory.oom_control";
    return number_beside(folder / file, "oom_kill");
}

chain::Result<void> kill_cgroup(const std::string& group) {
    const auto folder = folder_of(group, "pids");
    std::error_code none;
    if (!fs::exists(folder, none)) return {};
    // One write kills all under v2; under v1 a forking job is chased until pids.max and KILL have won.
    for (int round = 0; round < 500; ++round) {
        static_cast<void>(write_kernel_file(folder / "cgroup.kill", "1").has_value());
        std::istringstream processes{read_text(folder / "cgroup.procs", 1U << 20).value_or("")};
        bool empty = true;
        for (pid_t process = 0; processes >> process; empty = false)
            if (process > 1) ::kill(process, SIGKILL);
        if (empty) return {};
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return chain::fault("processes of " + group + " do not die");
}

chain::Result<void> remove_cgroup(const std::string& group) {
    for (const auto& folder : folders_of(group)) {
        // The kernel needs a moment after the last process before it lets the group go.
        for (int round = 0; ::rmdir(folder.c_str()) != 0; ++round) {
            if (errno == ENOENT || errno == ENOTDIR) break;
            if (errno != EBUSY || round == 200) return std::unexpected{errno_fault("remove " + folder.string())};
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
    }
    return {};
}

bool cgroup_exists(const std::string& group) {
    std::error_code none;
    for (const auto& folder : folders_of(group))
        if (fs::exists(folder, none)) return true;
    return false;
}

}  // namespace worker
