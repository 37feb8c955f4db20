#pragma once
// Block zero from a genesis file: the state, its root, the block and the chain's name for clients.

#include "chain/block/block.hpp"
#include "chain/state/view.hpp"
#include "genesis/builder/config.hpp"

#include <filesystem>

namespace genesis {

/// What system_properties shows.
struct Properties {
    std::string token_symbol;
    std::uint32_t token_decimals{};
    bool is_ethereum{};
};

/// The beginning of a chain. Two files with equal values make equal blocks, whatever their order of keys.
struct Genesis {
    std::string chain_name;  ///< system_chain
    std::string chain_id;
    std::string chain_type;  ///< system_chainType: Development, Local or Live
    Properties properties;
    state::MapState state;
    chain::Block block;
    chain::Hash hash;
};

/// Where the state keeps `chain.id`, as text. It makes the hash of each network its own.
inline constexpr std::string_view chain_id_key = ":chain_id";

/// Reads a genesis file. The fault begins with the file's name and names the place in it.
Result<Genesis> load(const std::filesystem::path& path);
/// The same from a text.
Result<Genesis> load_text(std::string_view json);

/// Block zero of a config that `check_config` accepts.
Genesis build(const Config& config);

}  // namespace genesis
