#include "rpc/worker_server/feed.hpp"

#include "chain/block/extrinsic.hpp"
#include "chain/crypto/hash.hpp"
#include "runtime/appchain/describe.hpp"
#include "runtime/pallets/leases/renting.hpp"
#include "runtime/pallets/system/system.hpp"
#include "runtime/pallets/timestamp/timestamp.hpp"
#include "runtime/pallets/utility/utility.hpp"

#include <algorithm>
#include <utility>

namespace rpc::worker_server {

namespace {

using chain::Bytes;
using chain::ByteView;
using leases::LeaseId;

constexpr int batch_depth_max = 4;

/// Whether an encoded event starts with this value after its pallet and event index.
bool starts_with(const Bytes& event, const Bytes& first_member) {
    return event.size() >= 2 + first_member.size() &&
           std::ranges::equal(ByteView{event}.subspan(2, first_member.size()), first_member);
}

template <class C>
std::optional<C> as(const Bytes& call) {
    using P = frame::PalletOf<C>;
    if (call.size() < 2 || call[0] != P::index || call[1] != C::index) return std::nullopt;
    auto decoded = scale::decode<C>(ByteView{call}.subspan(2));
    return decoded ? std::optional{*std::move(decoded)} : std::nullopt;
}

std::optional<Bytes> workload_in_call(const Bytes& call, const chain::Hash& wanted, int depth) {
    if (const auto rent = as<leases::Rent>(call)) {
        if (!rent->workload) return std::nullopt;
        Bytes bytes = scale::encode(*rent->workload);
        return crypto::blake2b_256(bytes) == wanted ? std::optional{std::move(bytes)} : std::nullopt;
    }
    if (depth == 0) return std::nullopt;
    std::vector<frame::Call> inside;
    if (auto batch = as<utility::Batch>(call)) inside = std::move(batch->calls);
    else if (auto all = as<utility::BatchAll>(call)) inside = std::move(all->calls);
    for (const auto& one : inside)
        if (auto found = workload_in_call(one.encoded, wanted, depth - 1)) return found;
    return std::nullopt;
}

/// Why the extrinsic at this place failed; nothing where it succeeded.
std::optional<std::string> failure_at(const std::vector<frame::EventRecord>& events, std::uint32_t index) {
    for (const auto& record : events) {
        const auto* phase = std::get_if<frame::ApplyExtrinsic>(&record.phase.value);
        const Bytes& event = record.event.encoded;
        if (phase == nullptr || phase->value != index || event.size() < 2) continue;
        if (event[0] != frame_system::Pallet::index || event[1] != frame_system::ExtrinsicFailed::index) continue;
        const auto failed = scale::decode<frame_system::ExtrinsicFailed>(ByteView{event}.subspan(2));
        if (!failed) return "failed";
        const auto why = runtime::describe_error(failed->dispatch_error);
        return why.name + ": " + why.doc;
    }
    return std::nullopt;
}

}  // namespace

std::optional<Bytes> workload_in(const chain::Block& block, const chain::Hash& workload_hash) {
    for (const auto& extrinsic : block.extrinsics) {
        const auto transaction = chain::decode_extrinsic(extrinsic);
        if (!transaction) continue;
        if (auto found = workload_in_call(transaction->call, workload_hash, batch_depth_max)) return found;
    }
    return std::nullopt;
}

worker_api::Finalized Feed::next(const FinalBlock& block, bool snapshot, const OlderWorkloads& older) {
    if (snapshot) {
        told_machine_.clear();
        told_leases_.clear();
    }
    worker_api::Finalized out{.number = block.block.header.number.value,
                              .hash = block.hash,
                              .parent_hash = block.block.header.parent_hash,
                              .timestamp_ms = timestamp::storage.now.get(block.state),
                              .live_now_ms = timestamp::live_now(block.state),
                              .snapshot = snapshot,
                              .next_nonce = frame_system::storage.account.get(block.state, signer_).nonce};
    tell_machine(block.state, out);
    tell_leases(block, older, out);
    tell_events(block, out);
    return out;
}

void Feed::tell_machine(const state::StateView& state, worker_api::Finalized& out) {
    const auto machine = machines::storage.machines.get(state, machine_);
    if (!machine) return;
    const auto probe = machines::storage.probes.get(state, machine_);
    const auto interval_ms = machines::storage.parameters.get(state).heartbeat_interval_ms;
    Bytes record = scale::encode(*machine);
    Bytes all = record;
    scale::encode(probe, all);
    scale::encode(interval_ms, all);
    if (all == told_machine_) return;
    told_machine_ = std::move(all);
    out.machine = std::move(record);
    if (probe) out.probe = scale::encode(*probe);
    out.heartbeat_interval_ms = interval_ms;
}

void Feed::tell_leases(const FinalBlock& block, const OlderWorkloads& older, worker_api::Finalized& out) {
    const auto open = leases::storage.open_on_machine.get(block.state, machine_);
    for (const auto& id : open.value)
        if (const auto lease = leases::storage.leases.get(block.state, id)) tell_lease(id, *lease, block, older, out);
    // What was told as open and is not open any more has closed in this block: its record says why.
    for (auto told = told_leases_.begin(); told != told_leases_.end();) {
        const LeaseId id = told->first;
        if (std::ranges::find(open.value, id) != open.value.end()) {
            ++told;
            continue;
        }
        if (const auto lease = leases::storage.leases.get(block.state, id))
            out.leases.push_back({.id = id.value, .record = scale::encode(*lease)});
        else out.gone.push_back(id.value);
        told = told_leases_.erase(told);
    }
}

void Feed::tell_lease(LeaseId id, const leases::Lease& lease, const FinalBlock& block, const OlderWorkloads& older,
                      worker_api::Finalized& out) {
    Bytes record = scale::encode(lease);
    const auto told = told_leases_.find(id);
    if (told != told_leases_.end() && told->second == record) return;
    auto& update = out.leases.emplace_back(worker_api::LeaseUpdate{.id = id.value, .record = record});
    if (told == told_leases_.end() && lease.workload_hash) {
        update.workload = workload_in(block.block, *lease.workload_hash);
        if (!update.workload) update.workload = older(*lease.workload_hash);
    }
    told_leases_.insert_or_assign(id, std::move(record));
}

void Feed::tell_events(const FinalBlock& block, worker_api::Finalized& out) const {
    const auto records = frame_system::storage.events.get(block.state);
    const Bytes machine = scale::encode(machine_);
    for (const auto& record : records) {
        const Bytes& event = record.event.encoded;
        if (event.size() < 2) continue;
        const bool mine = (event[0] == machines::index && starts_with(event, machine)) ||
                          (event[0] == leases::index && std::ranges::any_of(out.leases, [&](const auto& lease) {
                               return starts_with(event, scale::encode(LeaseId{lease.id}));
                           }));
        if (mine) out.events.push_back(event);
    }
    for (std::uint32_t i = 0; i < block.block.extrinsics.size(); ++i) {
        const auto transaction = chain::decode_extrinsic(block.block.extrinsics[i]);
        if (!transaction || !transaction->signed_part || transaction->signed_part->signer != signer_) continue;
        const auto failure = failure_at(records, i);
        out.fates.push_back({.extrinsic_hash = chain::extrinsic_hash(block.block.extrinsics[i]),
                             .success = !failure,
                             .error = failure.value_or("")});
    }
}

}  // namespace rpc::worker_server
