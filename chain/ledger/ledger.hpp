#pragma once
// The owner of the pool and the store: submit, build, import, finalize, read.
//
// Blocks above the finalized one live in memory as immutable overlays that forks share; finality folds the oldest into
// the store in one durable batch. Every reader gets a snapshot that no later block changes. Safe from every thread.
// Callbacks run on one thread of the ledger's own, outside of its lock, in the order of the events.

#include "chain/block/block.hpp"
#include "chain/crypto/account.hpp"
#include "chain/execution/executor.hpp"
#include "chain/ledger/events.hpp"
#include "chain/pool/pool.hpp"
#include "chain/store/store.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ledger {

using chain::Block;
using chain::Bytes;
using chain::ByteView;
using chain::Fault;
using chain::Hash;
using chain::Header;
using chain::Result;

/// Milliseconds since 1970, UTC.
using Clock = std::function<std::uint64_t()>;

/// The system's clock.
Clock system_clock();

/// A block built here, known to the ledger: `import` accepts it without running it again.
struct BuiltBlock {
    Block block;
    Hash hash;
};

struct PoolUsage {
    std::size_t ready = 0;   ///< transactions that a block could take now
    std::size_t future = 0;  ///< transactions that wait for an earlier nonce
    std::size_t bytes = 0;
    std::size_t bytes_max = 0;
};

class Ledger {
public:
    /// The store must hold a genesis block. Store and executor must outlive the ledger.
    Ledger(store::Store& store, const chain::Executor& executor, pool::Limits limits = {},
           Clock clock = system_clock());
    ~Ledger();
    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;

    /// Checks an extrinsic (no length prefix) on the best block and pools it. The hash is the extrinsic's.
    Result<Hash, SubmitError> submit(Bytes extrinsic, chain::TransactionSource source);
    /// What the pool holds, ready ones first in the order a block would take them; no length prefixes.
    std::vector<Bytes> pending() const;
    /// Whether a block built now would hold a transaction.
    bool has_work() const;
    /// A transaction that waits or is in a block that is not final; null for others.
    pool::PooledPtr pooled(const Hash& extrinsic) const;
    /// What the pool holds.
    PoolUsage pool_usage() const;
    /// The nonce after the account's last ready transaction.
    std::uint32_t next_nonce(const crypto::AccountId& account) const;

    BlockRef best() const;
    BlockRef finalized() const;
    BlockRef genesis() const;
    std::optional<Header> header(const Hash& hash) const;
    std::optional<Block> block(const Hash& hash) const;
    /// On the best chain.
    std::optional<Hash> hash_of(std::uint32_t number) const;
    /// What finalized the block; none for genesis and for blocks that are not final.
    std::optional<Bytes> certificate(const Hash& hash) const;

    /// The state after a block: any that is not final yet, and the last 4,096 final ones. Null for others. A snapshot:
    /// it answers the same for as long as it is held; do not hold it for longer than a request.
    std::shared_ptr<const state::StateView> state_at(const Hash& hash) const;
    /// Trie nodes that prove the keys' values (or absence) in the state root of a recent block.
    Result<std::vector<Bytes>, std::string> read_proof(std::span<const Bytes> keys, const Hash& hash) const;
    /// A runtime API on the state after a block.
    Result<Bytes, std::string> runtime_call(const Hash& hash, std::string_view method, ByteView arguments) const;
    const chain::Executor& executor() const;

    [[nodiscard]] Subscription on_new_block(std::function<void(const NewBlock&)> callback);
    [[nodiscard]] Subscription on_finalized(std::function<void(const FinalizedBlocks&)> callback);
    /// Statuses of one extrinsic, the current one first. Ends by itself after the last one.
    [[nodiscard]] Subscription on_transaction(const Hash& extrinsic,
                                              std::function<void(const TransactionStatus&)> callback);
    /// A transaction became ready: consensus may want to propose, peers may want to hear of it.
    [[nodiscard]] Subscription on_ready(std::function<void(const Hash& extrinsic)> callback);

    // For consensus, through the adapter in tools/node.

    /// A block on top of `parent` out of the pool, within the runtime's weight and length limits, stamped with this
    /// clock or a millisecond after its parent, whichever is later.
    Result<BuiltBlock> build(const Hash& parent, const chain::DigestItem& consensus_item);
    /// Checks and runs a block: parent, number, roots, time (later than its parent's; at most 500 ms ahead of this
    /// clock and 2 s behind it). It becomes best when it is the highest.
    Result<void> import(Block block);
    /// Makes the block and its ancestors final: durable when this returns, announced afterwards. A fault means that the
    /// disk failed, and the node must stop.
    Result<void> finalize(const Hash& hash, Bytes certificate);

    /// Returns once every event so far has been delivered. Not from a callback.
    void deliver_all();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace ledger
