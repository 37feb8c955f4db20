#pragma once
// xxHash64 and Substrate's twox hashes, usable at compile time: storage key prefixes are constants.
// Not cryptographic: only for names and for keys that nobody can choose freely.

#include "chain/base/bytes.hpp"

#include <array>
#include <concepts>
#include <cstdint>
#include <string_view>

namespace crypto {

namespace xxh {

inline constexpr std::uint64_t p1 = 0x9E3779B185EBCA87, p2 = 0xC2B2AE3D27D4EB4F, p3 = 0x165667B19E3779F9,
                               p4 = 0x85EBCA77C2B2AE63, p5 = 0x27D4EB2F165667C5;
constexpr std::uint64_t rotate(std::uint64_t x, int r) { return x << r | x >> (64 - r); }
constexpr std::uint64_t round(std::uint64_t acc, std::uint64_t lane) { return rotate(acc + lane * p2, 31) * p1; }

/// `count` bytes of text or of bytes as one little-endian number.
constexpr std::uint64_t read(const auto& in, std::size_t at, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(in[at + i])) << (8 * i);
    return value;
}

/// The definition, in plain code that the compiler can run.
constexpr std::uint64_t hash(const auto& in, std::uint64_t seed) {
    const std::size_t size = in.size();
    std::size_t at = 0;
    std::uint64_t hash = seed + p5;
    if (size >= 32) {
        std::uint64_t lanes[4] = {seed + p1 + p2, seed + p2, seed, seed - p1};
        for (; at + 32 <= size; at += 32)
            for (std::size_t i = 0; i < 4; ++i) lanes[i] = round(lanes[i], read(in, at + 8 * i, 8));
        hash = rotate(lanes[0], 1) + rotate(lanes[1], 7) + rotate(lanes[2], 12) + rotate(lanes[3], 18);
        for (const std::uint64_t lane : lanes) hash = (hash ^ round(0, lane)) * p1 + p4;
    }
    hash += size;
    for (; at + 8 <= size; at += 8) hash = rotate(hash ^ round(0, read(in, at, 8)), 27) * p1 + p4;
    if (at + 4 <= size) {
        hash = rotate(hash ^ read(in, at, 4) * p1, 23) * p2 + p3;
        at += 4;
    }
    for (; at < size; ++at) hash = rotate(hash ^ read(in, at, 1) * p5, 11) * p1;
    hash = (hash ^ hash >> 33) * p2;
    hash = (hash ^ hash >> 29) * p3;
    return hash ^ hash >> 32;
}

/// The same at run time, by libxxhash.
std::uint64_t fast(chain::ByteView in, std::uint64_t seed);

}  // namespace xxh

constexpr std::uint64_t xxh64(std::string_view in, std::uint64_t seed) { return xxh::hash(in, seed); }
constexpr std::uint64_t xxh64(chain::ByteView in, std::uint64_t seed) {
    if consteval {
        return xxh::hash(in, seed);
    } else {
        return xxh::fast(in, seed);
    }
}

namespace xxh {

template <std::size_t Words>
constexpr std::array<std::uint8_t, 8 * Words> twox(const auto& in) {
    std::array<std::uint8_t, 8 * Words> out{};
    for (std::size_t word = 0; word < Words; ++word) {
        const std::uint64_t hash = xxh64(in, word);
        for (std::size_t i = 0; i < 8; ++i) out[8 * word + i] = static_cast<std::uint8_t>(hash >> (8 * i));
    }
    return out;
}

}  // namespace xxh

/// xxHash64 with the seeds 0 and 1, side by side: the hash of pallet and storage item names.
constexpr std::array<std::uint8_t, 16> twox128(std::string_view in) { return xxh::twox<2>(in); }
constexpr std::array<std::uint8_t, 16> twox128(chain::ByteView in) { return xxh::twox<2>(in); }

/// xxHash64 with seed 0: the storage hasher Twox64Concat, for keys that count up.
constexpr std::array<std::uint8_t, 8> twox64(chain::ByteView in) { return xxh::twox<1>(in); }

// The prefix of frame_system, known from every Substrate chain.
static_assert(twox128("System") == std::array<std::uint8_t, 16>{0x26, 0xaa, 0x39, 0x4e, 0xea, 0x56, 0x30, 0xe0, 0x7c,
                                                                0x48, 0xae, 0x0c, 0x95, 0x58, 0xce, 0xf7});

}  // namespace crypto
