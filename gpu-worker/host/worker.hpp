#pragma once
// A provider's machine at work: blocks and exits go into the leases' lives, their effects go to containers and chain.
// One thread owns the lives; slow work runs in each lease's own queue and comes back as events.

#include "gpu-worker/containers/containers.hpp"
#include "gpu-worker/door/door.hpp"
#include "gpu-worker/host/book.hpp"
#include "gpu-worker/host/job_spec.hpp"
#include "gpu-worker/host/keys.hpp"
#include "gpu-worker/lease/life.hpp"
#include "gpu-worker/link/link.hpp"

#include <functional>
#include <memory>

namespace worker {

struct WorkerConfig {
    LinkConfig link;
    lease::Terms terms;
    HostShare host;
    /// What the machine finds in itself at this moment, for probes.
    std::function<machines::Claims()> measure;
    std::filesystem::path data;
};

class Worker final : public LeaseDesk {
public:
    /// Containers must outlive it. Jobs of an earlier process are taken over from containers and book.
    Worker(WorkerConfig config, Keys keys, LeaseBook book, Containers& containers);
    ~Worker() override;
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void start();
    /// Ends line and loop; jobs go on. Waits for tasks that run, such as a fetch.
    void stop();

    std::optional<LeaseView> view(escrow::LeaseId id) const override;
    bool stop(escrow::LeaseId id) override;
    Result<void, std::string> start(escrow::LeaseId id, const leases::Workload& workload) override;

    /// The chain that the line has told of; nothing before its first block. The door needs it.
    struct Chain {
        chain::Hash genesis;
        crypto::AccountId machine;  // as the chain knows it: another than the key's account after a rotation
    };
    /// Called once, from the loop, when the first block has told.
    void on_chain(std::function<void(const Chain&)> handler);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace worker
