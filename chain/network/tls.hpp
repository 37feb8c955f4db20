#pragma once
// What OpenSSL is told: TLS 1.3 only, each side proves an Ed25519 key with a certificate that it signed itself, one
// protocol name (ALPN), nothing to resume. No authority takes part: the key is the identity.

#include "chain/base/result.hpp"
#include "chain/network/peer.hpp"

#include <memory>
#include <optional>

struct ssl_ctx_st;
struct ssl_st;

namespace network {

struct FreeTlsContext {
    void operator()(ssl_ctx_st* context) const;
};
using TlsContext = std::unique_ptr<ssl_ctx_st, FreeTlsContext>;

/// A context for both roles with the key of this seed. Fault: OpenSSL lacks what is needed.
chain::Result<TlsContext> make_tls_context(const std::array<std::uint8_t, 32>& seed);

/// Whom the finished handshake proved; nothing where it did not agree on our protocol.
std::optional<PeerId> proven_peer(const ssl_st* connection);

/// The peer id that belongs to a seed.
PeerId peer_of_seed(const std::array<std::uint8_t, 32>& seed);

}  // namespace network
