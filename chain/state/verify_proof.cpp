// The verifier knows the root, the key and untrusted bytes. It shares the node codec with the prover, nothing else.

#include "chain/crypto/hash.hpp"
#include "chain/state/proof.hpp"
#include "chain/trie/node.hpp"

#include <algorithm>
#include <map>

namespace state {

std::string_view text(ProofError error) {
    switch (error) {
        case ProofError::MissingNode: return "the proof lacks a node on the way to the key";
        case ProofError::MissingValue: return "the proof lacks the value that a node names by its hash";
        case ProofError::MalformedNode: return "a node of the proof does not decode";
    }
    return "unknown";
}

namespace {

using Elements = std::map<Hash, ByteView>;
using Answer = chain::Result<std::optional<Bytes>, ProofError>;

/// Half a byte of the key, the high half first.
std::uint8_t nibble_at(ByteView key, std::size_t at) {
    const std::uint8_t byte = key[at / 2];
    return at % 2 == 0 ? byte >> 4 : byte & 15;
}

/// Whether the nibbles are the next ones of the key.
bool continues(ByteView key, std::size_t at, ByteView nibbles) {
    if (nibbles.size() > 2 * key.size() - at) return false;
    for (std::size_t i = 0; i < nibbles.size(); ++i)
        if (nibble_at(key, at + i) != nibbles[i]) return false;
    return true;
}

std::optional<ByteView> find(const Elements& elements, ByteView hash) {
    Hash wanted;
    std::ranges::copy(hash, wanted.value.begin());
    const auto found = elements.find(wanted);
    return found == elements.end() ? std::nullopt : std::optional{found->second};
}

Answer value_of(const Elements& elements, const std::optional<trie::NodeValue>& value) {
    if (!value) return std::nullopt;
    if (!value->hashed) return chain::to_bytes(value->bytes);
    const auto whole = find(elements, value->bytes);
    if (!whole) return std::unexpected{ProofError::MissingValue};
    return chain::to_bytes(*whole);
}

}  // namespace

Answer verify_proof(const Hash& root, std::span<const Bytes> proof, ByteView key) {
    if (root == trie::empty_root) return std::nullopt;
    Elements elements;
    for (const Bytes& element : proof) elements.emplace(crypto::blake2b_256(element), element);
    auto encoded = find(elements, root.value);
    for (std::size_t at = 0;;) {
        if (!encoded) return std::unexpected{ProofError::MissingNode};
        const auto node = trie::decode_node(*encoded);
        if (!node) return std::unexpected{ProofError::MalformedNode};
        if (!continues(key, at, node->partial)) return std::nullopt;
        at += node->partial.size();
        if (at == 2 * key.size()) return value_of(elements, node->value);
        const ByteView child = node->children[nibble_at(key, at)];
        if (child.empty()) return std::nullopt;
        ++at;
        encoded = child.size() == trie::hash_bytes ? find(elements, child) : std::optional{child};
    }
}

}  // namespace state
