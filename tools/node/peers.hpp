#pragma once
// The network's configuration, from the node's.

#include "chain/network/network.hpp"
#include "consensus/core/config.hpp"
#include "consensus/safety/watermark.hpp"
#include "tools/node/config.hpp"
#include "tools/node/seat.hpp"

namespace node {

/// Makes the network key where the data folder has none. The seat must outlive the network.
chain::Result<network::NetworkConfig> network_config(const Config& config, const std::filesystem::path& data,
                                                     const chain::Hash& genesis, const Seat& seat);

/// What --no-sign-until says.
chain::Result<std::optional<consensus::safety::Mark>> mark_of(const Config& config);

/// What consensus waits for (consensus.md §1.5), as the operator set it.
consensus::Timers timers_of(const Config& config);

}  // namespace node
