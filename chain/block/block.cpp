#include "chain/block/block.hpp"

#include "chain/block/extrinsic.hpp"
#include "chain/crypto/hash.hpp"
#include "chain/trie/trie.hpp"

namespace chain {

Hash hash_of(const Header& header) { return crypto::blake2b_256(scale::encode(header)); }

Hash extrinsics_root(std::span<const Bytes> extrinsics) {
    std::vector<Bytes> values;
    values.reserve(extrinsics.size());
    for (const Bytes& extrinsic : extrinsics) values.push_back(with_length_prefix(extrinsic));
    return trie::ordered_root(values);
}

Hash extrinsic_hash(ByteView without_prefix) { return crypto::blake2b_256(with_length_prefix(without_prefix)); }

}  // namespace chain
