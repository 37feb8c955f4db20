#pragma once
// BLAKE2b-256 of many short messages at once: what a trie has to hash.

#include "chain/crypto/hash.hpp"

#include <cstdint>
#include <span>

namespace crypto {

/// How many messages are hashed side by side. The hashes do not depend on it.
enum class Lanes : std::uint8_t { One = 1, Four = 4, Eight = 8 };

/// Whether this processor can: one always, four with AVX2, eight with AVX-512.
bool has_lanes(Lanes lanes);
/// As many as it can.
Lanes most_lanes();

/// A message, and where the 32 bytes of its hash go.
struct HashJob {
    ByteView message;
    std::uint8_t* hash;
};

/// Hashes all of them, in any order: no hash goes where a message lies. Fastest with many messages at once.
void blake2b_256(std::span<const HashJob> jobs);
/// The same with as many lanes; stops the program where the processor has not got them.
void blake2b_256(std::span<const HashJob> jobs, Lanes lanes);

}  // namespace crypto
