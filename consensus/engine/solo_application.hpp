#pragma once
// The port between agreement and the chain. The engine decides when and which; the application knows what a block is.

#include "chain/base/result.hpp"
#include "consensus/types/tip.hpp"

namespace consensus {

using chain::Fault;
using chain::Result;

class SoloApplication {
public:
    virtual ~SoloApplication() = default;

    /// The last final block.
    virtual Tip finalized() const = 0;
    /// Whether a block proposed now would hold a transaction.
    virtual bool has_work() const = 0;
    /// Builds and executes a block on top of `parent` and keeps it; its hash is the proposal.
    virtual Result<Hash> propose(const Tip& parent, const Position& position) = 0;
    /// Takes an encoded block from another validator: executes it and keeps it. The fault says what is wrong with it.
    virtual Result<Hash> verify(const Tip& parent, const Position& position, const Bytes& encoded_block) = 0;
    /// The block and its ancestors are final, by this SCALE-encoded certificate. Durable when it returns; only then may
    /// anybody hear of it. A fault is the disk's: the engine stops.
    virtual Result<void> finalize(const Hash& block, const Bytes& certificate) = 0;

protected:
    SoloApplication() = default;
    SoloApplication(const SoloApplication&) = default;
    SoloApplication& operator=(const SoloApplication&) = default;
};

}  // namespace consensus
