#include "gpu-worker/containers/job_cleanup.hpp"

#include "chain/codec/scale.hpp"
#include "gpu-worker/containers/cgroup.hpp"
#include "gpu-worker/containers/crun_containers.hpp"
#include "gpu-worker/containers/network.hpp"
#include "gpu-worker/containers/process.hpp"
#include "gpu-worker/containers/slots.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <thread>

namespace worker {
namespace {

namespace fs = std::filesystem;

template <class T>
std::optional<T> read_record(const fs::path& path) {
    const auto bytes = read_file(path);
    if (!bytes) return std::nullopt;
    auto record = scale::decode<T>(*bytes);
    if (!record) return std::nullopt;
    return std::move(*record);
}

/// Ends a shim and its job without asking either: the job first, so that the shim still records its end.
void end_now(const JobFolder& folder, const JobPlan& plan) {
    const auto shim = living_shim(folder);
    static_cast<void>(kill_cgroup(plan.cgroup).has_value());
    if (!shim) return;
    pollfd end{shim->get(), POLLIN, 0};
    if (::poll(&end, 1, 10'000) == 1) return;
    ::syscall(SYS_pidfd_send_signal, shim->get(), SIGKILL, nullptr, 0);
    ::poll(&end, 1, 5'000);
}

/// Without jobs there is nothing to forward for, so the switch goes back to where the first job found it.
Result<void> remove_guard() {
    if (any_slot_taken()) return {};
    const auto tables = run_ok({.argv = {"nft", "list", "tables"}});
    if (!tables || tables->find("tephra_guard") == std::string::npos) return {};
    TRY_VOID(write_kernel_file("/proc/sys/net/ipv4/ip_forward", "0"));
    TRY_VOID(run_ok({.argv = {"nft", "delete", "table", "inet", "tephra_guard"}}));
    return {};
}

}  // namespace

std::vector<JobFolder> job_folders(const fs::path& root) {
    std::vector<JobFolder> folders;
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator{root / "jobs", missing})
        if (is_valid(JobId{entry.path().filename().string()})) folders.push_back({entry.path()});
    std::ranges::sort(folders, {}, &JobFolder::path);
    return folders;
}

std::optional<JobPlan> read_plan(const JobFolder& folder) { return read_record<JobPlan>(folder.plan()); }
std::optional<Exit> read_exit(const JobFolder& folder) { return read_record<Exit>(folder.exit()); }

std::optional<Fd> living_shim(const JobFolder& folder, pid_t* number) {
    // A shim that was only just started may not have written its number yet.
    for (int round = 0; round < 200 && is_locked(folder.lock()); ++round) {
        const auto text = read_text(folder.lock(), 64).value_or("");
        pid_t pid = 0;
        if (std::from_chars(text.data(), text.data() + text.size(), pid).ec == std::errc{} && pid > 1) {
            Fd shim{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
            // Still locked after the descriptor was made: the number is still the shim's.
            if (shim && is_locked(folder.lock())) {
                if (number != nullptr) *number = pid;
                return shim;
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return std::nullopt;
}

Result<void> clear_dead_job(const JobFolder& folder, const JobPlan& plan) {
    TRY_VOID(kill_cgroup(plan.cgroup));
    TRY_VOID(remove_cgroup(plan.cgroup));
    // The slot's names may belong to another job by now; then that job has replaced what we would remove.
    TRY(const auto slot, take_slot(plan.slot));
    if (slot) TRY_VOID(disconnect_job(plan.slot));
    std::error_code none;
    fs::remove(folder.disk(), none);
    return {};
}

Result<void> remove_everything(const fs::path& root) {
    std::string trouble;
    for (const auto& folder : job_folders(root)) {
        const auto plan = read_plan(folder);
        if (!plan) continue;
        end_now(folder, *plan);
        if (const auto done = clear_dead_job(folder, *plan); !done) trouble += done.error().text + "; ";
    }
    if (const auto done = remove_guard(); !done) trouble += done.error().text + "; ";
    if (!any_slot_taken()) static_cast<void>(remove_cgroup(cgroup_parent).has_value());
    std::error_code failed;
    for (const char* folder : {"jobs", "images", "lock"}) fs::remove_all(root / folder, failed);
    if (failed) trouble += root.string() + ": " + failed.message();
    if (!trouble.empty()) return chain::fault(trouble);
    return {};
}

}  // namespace worker
