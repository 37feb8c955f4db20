#pragma once
// One node of the trie as bytes (Substrate's node codec). The first bits say what the node is, the rest of them how
// many nibbles of the key it holds:
//   01 leaf · 10 branch · 11 branch with value · 001 leaf with hashed value · 0001 branch with hashed value
// Then the nibbles, for a branch 16 bits that say which children are there, the value, and the children.

#include "chain/base/bytes.hpp"
#include "chain/base/result.hpp"
#include "chain/trie/trie.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace trie {

inline constexpr std::size_t hash_bytes = 32;
inline constexpr std::size_t children_max = 16;

/// In state version 1 a value of this many bytes or more stands in its node by its hash.
inline constexpr std::size_t hashed_value_bytes_min = 33;

/// A key as nibbles, one a byte, high half first.
Bytes to_nibbles(ByteView key);
/// The same into `out`, which holds twice as many bytes.
void write_nibbles(ByteView key, std::span<std::uint8_t> out);
/// The key of an even number of nibbles.
Bytes from_nibbles(ByteView nibbles);
/// How many leading bytes two texts share.
std::size_t common_prefix(ByteView a, ByteView b);

/// How a parent names its child: by its hash, or by all its bytes where these are fewer than 32.
class Reference {
public:
    /// Names nothing.
    Reference() = default;
    /// Of a whole encoded node.
    static Reference to(ByteView encoded_node);
    /// As it stands in a decoded parent: at most 32 bytes.
    static Reference copy(ByteView child);

    bool empty() const { return size_ == 0; }
    ByteView view() const { return ByteView{bytes_}.first(size_); }

private:
    std::uint8_t size_ = 0;
    std::array<std::uint8_t, hash_bytes> bytes_{};
};

/// A value as a node holds it: whole, or its BLAKE2b-256.
struct NodeValue {
    ByteView bytes;
    bool hashed = false;
};

/// How a value stands in a node of this version. `hash` keeps the hash that the result may point to.
NodeValue node_value(ByteView value, StateVersion version, Hash& hash);

/// A node in parts that live elsewhere.
struct Node {
    /// Nibbles, one a byte, between the place where the node hangs and its own.
    ByteView partial;
    std::optional<NodeValue> value;
    /// Empty where there is no child. A leaf has none at all, and a value.
    std::array<ByteView, children_max> children{};
};

/// Appends the node's bytes.
void encode_node(const Node& node, Bytes& out);
/// As many bytes as encode_node may append, or a few more.
std::size_t encoded_bytes_max(const Node& node);

/// What can be wrong with foreign bytes.
enum class NodeError : std::uint8_t { TooShort, TooLong, UnknownKind, BadPadding, NoChildren, BadChild };

/// The parts of encoded bytes; value and children point into them.
struct DecodedNode {
    Bytes partial;
    std::optional<NodeValue> value;
    std::array<ByteView, children_max> children{};
    bool is_branch = false;
};

/// Whether an encoded node holds nibbles of its own; it is one, and not cut.
bool has_partial(ByteView encoded);

/// Accepts exactly what encode_node writes. The empty trie's single byte 0 is no node.
chain::Result<DecodedNode, NodeError> decode_node(ByteView encoded);

}  // namespace trie
