#include "chain/state/branch_record.hpp"

#include "chain/base/check.hpp"

#include <utility>

namespace state {

using chain::check;

namespace {

trie::DecodedNode decode_own(ByteView encoded) {
    auto node = trie::decode_node(encoded);
    check(node && node->is_branch);
    return *std::move(node);
}

}  // namespace

BranchRecord::BranchRecord(Bytes bytes) : bytes_(std::move(bytes)) {
    check(bytes_.size() > mark_bytes);
    branch_children_ = static_cast<std::uint16_t>(bytes_[0] | bytes_[1] << 8);
    node_ = decode_own(encoded_node());
}

Bytes BranchRecord::encode(const trie::Node& node, std::uint16_t branch_children) {
    Bytes out;
    out.reserve(mark_bytes + trie::encoded_bytes_max(node));
    out.push_back(static_cast<std::uint8_t>(branch_children));
    out.push_back(static_cast<std::uint8_t>(branch_children >> 8));
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
