#include "tools/node/keys.hpp"

#include "chain/base/bytes.hpp"
#include "chain/files/whole_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace node {
namespace {

using Seed = crypto::Ed25519Key::Seed;

struct Secret {
    KeyKind kind{};
    Seed seed{};
};

// A file with nothing but digits is a consensus key.
chain::Result<Secret> read_secret(const std::filesystem::path& file) {
    if (std::error_code error; !std::filesystem::exists(file, error))
        return chain::fault("cannot read the key " + file.string() + ": `tephra-node keys new --out FILE` makes one");
    TRY(const std::string text, chain::read_private(file));
    const auto space = text.find(' ');
    const auto kind = space == std::string::npos ? KeyKind::Consensus : key_kind_from(text.substr(0, space));
    const auto seed = chain::array_from_hex<32>(space == std::string::npos ? text : text.substr(space + 1));
    if (!kind || !seed)
        return chain::fault(file.string() +
                            " is no key: it must hold consensus, vrf or network, then 0x and 64 hexadecimal digits");
    return Secret{*kind, *seed};
}

chain::Result<Seed> read_seed(const std::filesystem::path& file, KeyKind wanted) {
    TRY(const Secret secret, read_secret(file));
    if (secret.kind != wanted)
        return chain::fault(fmt::format("{} holds a {} key, and a {} key is needed: each kind has a file of its own",
                                        file.string(), name(secret.kind), name(wanted)));
    return secret.seed;
}

chain::Hash public_half(KeyKind kind, const Seed& seed) {
    return {kind == KeyKind::Vrf ? crypto::VrfKey::from_seed(seed).public_key().value
                                 : crypto::Ed25519Key::from_seed(seed).public_key().value};
}

}  // namespace

std::string_view name(KeyKind kind) {
    switch (kind) {
        case KeyKind::Consensus: return "consensus";
        case KeyKind::Vrf: return "vrf";
        case KeyKind::Network: return "network";
    }
    return "?";
}

std::optional<KeyKind> key_kind_from(std::string_view text) {
    const auto found = std::ranges::find(key_kinds, text, name);
    return found == key_kinds.end() ? std::nullopt : std::optional{*found};
}

std::filesystem::path key_file(const std::filesystem::path& data, KeyKind kind) {
    return data / "keys" / fmt::format("{}.key", name(kind));
}

chain::Result<chain::Hash> create_key(const std::filesystem::path& file, KeyKind kind) {
    if (std::error_code error; std::filesystem::exists(file, error))
        return chain::fault(file.string() + " exists: keys are never overwritten, choose another name");
    const Seed seed = crypto::Ed25519Key::generate().seed();
    TRY_VOID(chain::create_whole(file, fmt::format("{} {}\n", name(kind), chain::to_hex(seed)), chain::Readers::Owner));
    return public_half(kind, seed);
}

chain::Result<crypto::Ed25519Key> load_consensus_key(const std::filesystem::path& file) {
    TRY(const Seed seed, read_seed(file, KeyKind::Consensus));
    return crypto::Ed25519Key::from_seed(seed);
}

chain::Result<crypto::VrfKey> load_vrf_key(const std::filesystem::path& file) {
    TRY(const Seed seed, read_seed(file, KeyKind::Vrf));
    return crypto::VrfKey::from_seed(seed);
}

chain::Result<crypto::Ed25519Key> load_network_key(const std::filesystem::path& file) {
    TRY(const Seed seed, read_seed(file, KeyKind::Network));
    return crypto::Ed25519Key::from_seed(seed);
}

chain::Result<PublicHalf> read_public(const std::filesystem::path& file) {
    TRY(const Secret secret, read_secret(file));
    return PublicHalf{secret.kind, public_half(secret.kind, secret.seed)};
}

}  // namespace node
