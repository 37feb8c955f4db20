#pragma once
// A job's control group, under the unified hierarchy (v2) and under separate or hybrid ones (v1).

#include "chain/base/result.hpp"
#include "gpu-worker/containers/containers.hpp"

#include <cstdint>
#include <string>

namespace worker {

enum class CgroupLayout : std::uint8_t { None, Separate /* v1 and hybrid */, Unified /* v2 */ };

CgroupLayout cgroup_layout();

/// Separate hierarchies count swap only where the kernel was told to.
bool has_swap_accounting(CgroupLayout layout);

/// Processor time and memory; zeros where the group is gone.
Usage cgroup_usage(const std::string& group);

/// How often the kernel killed for memory in this group.
std::uint64_t out_of_memory_kills(const std::string& group);

/// Kills every process in the group and waits until it is empty, at most 5 s. By group, so no process can slip away.
chain::Result<void> kill_cgroup(const std::string& group);

/// Removes the empty group from every hierarchy. No fault where it does not exist.
chain::Result<void> remove_cgroup(const std::string& group);

/// True while any hierarchy has the group.
bool cgroup_exists(const std::string& group);

}  // namespace worker
