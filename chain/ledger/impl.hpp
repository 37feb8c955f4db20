#pragma once
// The ledger's inside, shared by its source files.

#include "chain/ledger/forks.hpp"
#include "chain/ledger/kept.hpp"
#include "chain/ledger/ledger.hpp"
#include "chain/ledger/notifier.hpp"
#include "chain/ledger/workers.hpp"

#include <mutex>

namespace ledger {

/// The state after a block and the branches that prove it.
using ViewPtr = std::shared_ptr<const state::LayeredView>;

struct Ledger::Impl {
    store::Store& store;
    const chain::Executor& executor;
    Clock clock;
    Notifier notifier;
    Workers workers{Workers::threads_by_default()};

    // One consensus step at a time: build, check, execute, certify and finalize run executions and disk writes outside
    // of `mutex`.
    std::mutex consensus;

    // Guards everything below, for as long as looking something up or moving it takes: never while a block is built or
    // executed, a signature is verified, the disk is written or a subscriber runs. A strand would not do, because RPC
    // threads need answers at once. Order of locks: consensus, mutex, notifier.
    mutable std::mutex mutex;
    pool::Pool pool;
    Forks forks;
    /// The finalized state. Changes together with `forks`, so that layers and what lies below them always fit.
    std::shared_ptr<const store::Snapshot> base;
    BlockRef finalized;
    /// Proposed by others.
    KeptBlocks kept;
    /// Accepted blocks without transactions in a row. One may only mean that its proposer had not heard yet.
    std::uint32_t empty_blocks = 0;
    static constexpr std::uint32_t empty_blocks_max = 3;
    /// The last of so many came while so many transactions had been submitted: who waits since then is no work.
    std::uint64_t passed_over = 0;

    Impl(store::Store& s, const chain::Executor& e, pool::Limits limits, Clock c);

    // With `mutex` held:
    /// What the pool has under each name, in their order.
    template <class Name>
    std::vector<pool::PooledPtr> find_each(const std::vector<Name>& names) const {
        std::vector<pool::PooledPtr> out;
        out.reserve(names.size());
        for (const Name& name : names) out.push_back(pool.find(name));
        return out;
    }
    pool::Moment moment() const { return {forks.best_number(), clock()}; }
    ViewPtr view(const ExecutedPtr& top) const;
    /// The state after the finalized block or one above it; null for others.
    ViewPtr view_of(const Hash& hash) const;
    void announce(const pool::Effects& effects);
    void move_best(const Hash& from);
    void certify(const Hash& hash);
    /// Publishes the block with the flags of `news`.
    void tell(const Executed& block, NewBlock news);
    /// Kept blocks from the lowest one whose parent was executed up to `hash`; nothing where one is missing.
    std::optional<std::vector<Hash>> to_run(const Hash& hash) const;

    // Without it:
    ExecutedPtr executed(Block block, state::StateDiff diff, const ViewPtr& parent,
                         std::shared_ptr<const state::BlockLayer> parent_layer) const;
    Checked check_time(const Block& block, std::uint64_t parent_ms) const;
    bool is_whole(const Block& block, const Hash& hash);
    std::optional<std::string> broken_rule(const Block& block, const state::StateView& parent);
    Result<Ran> run(const Hash& hash);
    Result<void> store_final(const std::vector<ExecutedPtr>& path, Bytes certificate);
};

}  // namespace ledger
