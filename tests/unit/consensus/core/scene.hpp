#pragma once
// The usual scene: four equal validators, one of them on stage, and views whose leaders are the others.

#include "stage.hpp"

namespace stage {

inline constexpr std::uint32_t me = 3;

/// Four validators whose first leaders are not `me`.
EpochInfo led_by_others(std::uint32_t length = 1'000);

/// A replica that does not lead views 1 to 8, in an epoch whose leaders are known.
struct Scene {
    explicit Scene(Config config = {}, Recovered recovered = {}, EpochInfo info = led_by_others())
        : epoch(info), node(epoch, me, config, std::move(recovered)) {}

    std::uint32_t leader(std::uint64_t view) const { return leader_of(epoch, view); }
    /// The block that the leader of a view builds on a parent view.
    Hash block(std::uint64_t view, std::uint64_t parent) const {
        return block_of({epoch.epoch, view, parent, leader(view)});
    }
    /// The leader's proposal with all that belongs in its envelope: parents notarized by the three others.
    Proposal proposal(std::uint64_t view, std::uint64_t parent, std::optional<Hash> parents_block = {},
                      std::uint64_t parents_parent = 0) const;
    CertificatePtr notarized(std::uint64_t view, std::uint64_t parent) const {
        return certificate(notarize(view, parent, block(view, parent)), {0, 1, 2});
    }
    CertificatePtr nullified(std::uint64_t view) const { return certificate(nullify(view), {0, 1, 2}); }
    CertificatePtr finalized(std::uint64_t view, std::uint64_t parent) const {
        return certificate(finalize(view, parent, block(view, parent)), {0, 1, 2});
    }
    /// Everybody but the one on stage says it.
    Effects others_say(const Statement& statement);
    /// A whole view: proposed, notarized, executed, final.
    Effects passes(std::uint64_t view, std::uint64_t parent);

    EpochInfo epoch;
    Node node;
};

}  // namespace stage
