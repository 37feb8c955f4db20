#include "chain/network/peer.hpp"

namespace network {

std::string to_text(const PeerId& peer) { return chain::to_hex(peer.value).substr(2); }

std::string short_text(const PeerId& peer) { return to_text(peer).substr(0, 8); }

std::optional<PeerId> peer_from_text(std::string_view text) {
    const auto bytes = chain::array_from_hex<32>(text);
    return bytes ? std::optional{PeerId{*bytes}} : std::nullopt;
}

}  // namespace network
