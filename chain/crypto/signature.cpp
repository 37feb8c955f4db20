#include "chain/crypto/signature.hpp"

#include "chain/base/check.hpp"
#include "chain/crypto/hash.hpp"
#include "chain/crypto/sodium.hpp"

#include <fmt/format.h>
#include <secp256k1.h>
#include <secp256k1_recovery.h>
#include <sodium.h>

#include <utility>

namespace crypto {

namespace {

/// Payloads of signatures up to this length are hashed once.
constexpr std::size_t long_payload_bytes = 256;

/// One context for every thread: it is never changed after it is made.
const secp256k1_context* context() {
    static const secp256k1_context* const shared = [] {
        ensure_sodium();
        secp256k1_context* made = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
        chain::check(made != nullptr);
        // Blinds the arithmetic of secret keys; results do not depend on it.
        std::array<std::uint8_t, 32> blinding{};
        randombytes_buf(blinding.data(), blinding.size());
        chain::check(secp256k1_context_randomize(made, blinding.data()) == 1);
        return made;
    }();
    return shared;
}

AccountId account_of(const secp256k1_pubkey& key) {
    std::array<std::uint8_t, 65> plain{};
    std::size_t size = plain.size();
    secp256k1_ec_pubkey_serialize(context(), plain.data(), &size, &key, SECP256K1_EC_UNCOMPRESSED);
    const Hash hash = keccak_256(ByteView{plain}.subspan(1));
    AccountId account;
    std::copy(hash.value.begin() + 12, hash.value.end(), account.value.begin());
    return account;
}

secp256k1_pubkey public_of(const std::array<std::uint8_t, 32>& secret) {
    secp256k1_pubkey key{};
    chain::check(secp256k1_ec_pubkey_create(context(), &key, secret.data()) == 1);
    return key;
}

std::optional<int> recovery_id(std::uint8_t v) {
    if (v == 0 || v == 27) return 0;
    if (v == 1 || v == 28) return 1;
    return std::nullopt;
}

}  // namespace

std::string_view text(SignatureError error) {
    switch (error) {
        case SignatureError::HighS: return "the signature's s is in the upper half of the group's order";
        case SignatureError::BadRecoveryId: return "the signature's recovery id is neither 0 nor 1";
        case SignatureError::NotRecoverable: return "no public key fits the signature";
    }
    return "unknown";
}

chain::Result<AccountId, SignatureError> recover(const Hash& digest, const Signature& signature) {
    const auto id = recovery_id(signature.value[64]);
    if (!id) return std::unexpected{SignatureError::BadRecoveryId};
    secp256k1_ecdsa_recoverable_signature parsed{};
    if (secp256k1_ecdsa_recoverable_signature_parse_compact(context(), &parsed, signature.value.data(), *id) != 1)
        return std::unexpected{SignatureError::NotRecoverable};
    secp256k1_ecdsa_signature plain{};
    secp256k1_ecdsa_recoverable_signature_convert(context(), &plain, &parsed);
    const bool was_high = secp256k1_ecdsa_signature_normalize(context(), nullptr, &plain) == 1;
    if (was_high) return std::unexpected{SignatureError::HighS};
    secp256k1_pubkey key{};
    if (secp256k1_ecdsa_recover(context(), &key, &parsed, digest.value.data()) != 1)
        return std::unexpected{SignatureError::NotRecoverable};
    return account_of(key);
}

Hash ethereum_message_digest(ByteView payload) {
    if (payload.size() > long_payload_bytes) return keccak_256(blake2b_256(payload).value);
    return keccak_256(payload);
}

Hash ethereum_personal_digest(ByteView message) {
    Bytes text =
        chain::to_bytes(fmt::format("\x19"
                                    "Ethereum Signed Message:\n{}",
                                    message.size()));
    chain::append(text, message);
    return keccak_256(text);
}

std::optional<SecretKey> SecretKey::from_bytes(ByteView bytes) {
    if (bytes.size() != 32 || secp256k1_ec_seckey_verify(context(), bytes.data()) != 1) return std::nullopt;
    SecretKey key;
    std::copy(bytes.begin(), bytes.end(), key.bytes_.begin());
    return key;
}

SecretKey SecretKey::generate() {
    ensure_sodium();
    std::array<std::uint8_t, 32> bytes{};
    // All but one in 2^128 of all numbers are keys.
    for (;;) {
        randombytes_buf(bytes.data(), bytes.size());
        auto key = from_bytes(bytes);
        sodium_memzero(bytes.data(), bytes.size());
        if (key) return *std::move(key);
    }
}

SecretKey::SecretKey(SecretKey&& other) noexcept : bytes_(other.bytes_) {
    sodium_memzero(other.bytes_.data(), other.bytes_.size());
}

SecretKey& SecretKey::operator=(SecretKey&& other) noexcept {
    if (this != &other) {
        bytes_ = other.bytes_;
        sodium_memzero(other.bytes_.data(), other.bytes_.size());
    }
    return *this;
}

SecretKey::~SecretKey() { sodium_memzero(bytes_.data(), bytes_.size()); }

SecretKey SecretKey::clone() const {
    SecretKey copy;
    copy.bytes_ = bytes_;
    return copy;
}

AccountId SecretKey::account() const { return account_of(public_of(bytes_)); }

std::array<std::uint8_t, 33> SecretKey::public_key() const {
    const secp256k1_pubkey key = public_of(bytes_);
    std::array<std::uint8_t, 33> out{};
    std::size_t size = out.size();
    secp256k1_ec_pubkey_serialize(context(), out.data(), &size, &key, SECP256K1_EC_COMPRESSED);
    return out;
}

Signature SecretKey::sign(const Hash& digest) const {
    secp256k1_ecdsa_recoverable_signature made{};
    chain::check(
        secp256k1_ecdsa_sign_recoverable(context(), &made, digest.value.data(), bytes_.data(), nullptr, nullptr) == 1);
    Signature signature;
    int id = 0;
    secp256k1_ecdsa_recoverable_signature_serialize_compact(context(), signature.value.data(), &id, &made);
    // 2 and 3 name an r beyond the order: nobody will ever see one.
    chain::check(id == 0 || id == 1);
    signature.value[64] = static_cast<std::uint8_t>(id);
    return signature;
}

}  // namespace crypto
