#include "chain/state/branch_record.hpp"

#include "chain/base/check.hpp"
#include "chain/codec/scale.hpp"

#include <bit>
#include <utility>

namespace state {

using chain::check;

namespace {

constexpr std::size_t front_bytes = 4;
constexpr std::size_t bitmap_bytes = 2;
/// A child that is a hash, after its size.
constexpr std::size_t sized_hash_bytes = 1 + trie::hash_bytes;

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

bool RecordFront::is_patchable() const {
    // Two bits of header say that there is no value, the others count the nibbles before the children.
    constexpr unsigned kind = 0b1000'0000;
    constexpr unsigned nibbles_max = 0b0011'1111;
    const unsigned header = encoded_node_.front();
    const unsigned nibbles = header & nibbles_max;
    if ((header & ~nibbles_max) != kind || nibbles == nibbles_max) return false;
    const std::size_t before = 1 + (nibbles + 1) / 2 + bitmap_bytes;
    // No child is longer than a hash.
    const auto children = static_cast<std::size_t>(std::popcount(children_));
    return encoded_node_.size() == before + children * sized_hash_bytes;
}

std::size_t RecordFront::place_of(std::size_t nibble) const {
    const auto from_here_on = static_cast<std::size_t>(std::popcount(static_cast<unsigned>(children_) >> nibble));
    return front_bytes + encoded_node_.size() - from_here_on * sized_hash_bytes + 1;
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

void BranchRecord::mark(Bytes& record, std::uint16_t branch_children) {
    check(record.size() > front_bytes);
    record[0] = static_cast<std::uint8_t>(branch_children);
    record[1] = static_cast<std::uint8_t>(branch_children >> 8);
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
