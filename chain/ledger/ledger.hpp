#pragma once
// The owner of the pool and the store: submit, build, check, execute, certify, finalize, read.
//
// A block comes in steps. `check` looks at what can be known without running it and keeps it; `execute` runs it, and
// its header's state root must come out; `certify` says that a quorum notarized it, which may make it the best block;
// `finalize` makes it and its ancestors final. Executed blocks above the finalized one live in memory as immutable
// overlays that forks share; finality folds them into the store in one durable batch. Every reader gets a snapshot that
// no later block changes. Safe from every thread. Callbacks run on one thread of the ledger's own, outside of its lock,
// in the order of the events.

#include "chain/base/bound.hpp"
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

/// A block built here, and thereby executed.
struct BuiltBlock {
    Block block;
    Hash hash;
};

enum class Content : std::uint8_t { FromPool, NoTransactions };

/// What can be said of a block without running it.
struct Checked {
    enum class Verdict : std::uint8_t {
        Good,
        Bad,
        Later,         ///< its time is ahead of this node's clock: ask again
        AnotherBlock,  ///< these are not the extrinsics of its header
        Lost           ///< neither: its parent is not here any more, or was never: finality has left it behind
    };
    Verdict verdict = Verdict::Good;
    std::uint64_t due_in_ms = 0;  ///< for Later
    std::string why;              ///< for the others but Good
};

/// What running a block showed; good and bad are the same on every machine and at any time.
struct Ran {
    bool is_good = true;
    /// Neither: finality has left it or its parent behind, and the ledger keeps it no more. Nobody needs to know.
    bool is_lost = false;
    std::string why;  ///< for all but a good one
    /// The state's root where that is what is bad: another one than the header's.
    std::optional<Hash> computed_root = {};
};

enum class Finality : std::uint8_t {
    Done,
    BlocksMissing  ///< the block or one below it is not here
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
    /// The first so many of the ready ones.
    std::vector<pool::PooledPtr> ready(std::size_t count_max) const;
    /// Those that entered at this node so long ago and still wait (pool::Pool::own_since).
    std::vector<pool::PooledPtr> own_waiting(std::uint64_t for_ms, const crypto::AccountId& after,
                                             std::size_t count_max) const;
    /// Whether a block is due now: it would hold a transaction, or is the chain's first. What three accepted empty
    /// blocks in a row passed over does not count until the pool changes: nobody seems to be able to include it.
    bool has_work() const;
    /// A transaction that waits or is in a block that is not final; null for others.
    pool::PooledPtr pooled(const Hash& extrinsic) const;
    /// The same of many at once, in their order.
    std::vector<pool::PooledPtr> pooled(const std::vector<Hash>& extrinsics) const;
    /// The same by short names.
    std::vector<pool::PooledPtr> pooled(const std::vector<chain::ShortId>& names) const;
    /// Which of the block's extrinsics the pool took at least so long ago: by now peers have heard of them.
    std::vector<bool> have_waited(const Block& block, std::uint64_t ms) const;
    /// What the pool holds.
    PoolUsage pool_usage() const;
    /// What it holds of everything that is bounded.
    chain::Bounds bounds() const;
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
    /// Transactions became ready: consensus may want to propose, peers may want to hear of them. The first after a
    /// pause is told at once, those that follow within milliseconds together.
    [[nodiscard]] Subscription on_ready(std::function<void(const std::vector<Hash>& extrinsics)> callback);

    // For consensus, through the adapter in tools/node.

    /// A block on top of `parent`, which was executed here, out of the pool and within the runtime's weight and length
    /// limits, stamped with this clock or a millisecond after its parent, whichever is later.
    Result<BuiltBlock> build(const Hash& parent, const chain::DigestItem& consensus_item,
                             Content content = Content::FromPool);
    /// Everything that can be known of a block on an executed parent without running it: extrinsics root, number,
    /// digest, signatures (spread over threads), time (later than its parent's; at most 500 ms ahead of this clock and
    /// 60 s behind it). A Good, Bad or Later block is kept.
    Checked check(Block block);
    /// Keeps a block that an earlier life of this node has checked, or that somebody vouches for.
    void keep(Block block);
    /// The block, if it is kept, above the finalized one or stored. Null otherwise.
    std::shared_ptr<const Block> find(const Hash& hash) const;
    /// Runs a kept block whose parent was executed, once. Repeats what does not depend on the clock where `check` did
    /// not accept it. Fault: too many blocks wait for finality.
    Result<Ran> execute(const Hash& hash);
    /// A quorum notarized this block, which was executed here: it and its ancestors are announced, and the one of the
    /// latest view is the best block.
    void certify(const Hash& hash);
    /// Check, execute and certify in one: for an author without others.
    Result<void> import(Block block);
    /// Makes the block and its ancestors final: durable when this returns, announced afterwards. Kept ones among them
    /// are run first. A fault means that the disk failed or that a final block is bad here: the node must stop.
    Result<Finality> finalize(const Hash& hash, Bytes certificate);

    /// Returns once every event so far has been delivered. Not from a callback.
    void deliver_all();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace ledger
