#pragma once
// Taking away what a job holds on this host when its shim did not do it itself.

#include "gpu-worker/containers/files.hpp"
#include "gpu-worker/containers/job_plan.hpp"

#include <filesystem>
#include <vector>

namespace worker {

/// The folders below root/jobs, in order of their names.
std::vector<JobFolder> job_folders(const std::filesystem::path& root);

std::optional<JobPlan> read_plan(const JobFolder& folder);
std::optional<Exit> read_exit(const JobFolder& folder);

/// The shim, by a descriptor that cannot come to mean another process; nothing where it does not live. The number may
/// be asked for too.
std::optional<Fd> living_shim(const JobFolder& folder, pid_t* number = nullptr);

/// Kills what lives of a job whose shim is dead, and removes its control groups, packet filter table, link and disk.
Result<void> clear_dead_job(const JobFolder& folder, const JobPlan& plan);

/// The parent of all jobs' control groups.
inline constexpr const char* cgroup_parent = "/tephra";

}  // namespace worker
