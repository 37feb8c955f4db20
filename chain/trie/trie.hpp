#pragma once
// Substrate's state trie: base 16, BLAKE2b-256. A child is named by its hash, or stands whole inside its parent where
// it is shorter than 32 bytes; the root is always hashed. Here from scratch; chain/state updates it in place.

#include "chain/base/bytes.hpp"

#include <cstdint>
#include <span>
#include <utility>

namespace trie {

using chain::Bytes;
using chain::ByteView;
using chain::Hash;

/// V0 keeps every value in its node; V1 puts the hash of a value of 33 bytes or more there.
enum class StateVersion : std::uint8_t { V0, V1 };

/// BLAKE2b-256 of the single byte 0.
inline constexpr Hash empty_root{{0x03, 0x17, 0x0a, 0x2e, 0x75, 0x97, 0xb7, 0xb7, 0xe3, 0xd8, 0x4c,
                                  0x05, 0x39, 0x1d, 0x13, 0x9a, 0x62, 0xb1, 0x57, 0xe7, 0x87, 0x86,
                                  0xd8, 0xc0, 0x82, 0xf2, 0x9d, 0xcf, 0x4c, 0x11, 0x13, 0x14}};

/// The root of a whole state. Keys ascend strictly, bytewise.
Hash root(std::span<const std::pair<Bytes, Bytes>> sorted_entries, StateVersion version);

/// The root of a list: key = SCALE compact(index), layout V0 whatever the state's version (the extrinsics root).
Hash ordered_root(std::span<const Bytes> values);

}  // namespace trie
