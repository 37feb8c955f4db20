#pragma once
// Sealed boxes (X25519, XSalsa20-Poly1305, by libsodium): anybody can write to a public key, only its owner reads, and
// the sender stays unknown. Renters send secrets to a machine this way.

#include "chain/base/bytes.hpp"

#include <array>
#include <compare>
#include <optional>

namespace crypto {

struct BoxPublic {
    std::array<std::uint8_t, 32> value{};
    auto operator<=>(const BoxPublic&) const = default;
};

/// A private key; its bytes are wiped when it goes.
class BoxSecret {
public:
    /// A new key from the system's randomness.
    static BoxSecret generate();
    static BoxSecret from_bytes(const std::array<std::uint8_t, 32>& bytes);

    BoxSecret(BoxSecret&& other) noexcept;
    BoxSecret& operator=(BoxSecret&& other) noexcept;
    ~BoxSecret();

    BoxPublic public_key() const;
    /// For writing a key file.
    std::array<std::uint8_t, 32> bytes() const { return bytes_; }
    /// The message. Nothing where the box was made for another key or was changed.
    std::optional<chain::Bytes> open(chain::ByteView sealed) const;

private:
    BoxSecret() = default;
    std::array<std::uint8_t, 32> bytes_{};
};

/// 48 bytes longer than the message. Nothing where `to` is no usable key (a point of small order).
std::optional<chain::Bytes> seal(const BoxPublic& to, chain::ByteView message);
/// As BoxSecret::open.
inline std::optional<chain::Bytes> open(const BoxSecret& key, chain::ByteView sealed) { return key.open(sealed); }

}  // namespace crypto
