#include "tests/simulation/light_block.hpp"

namespace simulation {

chain::Block to_block(const LightBlock& block) {
    static const chain::Hash no_extrinsics = chain::extrinsics_root({});
    chain::digest::Other all;
    all.data.reserve(128);
    scale::encode(block, all.data);
    chain::Block out{.header = {.parent_hash = block.parent,
                                .number = {block.number},
                                .state_root = {},
                                .extrinsics_root = no_extrinsics,
                                .digest = {}},
                     .extrinsics = {}};
    out.header.digest.logs.emplace_back(std::move(all));
    return out;
}

std::optional<LightBlock> light_block_in(const chain::Block& block) {
    if (block.header.digest.logs.size() != 1) return std::nullopt;
    const auto* all = std::get_if<chain::digest::Other>(block.header.digest.logs.data());
    if (all == nullptr) return std::nullopt;
    const auto decoded = scale::decode<LightBlock>(all->data);
    return decoded ? std::optional{*decoded} : std::nullopt;
}

}  // namespace simulation
