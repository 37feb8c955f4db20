#pragma once
// The place that this node may take among the validators.

#include "chain/crypto/vrf.hpp"
#include "chain/state/view.hpp"
#include "chain/votes/scheme.hpp"
#include "genesis/builder/genesis.hpp"
#include "tools/node/config.hpp"

#include <memory>
#include <optional>

namespace node {

struct Seat {
    /// How many validators the chain has.
    std::size_t validators = 0;
    /// Both or neither: a node without them follows.
    std::unique_ptr<votes::Ed25519Secret> consensus;
    std::optional<crypto::VrfKey> vrf;
};

/// The keys that the configuration names; else those of the data folder; else, where a development chain has one
/// validator, its well-known ones. Fault: keys that are no keys, of another kind, or of nobody in the chain's set.
chain::Result<Seat> take_seat(const Config& config, const std::filesystem::path& data, const genesis::Genesis& chain,
                              const state::StateView& state);

}  // namespace node
