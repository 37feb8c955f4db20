#pragma once
// From a renter's workload to a job on this host: what the provider's limits allow, as the slots' share of the machine.

#include "chain/crypto/box.hpp"
#include "gpu-worker/containers/containers.hpp"
#include "gpu-worker/host/config.hpp"
#include "runtime/pallets/leases/records.hpp"
#include "runtime/pallets/machines/records.hpp"

#include <string>
#include <vector>

namespace worker {

/// Why this worker does not take a workload, as reject_start tells it and as the renter reads it.
struct Rejection {
    leases::RejectReason reason{};
    std::string text;
};

struct Job {
    JobSpec spec;
    Secrets secrets;
};

/// What a host gives to jobs.
struct HostShare {
    machines::Claims claims;             // as registered
    std::vector<std::string> gpu_uuids;  // by slot; empty on a machine without GPUs
    SlotLimits limits;                   // the provider's; zeros mean an equal part
    std::uint64_t stop_grace_ms = 10'000;
};

JobId job_of(leases::LeaseId lease);
std::optional<leases::LeaseId> lease_of(const JobId& job);

/// The job for a lease, or why not. Sealed environment is opened with the machine's box key.
Result<Job, Rejection> job_for(leases::LeaseId id, const leases::Lease& lease, const leases::Workload& workload,
                               const HostShare& host, const crypto::BoxSecret& box);

/// What the chain is told when `prepare` or `launch` refuses.
Rejection rejection_of(const Failure& failure);

/// Whether a failed launch was the program's (127, 126) or the container's (125), as exit codes tell.
std::int32_t exit_code_of(const Failure& failure);

}  // namespace worker
