#pragma once
// How a branch is stored: 16 bits (little-endian) that say which of its children are branches, then the node's bytes.
// A child that is no branch is a leaf, and the flat state has it; the mark spares a search for a record that is not
// there. For chain/state only; others pass records on as they are.

#include "chain/state/trie_update.hpp"
#include "chain/trie/node.hpp"

#include <array>
#include <cstdint>

namespace state {

inline constexpr trie::StateVersion state_version = trie::StateVersion::V1;

/// A stored branch, taken apart. The parts point into `bytes`.
class BranchRecord {
public:
    /// Stops the program where these are not the bytes of a branch: they are our own.
    explicit BranchRecord(Bytes bytes);
    BranchRecord(BranchRecord&&) = default;
    BranchRecord& operator=(BranchRecord&&) = default;
    BranchRecord(const BranchRecord&) = delete;
    BranchRecord& operator=(const BranchRecord&) = delete;
    ~BranchRecord() = default;

    /// The record's node as its parent or a proof needs it.
    static ByteView encoded_node(ByteView record) { return record.subspan(mark_bytes); }
    ByteView encoded_node() const { return encoded_node(bytes_); }

    const trie::DecodedNode& node() const { return node_; }
    std::uint16_t branch_children() const { return branch_children_; }

    static Bytes encode(const trie::Node& node, std::uint16_t branch_children);

private:
    static constexpr std::size_t mark_bytes = 2;
    Bytes bytes_;
    std::uint16_t branch_children_;
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
