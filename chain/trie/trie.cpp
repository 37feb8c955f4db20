#include "chain/trie/trie.hpp"

#include "chain/base/check.hpp"
#include "chain/codec/scale.hpp"
#include "chain/crypto/hash.hpp"
#include "chain/trie/node.hpp"

#include <algorithm>
#include <vector>

namespace trie {

namespace {

/// A key as nibbles beside its value.
struct Entry {
    Bytes path;
    ByteView value;
};

Bytes encode_subtree(std::span<const Entry> entries, std::size_t depth, StateVersion version);

Bytes encode_leaf(const Entry& entry, std::size_t depth, StateVersion version) {
    Hash hash;
    Bytes out;
    encode_node({.partial = ByteView{entry.path}.subspan(depth), .value = node_value(entry.value, version, hash)}, out);
    return out;
}

/// Two entries and more: their common nibbles, then a child for each nibble that follows.
Bytes encode_branch(std::span<const Entry> entries, std::size_t depth, StateVersion version) {
    // What the first and the last share, all between them share.
    const std::size_t at = common_prefix(entries.front().path, entries.back().path);
    Hash hash;
    Node node{.partial = ByteView{entries.front().path}.first(at).subspan(depth)};
    if (entries.front().path.size() == at) {
        node.value = node_value(entries.front().value, version, hash);
        entries = entries.subspan(1);
    }
    std::array<Reference, children_max> references;
    while (!entries.empty()) {
        const std::uint8_t nibble = entries.front().path[at];
        const auto end = std::ranges::partition_point(entries, [&](const Entry& e) { return e.path[at] == nibble; });
        const auto below = entries.first(static_cast<std::size_t>(end - entries.begin()));
        references[nibble] = Reference::to(encode_subtree(below, at + 1, version));
        node.children[nibble] = references[nibble].view();
        entries = entries.subspan(below.size());
    }
    Bytes out;
    encode_node(node, out);
    return out;
}

Bytes encode_subtree(std::span<const Entry> entries, std::size_t depth, StateVersion version) {
    if (entries.size() == 1) return encode_leaf(entries.front(), depth, version);
    return encode_branch(entries, depth, version);
}

}  // namespace

Hash root(std::span<const std::pair<Bytes, Bytes>> sorted_entries, StateVersion version) {
    if (sorted_entries.empty()) return empty_root;
    std::vector<Entry> entries;
    entries.reserve(sorted_entries.size());
    for (const auto& [key, value] : sorted_entries) {
        entries.push_back({to_nibbles(key), value});
        chain::check(entries.size() == 1 || entries[entries.size() - 2].path < entries.back().path);
    }
    return crypto::blake2b_256(encode_subtree(entries, 0, version));
}

Hash ordered_root(std::span<const Bytes> values) {
    std::vector<std::pair<Bytes, Bytes>> entries;
    entries.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        entries.emplace_back(scale::encode(scale::Compact{static_cast<std::uint32_t>(i)}), values[i]);
    }
    std::ranges::sort(entries);
    return root(entries, StateVersion::V0);
}

}  // namespace trie
