#include "chain/crypto/twox.hpp"

#include <xxhash.h>

namespace crypto::xxh {

std::uint64_t fast(chain::ByteView in, std::uint64_t seed) { return XXH64(in.data(), in.size(), seed); }

}  // namespace crypto::xxh
