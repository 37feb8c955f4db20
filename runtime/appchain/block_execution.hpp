#pragma once
// One block on top of a parent's state: hooks, extrinsics in order, hooks. Building and verifying run this same code,
// so a block that was built verifies.

#include "runtime/appchain/transaction_check.hpp"
#include "runtime/pallets/system/block.hpp"

namespace runtime {

/// What a block's header says before anything ran.
struct BlockOpening {
    chain::Hash parent_hash;
    std::uint32_t number = 0;
    chain::Digest digest;  ///< what its proposer put into it; the runtime adds to it
};

class BlockExecution {
public:
    /// Opens the block and runs the pallets' on_initialize. `parent` outlives this.
    BlockExecution(const state::StateView& parent, const BlockOpening& opening, chain::SignatureCache& signatures);
    BlockExecution(const BlockExecution&) = delete;
    BlockExecution& operator=(const BlockExecution&) = delete;

    /// Runs the block's inherent: bare, of class Mandatory, the first extrinsic and the only one of its kind.
    /// BadMandatory where it is anything else or fails.
    chain::Result<void, chain::ValidityError> apply_inherent(chain::ByteView extrinsic);

    /// Runs one signed extrinsic. A refused one leaves no trace; a failed one leaves its fee, nonce and last event.
    chain::Result<chain::DispatchOutcome, chain::ValidityError> apply(chain::ByteView extrinsic);

    /// False once not even the smallest call fits.
    bool has_room() const;

    /// Runs on_finalize, writes the events and returns everything that changed, with the digest as it is in the end.
    /// Call once, last.
    struct Finished {
        state::StateDiff diff;
        chain::Digest digest;
    };
    Finished finish();

    /// The state inside the block so far.
    const state::Overlay& state() const { return state_; }
    const frame::EventLog& events() const { return events_; }

private:
    frame::Context context(frame::Origin origin) { return {state_, events_, block_, origin}; }
    void open();
    /// CheckWeight: whether the extrinsic fits into what the block has left.
    bool fits(const frame::DispatchInfo& info, std::uint32_t length) const;
    void note_used(const frame::DispatchInfo& info, frame::Weight unused, std::uint32_t length);
    chain::Result<chain::DispatchOutcome, chain::ValidityError> run(const SignedTransaction& transaction,
                                                                    frame_system::OpenAccount sender);

    chain::SignatureCache& signatures_;
    state::Overlay state_;
    frame::EventLog events_;
    frame::BlockInfo block_;
    Anchor anchor_;
    frame_system::BlockUse used_;
};

}  // namespace runtime
