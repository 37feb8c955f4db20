// A node that decodes encodes to the same bytes; a verifier survives any proof.

#include "chain/base/check.hpp"
#include "chain/crypto/hash.hpp"
#include "chain/state/proof.hpp"
#include "chain/trie/node.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

namespace {

void trie_node(fuzz::Input input) {
    const chain::Bytes key = chain::to_bytes(input.bytes(input.below(5)));
    const chain::ByteView bytes = input.rest();
    if (const auto decoded = trie::decode_node(bytes)) {
        chain::Bytes encoded;
        trie::encode_node({.partial = decoded->partial, .value = decoded->value, .children = decoded->children},
                          encoded);
        chain::check(std::ranges::equal(encoded, bytes));
    }
    // Whatever the bytes are, they may be the root of a proof.
    const std::vector<chain::Bytes> proof{chain::to_bytes(bytes), key};
    static_cast<void>(state::verify_proof(crypto::blake2b_256(bytes), proof, key));
}

const fuzz::Target target{"trie_node", trie_node};

}  // namespace
