#pragma once
// The blocks above the finalized one that were executed here: a tree that grows by execution and is cut by finality.
// The best of them is the certified one (executed here, notarized by a quorum) of the latest view: the next proposal
// stands on it. Pure; the ledger locks it.

#include "chain/block/block.hpp"
#include "chain/state/layers.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <vector>

namespace ledger {

using chain::Block;
using chain::Bytes;
using chain::Hash;

/// A block that was executed here, with what it changed.
struct Executed {
    Block block;
    Hash hash;
    std::uint32_t number = 0;
    std::uint64_t timestamp_ms = 0;
    std::shared_ptr<const state::BlockLayer> layer;
};
using ExecutedPtr = std::shared_ptr<const Executed>;

/// How the best chain moved: `left` newest first, then `joined` oldest first.
struct BestMove {
    std::vector<ExecutedPtr> left;
    std::vector<ExecutedPtr> joined;
};

class Forks {
public:
    /// Blocks that wait for finality. Beyond, `insert` refuses: an engine that runs so far ahead has lost its way.
    static constexpr std::size_t blocks_max = 1'024;

    Forks(const Hash& finalized, std::uint32_t number) : root_{finalized}, root_number_(number), best_{finalized} {}

    /// The block, if it is above the finalized one.
    ExecutedPtr find(const Hash& hash) const;
    /// Whether a block may stand on this one: it is the finalized one or above it.
    bool can_carry(const Hash& parent) const { return parent == root_ || blocks_.contains(parent); }
    std::size_t size() const { return blocks_.size(); }

    /// Adds a block on a known parent, at most once. False when full.
    bool insert(ExecutedPtr block);
    /// A quorum notarized the block, which is here. It becomes best if no certified one is of a later view (of a higher
    /// number, where views are equal). Returns the blocks up to it that were not certified yet, oldest first.
    std::vector<ExecutedPtr> certify(const Hash& hash);

    const Hash& best() const { return best_; }
    std::uint32_t best_number() const;
    /// From the one above the finalized block up to `hash`; empty if it is not above it.
    std::vector<ExecutedPtr> path_to(const Hash& hash) const;
    /// What changed between two blocks of the tree (either may be the finalized one).
    BestMove move(const Hash& from, const Hash& to) const;

    /// `hash` is about to become final: the best block becomes the latest certified one that stands on it.
    void prefer(const Hash& hash);
    /// `hash` becomes the finalized block. Returns what lost: every block that does not stand on it.
    std::vector<ExecutedPtr> finalize(const Hash& hash);

private:
    /// Epoch, view, number.
    using Rank = std::tuple<std::uint64_t, std::uint64_t, std::uint32_t>;
    struct Node {
        ExecutedPtr block;
        Rank rank;
        bool is_certified = false;
    };
    bool stands_on(const Hash& hash, const Hash& below) const;
    /// The lowest for a block that is not here: whatever is certified beats the finalized one.
    Rank rank_of(const Hash& hash) const;

    Hash root_;
    std::uint32_t root_number_;
    Hash best_;
    std::map<Hash, Node> blocks_;
};

}  // namespace ledger
