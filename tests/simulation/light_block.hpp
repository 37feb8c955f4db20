#pragma once
// A block of the light application: who made it, on what, and how the checks and the execution of it will end. To
// everybody else it is a block as the chain has them: all of it stands in the header, so its name covers it.

#include "chain/block/block.hpp"
#include "consensus/types/tip.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace simulation {

struct LightBlock {
    chain::Hash parent;
    std::uint32_t number = 0;
    consensus::Position position;
    std::uint64_t timestamp_ms = 0;
    std::vector<std::uint64_t> transactions;
    /// The cheap checks find it wrong.
    bool is_malformed = false;
    /// Execution ends in another state than its header says.
    bool lies = false;
    /// Tells apart the blocks that one proposer makes for one view.
    std::uint64_t salt = 0;
    bool operator==(const LightBlock&) const = default;
};

chain::Block to_block(const LightBlock& block);
/// Nothing where it is none of these.
std::optional<LightBlock> light_block_in(const chain::Block& block);

}  // namespace simulation
