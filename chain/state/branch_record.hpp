#pragma once
// How a branch is stored: 16 bits (little-endian) that say which of its children are branches, 16 bits that say which
// there are at all, then the node's bytes. A child that is no branch is a leaf, and the flat state has it; the mark
// spares a search for a record that is not there. For chain/state only; others pass records on as they are.

#include "chain/state/trie_update.hpp"
#include "chain/trie/node.hpp"

#include <array>
#include <cstdint>

namespace state {

inline constexpr trie::StateVersion state_version = trie::StateVersion::V1;

/// What stands at the front of a record: enough to find the way on.
class RecordFront {
public:
    explicit RecordFront(ByteView record);

    bool has_child(std::size_t nibble) const { return (children_ >> nibble & 1) != 0; }
    bool is_branch(std::size_t nibble) const { return (branch_children_ >> nibble & 1) != 0; }
    std::uint16_t branch_children() const { return branch_children_; }
    /// Whether each child stands in the record as a hash, and no value beside them: as good as every branch of a large
    /// map. Another hash can then be written over a child's.
    bool is_patchable() const;
    /// Where the hash of this child stands in the record, which is patchable.
    std::size_t place_of(std::size_t nibble) const;
    /// The record's node as its parent or a proof needs it.
    ByteView encoded_node() const { return encoded_node_; }
    /// The nibbles between the place where the branch hangs and its own.
    Bytes partial() const;

private:
    std::uint16_t branch_children_;
    std::uint16_t children_;
    ByteView encoded_node_;
};

/// A stored branch, taken apart. The parts point into the record.
class BranchRecord : public RecordFront {
public:
    /// Stops the program where these are not the bytes of a branch: they are our own.
    explicit BranchRecord(ByteView record);

    const trie::DecodedNode& node() const { return node_; }

    static Bytes encode(const trie::Node& node, std::uint16_t branch_children);
    /// Writes other marks into a record.
    static void mark(Bytes& record, std::uint16_t branch_children);

private:
    trie::DecodedNode node_;
};

/// A key of the flat state as nibbles, beside its value.
struct LeafEntry {
    Bytes path;
    Bytes value;
};

/// The first key whose nibbles begin with `path`. Where a leaf hangs at `path`, that is the leaf.
std::optional<LeafEntry> first_leaf_below(const StateView& state, ByteView path);

/// The bytes of a leaf that hangs at a place `slot_size` nibbles from the root.
Bytes encode_leaf(ByteView path, std::size_t slot_size, ByteView value);
/// Appends them.
void encode_leaf(ByteView path, std::size_t slot_size, ByteView value, Bytes& out);

}  // namespace state
