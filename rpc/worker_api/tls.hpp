#pragma once
// TLS 1.3 between machines that know each other by key, not by name: self-signed Ed25519 certificates, and each side
// compares the key that the handshake proved with the one it was told (by the chain, or by a configuration file). No
// certificate authority takes part.

#include "chain/base/bytes.hpp"
#include "chain/base/result.hpp"

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace grpc {
class AuthContext;
class ChannelCredentials;
class ServerCredentials;
}  // namespace grpc

namespace rpc::worker_api {

using chain::Fault;
using chain::Result;

/// The Ed25519 public key that a TLS certificate carries.
struct TlsKey {
    std::array<std::uint8_t, 32> value{};
    auto operator<=>(const TlsKey&) const = default;
};
inline std::string to_hex(const TlsKey& key) { return chain::to_hex(key.value); }
std::optional<TlsKey> tls_key_from_hex(std::string_view text);

/// A secret TLS key with a certificate that it signed itself.
class Identity {
public:
    /// From the 32 secret bytes of an Ed25519 key. The same seed gives the same public key.
    static Result<Identity> from_seed(const std::array<std::uint8_t, 32>& seed);
    static Result<Identity> generate();
    /// Reads the seed (hexadecimal) from a file that only its owner may read; makes the file where there is none.
    static Result<Identity> load_or_create(const std::filesystem::path& file);

    const TlsKey& key() const { return key_; }
    const std::string& certificate_pem() const { return certificate_pem_; }
    const std::string& secret_pem() const { return secret_pem_; }

private:
    Identity(TlsKey key, std::string certificate_pem, std::string secret_pem);

    TlsKey key_;
    std::string certificate_pem_;
    std::string secret_pem_;
};

/// The Ed25519 key of a PEM certificate; nothing where it is not one.
std::optional<TlsKey> key_of_certificate(std::string_view pem);

/// For a client: refuses every server whose key is not `server`. With `own`, the client proves that key in the
/// handshake.
std::shared_ptr<grpc::ChannelCredentials> pinned_channel(const TlsKey& server, const Identity* own);

enum class ClientKey : std::uint8_t { NotAsked, Required };

/// For a server. With ClientKey::Required the handshake makes each client prove possession of some Ed25519 key; whose
/// it is stands in `peer_key` and is for the caller to compare.
std::shared_ptr<grpc::ServerCredentials> server_credentials(const Identity& own, ClientKey client_key);

/// The key that the other side of a call proved.
std::optional<TlsKey> peer_key(const grpc::AuthContext& context);

}  // namespace rpc::worker_api
