#pragma once
// A keyed hash in a few nanoseconds: names of simulated blocks and signatures of simulated validators. It resists
// accidents, not attackers; simulated attackers do not attack it.

#include "chain/base/bytes.hpp"
#include "chain/base/numbers.hpp"

#include <cstring>

namespace simulation {

namespace fast {

inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    const auto product = static_cast<chain::u128>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

inline std::uint64_t word(const std::uint8_t* at, std::size_t bytes = 8) {
    std::uint64_t value = 0;
    std::memcpy(&value, at, bytes);
    return value;
}

/// 64 bits of the bytes under a key.
inline std::uint64_t hash(chain::ByteView bytes, std::uint64_t key) {
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;
    std::uint64_t state = mix(key ^ odd, bytes.size() + 0xd6e8feb86659fd93);
    const std::uint8_t* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= 16; at += 16, left -= 16) state = mix(word(at) ^ state, word(at + 8) ^ odd);
    if (left >= 8) {
        state = mix(word(at) ^ state, odd);
        at += 8;
        left -= 8;
    }
    if (left > 0) state = mix(word(at, left) ^ state, 0xa0761d6478bd642f);
    return mix(state, odd ^ (state >> 32));
}

}  // namespace fast

/// 32 bytes that name these bytes.
inline chain::Hash fast_digest(chain::ByteView bytes) {
    chain::Hash out;
    const std::uint64_t seed = fast::hash(bytes, 1);
    for (std::uint64_t i = 0; i < 4; ++i) {
        const std::uint64_t part = fast::mix(seed + i, 0xe7037ed1a0b428db + (i << 32));
        std::memcpy(out.value.data() + 8 * i, &part, 8);
    }
    return out;
}

/// For tables by hash that nobody walks: a hash is scattered already.
struct ByHash {
    std::size_t operator()(const chain::Hash& hash) const { return fast::word(hash.value.data()); }
};

}  // namespace simulation
