#pragma once
// Bodies of consensus_*, over whatever agrees.

#include "rpc/schema/consensus.hpp"
#include "rpc/schema/system.hpp"
#include "rpc/schema/table.hpp"

#include <functional>

namespace rpc {

/// What the methods cannot see from here: tools/node joins them to the engine and the network. From any thread.
struct NodeViews {
    /// Nothing where the engine does not answer.
    std::function<std::optional<ConsensusState::Result>()> consensus = [] { return std::nullopt; };
    std::function<std::optional<ConsensusParticipation::Result>()> participation = [] { return std::nullopt; };
    /// Of one view.
    std::function<ConsensusProofs::Result(std::uint64_t epoch, std::uint64_t view)> proofs =
        [](std::uint64_t, std::uint64_t) { return ConsensusProofs::Result{}; };
    std::function<SystemPeers::Result()> peers = [] { return SystemPeers::Result{}; };
    std::function<std::uint32_t()> peer_count = [] { return 0u; };
    /// The highest final block that a peer speaks of.
    std::function<std::uint32_t()> highest_block = [] { return 0u; };
    /// Whether the chain has other validators: a node without peers is cut off then.
    bool should_have_peers = false;
};

class Consensus {
public:
    explicit Consensus(const NodeViews& views) : views_(views) {}

    Answer<ConsensusState::Result> answer(const ConsensusState::Params& params) const;
    Answer<ConsensusParticipation::Result> answer(const ConsensusParticipation::Params& params) const;
    Answer<ConsensusProofs::Result> answer(const ConsensusProofs::Params& params) const;

private:
    const NodeViews& views_;
};

}  // namespace rpc
