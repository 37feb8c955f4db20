#pragma once
// What one worker is told about one finalized block: its machine, its leases, its extrinsics' fates. Pure: states and
// blocks in, messages out. A Feed remembers what it has told, so that the next message carries what changed.

#include "chain/block/block.hpp"
#include "chain/state/view.hpp"
#include "rpc/worker_api/node_client.hpp"
#include "runtime/pallets/leases/leases.hpp"
#include "runtime/pallets/machines/machines.hpp"

#include <functional>
#include <map>
#include <optional>

namespace rpc::worker_server {

/// A finalized block and the state after it.
struct FinalBlock {
    chain::Hash hash;
    chain::Block block;
    const state::StateView& state;
};

/// Finds a workload by its hash in blocks that lie before this one; nothing where it is not found.
using OlderWorkloads = std::function<std::optional<chain::Bytes>(const chain::Hash& workload_hash)>;

class Feed {
public:
    /// `signer`: the account of the machine's key; `machine`: the record that it signs for.
    Feed(const crypto::AccountId& signer, const crypto::AccountId& machine) : signer_(signer), machine_(machine) {}

    /// Blocks are told in order of their numbers. `snapshot`: everything, for blocks were skipped.
    worker_api::Finalized next(const FinalBlock& block, bool snapshot, const OlderWorkloads& older);

private:
    void tell_machine(const state::StateView& state, worker_api::Finalized& out);
    void tell_leases(const FinalBlock& block, const OlderWorkloads& older, worker_api::Finalized& out);
    void tell_lease(leases::LeaseId id, const leases::Lease& lease, const FinalBlock& block,
                    const OlderWorkloads& older, worker_api::Finalized& out);
    void tell_events(const FinalBlock& block, worker_api::Finalized& out) const;

    crypto::AccountId signer_;
    crypto::AccountId machine_;
    chain::Bytes told_machine_;                            // record, probe and interval, as they were told
    std::map<leases::LeaseId, chain::Bytes> told_leases_;  // open ones
};

/// The encoded workload with this hash, if a `rent` of the block carries it, also inside a batch.
std::optional<chain::Bytes> workload_in(const chain::Block& block, const chain::Hash& workload_hash);

}  // namespace rpc::worker_server
