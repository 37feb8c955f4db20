#pragma once
// Ed25519 (RFC 8032) by libsodium: the votes of validators and the identity of a TLS key.

#include "chain/base/bytes.hpp"

#include <array>
#include <compare>

namespace crypto {

struct Ed25519Public {
    std::array<std::uint8_t, 32> value{};
    auto operator<=>(const Ed25519Public&) const = default;
};

struct Ed25519Signature {
    std::array<std::uint8_t, 64> value{};
    auto operator<=>(const Ed25519Signature&) const = default;
};

/// A private key; its bytes are wiped when it goes.
class Ed25519Key {
public:
    using Seed = std::array<std::uint8_t, 32>;

    /// A new key from the system's randomness.
    static Ed25519Key generate();
    /// The key of RFC 8032's 32-byte secret.
    static Ed25519Key from_seed(const Seed& seed);

    Ed25519Key(Ed25519Key&& other) noexcept;
    Ed25519Key& operator=(Ed25519Key&& other) noexcept;
    ~Ed25519Key();

    Ed25519Public public_key() const;
    Ed25519Signature sign(chain::ByteView message) const;
    /// For writing a key file.
    Seed seed() const;

private:
    Ed25519Key() = default;
    std::array<std::uint8_t, 64> secret_{};  // libsodium's form: seed ‖ public key
};

/// Whether the owner of `key` signed `message`. Small-order keys and non-canonical scalars are refused.
bool verify(const Ed25519Public& key, chain::ByteView message, const Ed25519Signature& signature);

}  // namespace crypto
