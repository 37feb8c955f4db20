#include "chain/crypto/ed25519.hpp"

#include "chain/base/check.hpp"
#include "chain/crypto/sodium.hpp"

#include <sodium.h>

namespace crypto {

Ed25519Key Ed25519Key::generate() {
    ensure_sodium();
    Ed25519Key key;
    Ed25519Public ignored;
    crypto_sign_keypair(ignored.value.data(), key.secret_.data());
    return key;
}

Ed25519Key Ed25519Key::from_seed(const Seed& seed) {
    ensure_sodium();
    Ed25519Key key;
    Ed25519Public ignored;
    crypto_sign_seed_keypair(ignored.value.data(), key.secret_.data(), seed.data());
    return key;
}

Ed25519Key::Ed25519Key(Ed25519Key&& other) noexcept : secret_(other.secret_) {
    sodium_memzero(other.secret_.data(), other.secret_.size());
}

Ed25519Key& Ed25519Key::operator=(Ed25519Key&& other) noexcept {
    if (this != &other) {
        secret_ = other.secret_;
        sodium_memzero(other.secret_.data(), other.secret_.size());
    }
    return *this;
}

Ed25519Key::~Ed25519Key() { sodium_memzero(secret_.data(), secret_.size()); }

Ed25519Public Ed25519Key::public_key() const {
    Ed25519Public key;
    crypto_sign_ed25519_sk_to_pk(key.value.data(), secret_.data());
    return key;
}

Ed25519Signature Ed25519Key::sign(chain::ByteView message) const {
    Ed25519Signature signature;
    const int done =
        crypto_sign_detached(signature.value.data(), nullptr, message.data(), message.size(), secret_.data());
    chain::check(done == 0);
    return signature;
}

Ed25519Key::Seed Ed25519Key::seed() const {
    Seed seed{};
    crypto_sign_ed25519_sk_to_seed(seed.data(), secret_.data());
    return seed;
}

bool verify(const Ed25519Public& key, chain::ByteView message, const Ed25519Signature& signature) {
    ensure_sodium();
    return crypto_sign_verify_detached(signature.value.data(), message.data(), message.size(), key.value.data()) == 0;
}

}  // namespace crypto
