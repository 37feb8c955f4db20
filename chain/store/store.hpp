#pragma once
// Blocks and state on disk (LevelDB). Columns: S flat state by raw key; N trie branches by path; D what blocks changed,
// by key and by block; B bodies; H headers and the number index; C certificates; P certificates that must be shown on
// demand (proofs.hpp); M the finalized marker and the genesis hash.
//
// Only finalized blocks come here. What becomes final together is one synced write batch: bodies, headers, certificate,
// state, branches, history and marker become durable together or not at all, so whatever was reported final is there
// after any crash, and the last final block always has its certificate.

#include "chain/base/result.hpp"
#include "chain/block/block.hpp"
#include "chain/state/layers.hpp"
#include "chain/state/view.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>

namespace store {

class Proofs;

using chain::Block;
using chain::Bytes;
using chain::ByteView;
using chain::Hash;
using chain::Header;
using chain::Result;

/// Bounds of memory and history.
struct Limits {
    std::size_t block_cache_bytes = 32 << 20;
    std::size_t write_buffer_bytes = 8 << 20;
    /// Values and branches of the head that were used last; the branches of a million accounts take about 118 MB.
    std::size_t head_cache_bytes = 96 << 20;
    /// Blocks below the finalized one whose state can be read.
    std::uint32_t states = 4'096;
    /// Of these, blocks whose state can also be proved (older branches take as much room as the state).
    std::uint32_t proofs = 256;
};

/// The finalized block.
struct Head {
    Hash hash;
    std::uint32_t number = 0;
    Hash state_root;
    bool operator==(const Head&) const = default;
};

/// A block to make final, on top of the head or of the one before it in the same batch.
struct Commit {
    const Hash& hash;
    const Block& block;
    const state::StateDiff& diff;
    const state::NodeDiff& nodes;
    Bytes certificate;
};

/// State and branches after one final block. A snapshot: later commits and pruning do not change it.
class Snapshot : public state::StateView, public state::NodeView {
public:
    /// False where the block's branches are pruned, so that only values can be read.
    virtual bool can_prove() const = 0;
};

/// Safe from every thread; one writer at a time.
class Store {
public:
    /// Opens or creates a data folder. A folder that another process holds, that belongs to another program or is
    /// damaged gives a fault that says what to do.
    static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder, Limits limits = {});
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    /// Writes block zero into a fresh folder; checks that a used one has the same. The fault names both hashes.
    Result<void> begin(const Hash& genesis, const Block& block, const state::StateView& state);
    /// Nothing in a fresh folder.
    std::optional<Head> head() const;
    /// Block zero; check() fails in a fresh folder.
    Hash genesis() const;

    /// Makes blocks final and durable, each the parent of the next; all or none. A fault (a full disk) leaves the store
    /// as it was: stop, and open it again.
    Result<void> commit(std::span<const Commit> blocks);
    Result<void> commit(const Commit& block) { return commit(std::span{&block, 1}); }

    std::optional<Header> header(const Hash& hash) const;
    std::optional<Block> block(const Hash& hash) const;
    std::optional<Bytes> certificate(const Hash& hash) const;
    std::optional<Hash> hash_of(std::uint32_t number) const;

    /// After the head, or after an older block within Limits::states; null beyond.
    std::shared_ptr<const Snapshot> snapshot() const;
    std::shared_ptr<const Snapshot> snapshot_at(std::uint32_t number) const;

    /// Lives as long as the store.
    Proofs& proofs();
    /// What the cache of Limits::head_cache_bytes holds.
    std::size_t cache_bytes() const;

    /// Recomputes the state root from the flat state alone, and compares it with the head's header and the stored
    /// branches.
    Result<void> verify_state() const;

private:
    struct Impl;
    explicit Store(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace store
