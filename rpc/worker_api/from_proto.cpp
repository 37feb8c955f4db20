#include "rpc/worker_api/from_proto.hpp"

#include <rpc/worker_api/node.pb.h>

#include <algorithm>

namespace rpc::worker_api {

namespace {

namespace proto = tephra::node::v1;
using chain::Bytes;
using chain::ByteView;
using chain::Hash;

ByteView view(const std::string& bytes) { return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}; }
Bytes bytes_of(const std::string& bytes) { return {bytes.begin(), bytes.end()}; }

Submitted submitted_of(const proto::Submitted& in) {
    Submitted out{.id = in.id(), .code = in.code(), .refusal = in.refusal(), .next_nonce = in.next_nonce()};
    if (!in.extrinsic_hash().empty()) out.extrinsic_hash = hash_of(in.extrinsic_hash());
    return out;
}

Welcome welcome_of(const proto::Welcome& in) {
    Welcome out{.genesis = hash_of(in.genesis_hash()),
                .spec_version = in.spec_version(),
                .transaction_version = in.transaction_version(),
                .next_nonce = in.next_nonce()};
    if (in.machine().size() == out.machine.size()) std::ranges::copy(view(in.machine()), out.machine.begin());
    return out;
}

}  // namespace

Hash hash_of(const std::string& bytes) {
    Hash out;
    if (bytes.size() == out.value.size()) std::ranges::copy(view(bytes), out.value.begin());
    return out;
}

Finalized from_proto(const proto::Finalized& in) {
    Finalized out{.number = in.number(),
                  .hash = hash_of(in.hash()),
                  .parent_hash = hash_of(in.parent_hash()),
                  .timestamp_ms = in.timestamp_ms(),
                  .live_now_ms = in.live_now_ms(),
                  .snapshot = in.snapshot(),
                  .next_nonce = in.next_nonce()};
    if (!in.machine().empty()) out.machine = bytes_of(in.machine());
    if (!in.probe().empty()) out.probe = bytes_of(in.probe());
    out.heartbeat_interval_ms = in.heartbeat_interval_ms();
    for (const auto& lease : in.leases()) {
        auto& update = out.leases.emplace_back(LeaseUpdate{.id = lease.id(), .record = bytes_of(lease.record())});
        if (!lease.workload().empty()) update.workload = bytes_of(lease.workload());
    }
    out.gone.assign(in.gone().begin(), in.gone().end());
    for (const auto& event : in.events()) out.events.push_back(bytes_of(event));
    for (const auto& fate : in.fates())
        out.fates.push_back(
            {.extrinsic_hash = hash_of(fate.extrinsic_hash()), .success = fate.success(), .error = fate.error()});
    return out;
}

std::optional<Incoming> from_proto(const proto::Down& in) {
    switch (in.message_case()) {
        case proto::Down::kWelcome: return welcome_of(in.welcome());
        case proto::Down::kFinalized: return from_proto(in.finalized());
        case proto::Down::kSubmitted: return submitted_of(in.submitted());
        case proto::Down::MESSAGE_NOT_SET: return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace rpc::worker_api
