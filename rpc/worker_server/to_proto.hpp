#pragma once
// Plain values of worker_api as messages of node.proto. Pulls gRPC's generated code: for this folder's .cpp files.

#include "rpc/worker_api/node_client.hpp"

#include <rpc/worker_api/node.pb.h>

namespace rpc::worker_server {

inline std::string text_of(chain::ByteView bytes) { return {bytes.begin(), bytes.end()}; }

inline void to_proto(const worker_api::Finalized& in, tephra::node::v1::Finalized& out) {
    out.set_number(in.number);
    out.set_hash(text_of(in.hash.value));
    out.set_parent_hash(text_of(in.parent_hash.value));
    out.set_timestamp_ms(in.timestamp_ms);
    out.set_live_now_ms(in.live_now_ms);
    out.set_snapshot(in.snapshot);
    if (in.machine) out.set_machine(text_of(*in.machine));
    if (in.probe) out.set_probe(text_of(*in.probe));
    out.set_heartbeat_interval_ms(in.heartbeat_interval_ms);
    for (const auto& lease : in.leases) {
        auto* to = out.add_leases();
        to->set_id(lease.id);
        to->set_record(text_of(lease.record));
        if (lease.workload) to->set_workload(text_of(*lease.workload));
    }
    for (const auto id : in.gone) out.add_gone(id);
    for (const auto& event : in.events) out.add_events(text_of(event));
    for (const auto& fate : in.fates) {
        auto* to = out.add_fates();
        to->set_extrinsic_hash(text_of(fate.extrinsic_hash.value));
        to->set_success(fate.success);
        to->set_error(fate.error);
    }
    out.set_next_nonce(in.next_nonce);
}

}  // namespace rpc::worker_server
