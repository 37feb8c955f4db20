#pragma once
// Read proofs as `state_getReadProof` hands them out: an unordered set of whole nodes on the paths to the keys, and
// beside them the values that nodes name only by hash. The verifier trusts nothing but the root.

#include "chain/base/result.hpp"
#include "chain/state/trie_update.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace state {

/// What proves each key's value, or its absence, to someone who knows the root. Each element once, in bytewise order.
std::vector<Bytes> read_proof(const NodeView& nodes, const StateView& state, std::span<const Bytes> keys);

/// MissingNode: the path leads to a hash that no element of the proof has. MissingValue: the same for a value.
/// MalformedNode: an element on the path is no node of this trie.
enum class ProofError : std::uint8_t { MissingNode, MissingValue, MalformedNode };

/// What a person reads.
std::string_view text(ProofError error);

/// The value under `key` in the state with this root, or nothing where the proof shows that the key is absent.
/// Elements that are not needed do no harm.
chain::Result<std::optional<Bytes>, ProofError> verify_proof(const Hash& root, std::span<const Bytes> proof,
                                                             ByteView key);

}  // namespace state
