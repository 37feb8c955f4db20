#pragma once
// A finalized block in the worker's words: the records of its machine and leases, decoded.

#include "rpc/worker_api/node_client.hpp"
#include "runtime/pallets/leases/records.hpp"
#include "runtime/pallets/machines/records.hpp"

#include <optional>
#include <vector>

namespace worker {

/// A lease of this machine as a block left it.
struct LeaseNews {
    leases::LeaseId id;
    leases::Lease lease;
    std::optional<leases::Workload> workload;  // with the first news of a lease that has one
};

/// The machine's own record and what is asked of it.
struct MachineNews {
    machines::Machine machine;
    std::optional<machines::Probe> probe;
    std::uint64_t heartbeat_interval_ms = 60'000;
};

/// One finalized block, as far as it concerns this machine.
struct BlockNews {
    std::uint32_t number = 0;
    chain::Hash hash;
    chain::Hash genesis;
    crypto::AccountId machine_id;
    std::uint64_t live_now_ms = 0;
    bool snapshot = false;  // leases lists all that state knows; what is absent is gone
    std::optional<MachineNews> machine;
    std::vector<LeaseNews> leases;
    std::vector<leases::LeaseId> gone;
};

/// Nothing where a record does not decode: the node is the pinned one, so it runs another version of the runtime.
std::optional<BlockNews> read_news(const rpc::worker_api::Finalized& block, const rpc::worker_api::Welcome& line);

}  // namespace worker
