#pragma once
// Recoverable ECDSA over secp256k1: the signature names its signer. One form only per message and key (low s,
// recovery id 0 or 1), so nobody can change a transaction's hash without its key.

#include "chain/base/bytes.hpp"
#include "chain/base/result.hpp"
#include "chain/crypto/account.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace crypto {

/// r ‖ s ‖ v, each of r and s 32 bytes big-endian; v is 0 or 1. `recover` also takes Ethereum's 27 and 28.
struct Signature {
    static constexpr std::string_view metadata_path = "account::EthereumSignature";
    std::array<std::uint8_t, 65> value{};
    auto operator<=>(const Signature&) const = default;
};

/// HighS: s is in the upper half of the order. BadRecoveryId: v is none of 0, 1, 27, 28.
/// NotRecoverable: r or s is no scalar, or no public key fits.
enum class SignatureError : std::uint8_t { HighS, BadRecoveryId, NotRecoverable };

/// What a person reads.
std::string_view text(SignatureError error);

/// Who signed these 32 bytes.
chain::Result<AccountId, SignatureError> recover(const chain::Hash& digest, const Signature& signature);

/// What an EthereumSignature signs: Keccak-256 of the payload, of its BLAKE2b-256 where the payload is longer than 256
/// bytes (substrate-clients: "EthereumSignature hashing is double").
chain::Hash ethereum_message_digest(chain::ByteView payload);

/// What `personal_sign` of a wallet signs (EIP-191, version 0x45).
chain::Hash ethereum_personal_digest(chain::ByteView message);

/// A private key. Its bytes are wiped when it goes; it is movable and not copyable by accident: use `clone`.
class SecretKey {
public:
    /// 32 bytes in [1, order). Nothing otherwise.
    static std::optional<SecretKey> from_bytes(chain::ByteView bytes);
    /// A new key from the system's randomness.
    static SecretKey generate();

    SecretKey(SecretKey&& other) noexcept;
    SecretKey& operator=(SecretKey&& other) noexcept;
    ~SecretKey();
    SecretKey clone() const;

    AccountId account() const;
    /// 33 bytes, compressed.
    std::array<std::uint8_t, 33> public_key() const;
    /// Deterministic (RFC 6979), low s.
    Signature sign(const chain::Hash& digest) const;
    /// For writing a key file.
    std::array<std::uint8_t, 32> bytes() const { return bytes_; }

private:
    SecretKey() = default;
    std::array<std::uint8_t, 32> bytes_{};
};

}  // namespace crypto
