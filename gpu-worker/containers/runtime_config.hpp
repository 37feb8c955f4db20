#pragma once
// A job as crun reads it: config.json, hardened. Pure: the same plan always gives the same text.

#include "gpu-worker/containers/job_plan.hpp"

#include <cstdint>
#include <string>

namespace worker {

/// Every job's user range: 65,536 ids that nobody else on this host has, by its slot.
inline constexpr std::uint32_t ids_per_job = 65'536;
constexpr std::uint32_t first_id_of(std::uint32_t slot) { return 1'879'048'192U + slot * ids_per_job; }

/// What only the shim knows, because it stands on the mounted image.
struct RuntimePlace {
    std::string root;          // the mounted overlay
    std::string results;       // bound to /results
    std::string temporary;     // bound to /tmp
    std::string secrets;       // bound to /run/secrets; empty: none
    std::string etc;           // holds hosts, hostname, resolv.conf
    std::string driver_links;  // bound to driver_links_path; empty: no devices
    std::uint32_t user = 0;    // inside the job
    std::uint32_t group = 0;
    std::uint64_t open_files_max = 0;  // what this process may grant
    bool swap_accounting = true;       // v1 without memsw cannot limit memory and swap together
    bool unified = false;              // cgroup v2
};

/// Where the driver's libraries are found by the loader, under every name that programs use for them.
inline constexpr const char* driver_links_path = "/usr/local/lib/tephra-gpu";

/// No capabilities, no new privileges, own namespaces of all seven kinds, seccomp, masked and read-only kernel files,
/// limits, and exactly the mounts and devices of the plan. BadSpec where neither job nor image names a program.
Result<std::string, Failure> runtime_config(const JobPlan& plan, const RuntimePlace& place);

/// The names under which the loader looks for a library file: "libcuda.so.580.65" → itself, "libcuda.so.1",
/// "libcuda.so".
std::vector<std::string> library_names(const std::string& file_name);

}  // namespace worker
