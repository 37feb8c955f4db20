#include "chain/crypto/box.hpp"

#include "chain/base/check.hpp"
#include "chain/crypto/sodium.hpp"

#include <sodium.h>

namespace crypto {

BoxSecret BoxSecret::generate() {
    ensure_sodium();
    BoxSecret key;
    randombytes_buf(key.bytes_.data(), key.bytes_.size());
    return key;
}

BoxSecret BoxSecret::from_bytes(const std::array<std::uint8_t, 32>& bytes) {
    ensure_sodium();
    BoxSecret key;
    key.bytes_ = bytes;
    return key;
}

BoxSecret::BoxSecret(BoxSecret&& other) noexcept : bytes_(other.bytes_) {
    sodium_memzero(other.bytes_.data(), other.bytes_.size());
}

BoxSecret& BoxSecret::operator=(BoxSecret&& other) noexcept {
    if (this != &other) {
        bytes_ = other.bytes_;
        sodium_memzero(other.bytes_.data(), other.bytes_.size());
    }
    return *this;
}

BoxSecret::~BoxSecret() { sodium_memzero(bytes_.data(), bytes_.size()); }

BoxPublic BoxSecret::public_key() const {
    BoxPublic key;
    chain::check(crypto_scalarmult_base(key.value.data(), bytes_.data()) == 0);
    return key;
}

std::optional<chain::Bytes> BoxSecret::open(chain::ByteView sealed) const {
    if (sealed.size() < crypto_box_SEALBYTES) return std::nullopt;
    chain::Bytes message(sealed.size() - crypto_box_SEALBYTES);
    const BoxPublic own = public_key();
    if (crypto_box_seal_open(message.data(), sealed.data(), sealed.size(), own.value.data(), bytes_.data()) != 0)
        return std::nullopt;
    return message;
}

std::optional<chain::Bytes> seal(const BoxPublic& to, chain::ByteView message) {
    ensure_sodium();
    chain::Bytes sealed(message.size() + crypto_box_SEALBYTES);
    if (crypto_box_seal(sealed.data(), message.data(), message.size(), to.value.data()) != 0) return std::nullopt;
    return sealed;
}

}  // namespace crypto
