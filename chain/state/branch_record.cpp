#include "chain/state/branch_record.hpp"

#include "chain/base/check.hpp"
#include "chain/codec/scale.hpp"

#include <utility>

namespace state {

using chain::check;

namespace {

constexpr std::size_t front_bytes = 4;

trie::DecodedNode decode_own(ByteView encoded) {
    auto node = trie::decode_node(encoded);
    check(node && node->is_branch);
    return *std::move(node);
}

}  // namespace

RecordFront::RecordFront(ByteView record) {
    check(record.size() > front_bytes);
    branch_children_ = static_cast<std::uint16_t>(record[0] | record[1] << 8);
    children_ = static_cast<std::uint16_t>(record[2] | record[3] << 8);
    encoded_node_ = record.subspan(front_bytes);
}

Bytes RecordFront::partial() const {
    return trie::has_partial(encoded_node_) ? decode_own(encoded_node_).partial : Bytes{};
}

BranchRecord::BranchRecord(ByteView record) : RecordFront(record), node_(decode_own(encoded_node())) {}

Bytes BranchRecord::encode(const trie::Node& node, std::uint16_t branch_children) {
    unsigned children = 0;
    for (std::size_t i = 0; i < trie::children_max; ++i)
        if (!node.children[i].empty()) children |= 1U << i;
    Bytes out;
    out.reserve(front_bytes + trie::encoded_bytes_max(node));
    scale::encode(branch_children, out);
    scale::encode(static_cast<std::uint16_t>(children), out);
    trie::encode_node(node, out);
    return out;
}

std::optional<LeafEntry> first_leaf_below(const StateView& state, ByteView path) {
    // The smallest key that can begin so: an odd path goes on with the nibble 0.
    Bytes nibbles = chain::to_bytes(path);
    if (nibbles.size() % 2 == 1) nibbles.push_back(0);
    Bytes key = trie::from_nibbles(nibbles);
    auto value = state.get(key);
    if (!value) {
        auto next = state.next_key(key);
        if (!next) return std::nullopt;
        key = *std::move(next);
        value = state.get(key);
        check(value.has_value());
    }
    Bytes found = trie::to_nibbles(key);
    if (trie::common_prefix(found, path) != path.size()) return std::nullopt;
    return LeafEntry{std::move(found), *std::move(value)};
}

void encode_leaf(ByteView path, std::size_t slot_size, ByteView value, Bytes& out) {
    Hash hash;
    trie::encode_node({.partial = path.subspan(slot_size), .value = trie::node_value(value, state_version, hash)}, out);
}

Bytes encode_leaf(ByteView path, std::size_t slot_size, ByteView value) {
    Bytes out;
    encode_leaf(path, slot_size, value, out);
    return out;
}

}  // namespace state
