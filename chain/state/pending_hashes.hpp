#pragma once
// Hashes that a trie update still owes: of values, that stand in leaves, of leaves and branches, that stand in
// branches. They are made many at a time, so that a processor can do them side by side. For chain/state only.

#include "chain/crypto/hash_many.hpp"
#include "chain/state/view.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace state {

class PendingHashes {
public:
    /// How many hashed messages lie below one another at most in a message; one that owes no hash inside has height 0.
    using Height = std::size_t;

    PendingHashes();

    /// Owes the hash of `message` to the 32 bytes at `to`. Both stay where they are until it is paid. The message's own
    /// pending parts have smaller heights.
    void add(Height height, ByteView message, std::uint8_t* to);
    /// Owes the hash of a leaf, and that of its value if it stands there by its hash; the leaf's height.
    Height add_leaf(ByteView partial, ByteView value, std::uint8_t* to);
    /// Pays all of them.
    void pay();

private:
    /// As many as keep many lanes busy, and few enough to be still near when their time comes.
    static constexpr std::size_t batch_max = 128;
    static constexpr Height leaf_height = 1;

    void pay_up_to(Height height);

    std::vector<std::vector<crypto::HashJob>> by_height_;
    std::vector<Bytes> leaves_;  // the messages of height `leaf_height`
    std::size_t leaves_used_ = 0;
};

/// Whether a leaf's parent names it by its hash: its encoding has 32 bytes or more.
bool is_hashed_leaf(ByteView partial, ByteView value);

}  // namespace state
