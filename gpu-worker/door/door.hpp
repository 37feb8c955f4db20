#pragma once
// The renters' door: door.proto served over TLS 1.3 with the machine's tls_key. Requests pass the Guard; what they may
// do follows from where the lease stands. Stats, Logs and Download serve the renter until the worker forgets the lease;
// Start and Stop only while the chain has it open, so access ends with the finalized block that closes it.

#include "gpu-worker/containers/containers.hpp"
#include "gpu-worker/door/guard.hpp"
#include "gpu-worker/lease/life.hpp"
#include "rpc/worker_api/limits.hpp"
#include "rpc/worker_api/tls.hpp"
#include "runtime/pallets/leases/workload.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace worker {

/// A lease as the renter may see it.
struct LeaseView {
    crypto::AccountId renter;
    lease::Phase phase{};
    std::string text;
    bool open = false;
    std::optional<std::int32_t> exit_code;
    std::uint64_t kept_until_ms = 0;
    JobId job;
};

/// What the door asks of the worker's loop. Called from many threads.
class LeaseDesk {
public:
    virtual ~LeaseDesk() = default;
    virtual std::optional<LeaseView> view(escrow::LeaseId id) const = 0;
    /// False: not in the lease's present phase.
    virtual bool stop(escrow::LeaseId id) = 0;
    /// Gives an open lease a workload to run. The text says why not.
    virtual Result<void, std::string> start(escrow::LeaseId id, const leases::Workload& workload) = 0;
};

struct DoorConfig {
    std::string listen = "0.0.0.0:9960";  // port 0: the kernel chooses
    int streams_max = 64;                 // logs and downloads at one time; beyond, renters are told to come back
    rpc::worker_api::KeepAlive keep_alive = {};
};

class Door {
public:
    /// Desk, containers and guard must outlive it.
    Door(DoorConfig config, const rpc::worker_api::Identity& identity, Guard& guard, LeaseDesk& desk,
         const Containers& containers);
    ~Door();
    Door(const Door&) = delete;
    Door& operator=(const Door&) = delete;

    /// Returns once the port listens.
    Result<void> start();
    /// Ends every call.
    void stop();
    std::uint16_t port() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace worker
