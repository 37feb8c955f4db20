#pragma once
// The hashes of the chain. BLAKE2b names blocks, state and extrinsics; Keccak-256 is what Ethereum wallets sign.

#include "chain/base/bytes.hpp"

namespace crypto {

using chain::Bytes;
using chain::ByteView;
using chain::Hash;

/// BLAKE2b without a key (RFC 7693), 32 bytes of output.
Hash blake2b_256(ByteView data);
/// BLAKE2b with 16 bytes of output: the storage hasher Blake2_128Concat.
std::array<std::uint8_t, 16> blake2b_128(ByteView data);
/// BLAKE2b with 8 bytes of output.
std::array<std::uint8_t, 8> blake2b_64(ByteView data);

/// The original Keccak padding as Ethereum uses it, not FIPS 202's SHA3-256.
Hash keccak_256(ByteView data);

/// FIPS 180-4; image digests are written with it.
Hash sha256(ByteView data);

}  // namespace crypto
