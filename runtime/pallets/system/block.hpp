#pragma once
// System's part in a block's life: what is written before the first extrinsic, after each, and at the end.

#include "runtime/pallets/system/system.hpp"

namespace frame_system {

/// Opens block `number`: number, parent and digest, the parent's hash, and the one that falls out of the window.
void initialize(state::Overlay& state, std::uint32_t number, const Hash& parent_hash, const chain::Digest& digest);

/// Writes only the parent's hash, which a transaction of the next block may be anchored at.
void note_parent(state::Overlay& state, std::uint32_t number, const Hash& parent_hash);

/// Leaves the event that ends every extrinsic: ExtrinsicSuccess or ExtrinsicFailed, nothing after it.
void note_applied(frame::Context& context, const frame::DispatchResult& result, const frame::DispatchInfo& info);

/// Adds an item to the digest of the block being executed; it ends up in the header.
void deposit_log(state::Overlay& state, chain::DigestItem item);

/// What the block's extrinsics used; written before the pallets' on_finalize, which read it.
struct BlockUse {
    PerDispatchClass<Weight> weight;
    std::uint32_t length = 0;      ///< bytes of all extrinsics with their prefixes
    std::uint32_t extrinsics = 0;  ///< how many
};
void note_used(state::Overlay& state, const BlockUse& use);

/// Writes the events. Nothing may emit afterwards.
void finalize(state::Overlay& state, const frame::EventLog& events);

}  // namespace frame_system
