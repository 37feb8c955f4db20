#pragma once
// Who a peer is.

#include "chain/base/bytes.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace network {

using chain::Bytes;
using chain::ByteView;
using chain::Hash;

/// The Ed25519 key of the peer's TLS certificate, proven in the handshake. Another thing than a validator's consensus
/// key: a signed address record (address.hpp) says which peer speaks for a validator.
struct PeerId {
    std::array<std::uint8_t, 32> value{};
    auto operator<=>(const PeerId&) const = default;
};

/// 64 digits without "0x".
std::string to_text(const PeerId& peer);
/// The first eight of them, for logs.
std::string short_text(const PeerId& peer);
std::optional<PeerId> peer_from_text(std::string_view text);

/// What a node is in its network. It decides how much is expected from it, not what it may sign.
enum class NodeKind : std::uint8_t { Full, Validator };

}  // namespace network
