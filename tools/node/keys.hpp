#pragma once
// The secrets of a node, each in a file that only its owner reads: 0x and 64 digits, after a word that says what the
// key is for. A validator has all three, another node the network key alone.

#include "chain/base/result.hpp"
#include "chain/crypto/ed25519.hpp"
#include "chain/crypto/vrf.hpp"

#include <filesystem>
#include <optional>
#include <string_view>

namespace node {

enum class KeyKind : std::uint8_t {
    Consensus,  ///< signs votes (Ed25519): who has it can vote, and be punished, in the validator's name
    Vrf,        ///< gives the randomness in the validator's blocks (ristretto255)
    Network     ///< names the node among its peers (Ed25519 of the TLS certificate)
};
inline constexpr std::array key_kinds{KeyKind::Consensus, KeyKind::Vrf, KeyKind::Network};

/// "consensus", "vrf", "network".
std::string_view name(KeyKind kind);
std::optional<KeyKind> key_kind_from(std::string_view name);

/// Where a node looks for a key of its own: keys/consensus.key in its data folder.
std::filesystem::path key_file(const std::filesystem::path& data, KeyKind kind);

/// Writes a new key (mode 0600) and gives its public half. An existing file is left alone and refused.
chain::Result<chain::Hash> create_key(const std::filesystem::path& file, KeyKind kind);

/// Reads a key file. The fault says what is wrong with it: missing, readable by others, of another kind.
chain::Result<crypto::Ed25519Key> load_consensus_key(const std::filesystem::path& file);
chain::Result<crypto::VrfKey> load_vrf_key(const std::filesystem::path& file);
chain::Result<crypto::Ed25519Key> load_network_key(const std::filesystem::path& file);
/// The public half of a key of any kind, and which kind it is.
struct PublicHalf {
    KeyKind kind{};
    chain::Hash value;
};
chain::Result<PublicHalf> read_public(const std::filesystem::path& file);

}  // namespace node
