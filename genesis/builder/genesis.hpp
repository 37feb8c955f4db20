#pragma once
// Block zero from a genesis file: the state, its root, the block and the chain's name for clients.

#include "chain/block/block.hpp"
#include "chain/state/view.hpp"
#include "genesis/builder/config.hpp"

#include <filesystem>
#include <functional>

namespace genesis {

/// What system_properties shows.
struct Properties {
    std::string token_symbol;
    std::uint32_t token_decimals{};
    bool is_ethereum{};
};

/// What a node that made block zero of a file keeps, so that it need not make the state again at each start.
struct Remembered {
    chain::Hash file;        ///< BLAKE2b-256 of the file's text
    chain::Hash state_root;  ///< of the state that it describes
    bool operator==(const Remembered&) const = default;
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
    Remembered remembered;
    bool has_state = true;  ///< false: `state` is empty, because the file was remembered
};

/// Where the state keeps `chain.id`, as text. It makes the hash of each network its own.
inline constexpr std::string_view chain_id_key = ":chain_id";

/// What is remembered of the chain with this id, if anything.
using Recall = std::function<std::optional<Remembered>(const std::string& chain_id)>;

/// Reads a genesis file. The fault begins with the file's name and names the place in it. Of a file whose very text is
/// remembered, the state is not made.
Result<Genesis> load(const std::filesystem::path& path, const Recall& recall = {});
/// The same from a text.
Result<Genesis> load_text(std::string_view json);

/// Block zero of a config that `check_config` accepts.
Genesis build(const Config& config);

}  // namespace genesis
