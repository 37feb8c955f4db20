#include "chain/crypto/hash.hpp"

#include "chain/base/check.hpp"
#include "chain/crypto/sodium.hpp"

#include <cryptopp/blake2.h>
#include <cryptopp/keccak.h>
#include <sodium.h>

namespace crypto {

namespace {

template <std::size_t Size>
std::array<std::uint8_t, Size> blake2b(ByteView data) {
    static_assert(Size >= crypto_generichash_BYTES_MIN && Size <= crypto_generichash_BYTES_MAX);
    ensure_sodium();
    std::array<std::uint8_t, Size> out{};
    crypto_generichash(out.data(), Size, data.data(), data.size(), nullptr, 0);
    return out;
}

}  // namespace

void ensure_sodium() {
    static const bool ready = sodium_init() >= 0;
    chain::check(ready);
}

Hash blake2b_256(ByteView data) { return {blake2b<32>(data)}; }

std::array<std::uint8_t, 16> blake2b_128(ByteView data) { return blake2b<16>(data); }

std::array<std::uint8_t, 8> blake2b_64(ByteView data) {
    // libsodium makes no fewer than 16 bytes, and the length goes into the hash: a longer one cannot be cut.
    std::array<std::uint8_t, 8> out{};
    CryptoPP::BLAKE2b hasher{false, out.size()};
    hasher.Update(data.data(), data.size());
    hasher.Final(out.data());
    return out;
}

Hash keccak_256(ByteView data) {
    Hash out;
    CryptoPP::Keccak_256 hasher;
    hasher.Update(data.data(), data.size());
    hasher.Final(out.value.data());
    return out;
}

Hash sha256(ByteView data) {
    Hash out;
    crypto_hash_sha256(out.value.data(), data.data(), data.size());
    return out;
}

}  // namespace crypto
