#pragma once
// How a map's key becomes part of a storage key. All of these end in the plain key, so keys stay enumerable.

#include "chain/crypto/hash.hpp"
#include "chain/crypto/twox.hpp"

#include <cstdint>

namespace frame {

/// How metadata names a hasher. The order is V14's.
enum class HasherKind : std::uint8_t {
    Blake2_128,
    Blake2_256,
    Blake2_128Concat,
    Twox128,
    Twox256,
    Twox64Concat,
    Identity,
};

/// For keys that outsiders choose, such as accounts: nobody can make the trie deep on purpose.
struct Blake2_128Concat {
    static constexpr auto kind = HasherKind::Blake2_128Concat;
    static constexpr std::size_t size = 16;
    static void append(chain::Bytes& out, chain::ByteView key) {
        chain::append(out, crypto::blake2b_128(key));
        chain::append(out, key);
    }
};

/// For keys that the chain itself counts up.
struct Twox64Concat {
    static constexpr auto kind = HasherKind::Twox64Concat;
    static constexpr std::size_t size = 8;
    static void append(chain::Bytes& out, chain::ByteView key) {
        scale::encode(crypto::xxh64(key, 0), out);
        chain::append(out, key);
    }
};

/// For keys that are hashes already, and for keys whose order matters (see BigEndian).
struct Identity {
    static constexpr auto kind = HasherKind::Identity;
    static constexpr std::size_t size = 0;
    static void append(chain::Bytes& out, chain::ByteView key) { chain::append(out, key); }
};

/// A number as a key under Identity: its bytes, largest first, sort as the numbers do. Queues by time use it.
template <std::unsigned_integral T>
struct BigEndian {
    T value{};
    auto operator<=>(const BigEndian&) const = default;

    using metadata_shape = std::array<std::uint8_t, sizeof(T)>;
    void encode_to(chain::Bytes& out) const {
        for (std::size_t i = sizeof(T); i-- > 0;) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
    void decode_from(scale::Reader& in) {
        value = 0;
        for (const std::uint8_t byte : in.take(sizeof(T))) value = static_cast<T>(value << 8 | byte);
    }
};

}  // namespace frame
