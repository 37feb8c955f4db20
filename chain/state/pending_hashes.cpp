#include "chain/state/pending_hashes.hpp"

#include "chain/state/branch_record.hpp"
#include "chain/trie/node.hpp"

#include <array>

namespace state {

PendingHashes::PendingHashes() : by_height_(leaf_height + 1), leaves_(batch_max) {}

void PendingHashes::add(Height height, ByteView message, std::uint8_t* to) {
    if (height >= by_height_.size()) by_height_.resize(height + 1);
    auto& jobs = by_height_[height];
    jobs.push_back({message, to});
    if (jobs.size() == batch_max) pay_up_to(height);
}

PendingHashes::Height PendingHashes::add_leaf(ByteView partial, ByteView value, std::uint8_t* to) {
    if (leaves_used_ == leaves_.size()) pay_up_to(leaf_height);
    Bytes& leaf = leaves_[leaves_used_++];
    leaf.clear();
    static constexpr std::array<std::uint8_t, trie::hash_bytes> owed{};
    const bool hashed = value.size() >= trie::hashed_value_bytes_min;
    trie::encode_node({.partial = partial, .value = trie::NodeValue{hashed ? ByteView{owed} : value, hashed}}, leaf);
    if (hashed) add(0, value, leaf.data() + leaf.size() - trie::hash_bytes);
    add(leaf_height, leaf, to);
    return leaf_height;
}

void PendingHashes::pay() {
    if (!by_height_.empty()) pay_up_to(by_height_.size() - 1);
}

void PendingHashes::pay_up_to(Height height) {
    for (Height at = 0; at <= height; ++at) {
        crypto::blake2b_256(by_height_[at]);
        by_height_[at].clear();
    }
    if (height >= leaf_height) leaves_used_ = 0;
}

bool is_hashed_leaf(ByteView partial, ByteView value) {
    // A byte of header, the nibbles, a byte for the value's size, the value: what makes the header longer is longer.
    return value.size() >= trie::hashed_value_bytes_min ||
           1 + (partial.size() + 1) / 2 + 1 + value.size() >= trie::hash_bytes;
}

}  // namespace state
