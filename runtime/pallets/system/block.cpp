#include "runtime/pallets/system/block.hpp"

namespace frame_system {

void initialize(state::Overlay& state, std::uint32_t number, const Hash& parent_hash, const chain::Digest& digest) {
    chain::check(number != 0);
    storage.number.put(state, number);
    storage.parent_hash.put(state, parent_hash);
    storage.digest.put(state, digest);
    note_parent(state, number, parent_hash);
    // Block zero's hash stays for good: every signature contains it.
    if (number > block_hash_count + 1) storage.block_hash.remove(state, number - block_hash_count - 1);
}

void note_parent(state::Overlay& state, std::uint32_t number, const Hash& parent_hash) {
    storage.block_hash.put(state, number - 1, parent_hash);
}

void note_applied(frame::Context& context, const frame::DispatchResult& result, const frame::DispatchInfo& info) {
    if (result) context.emit(ExtrinsicSuccess{.dispatch_info = info});
    else context.emit(ExtrinsicFailed{.dispatch_error = result.error(), .dispatch_info = info});
}

void deposit_log(state::Overlay& state, chain::DigestItem item) {
    storage.digest.update(state, [&](chain::Digest& digest) { digest.logs.push_back(std::move(item)); });
}

void note_used(state::Overlay& state, const BlockUse& use) {
    storage.block_weight.put(state, use.weight);
    storage.all_extrinsics_len.put(state, use.length);
    storage.extrinsic_count.put(state, use.extrinsics);
}

void finalize(state::Overlay& state, const frame::EventLog& events) {
    storage.event_count.put(state, static_cast<std::uint32_t>(events.size()));
    storage.events.put(state, events.records());
}

}  // namespace frame_system
