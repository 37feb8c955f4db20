#pragma once
// Transactions that wait for a block. A pure state machine: events in, effects out; the state, the clock and the
// check of a transaction are arguments.
//
// One nonce-ordered queue per sender. Its longest run of consecutive nonces that starts at the account's next nonce is
// *ready*; what lies behind a gap is *future*. Blocks take the ready heads by priority (tip per weight, as the executor
// computes it), then by arrival; a sender's own transactions always go in nonce order. When room is short, queues lose
// their tails, future ones first, then by lowest priority, youngest first: an eviction never opens a gap. A transaction
// counts there no higher than those before it in its queue, so a rich tail does not shield poor ones. A transaction
// that a block took is remembered until the block is final, and comes back if the block is retracted.

#include "chain/base/hash_map.hpp"
#include "chain/block/short_block.hpp"
#include "chain/execution/executor.hpp"
#include "chain/pool/bans.hpp"
#include "chain/pool/limits.hpp"
#include "chain/pool/refusal.hpp"
#include "chain/pool/status.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <variant>
#include <vector>

namespace pool {

using chain::Bytes;
using chain::ByteView;
using chain::CheckedTransaction;
using chain::Result;
using chain::ValidityError;
using crypto::AccountId;

/// When something happens: the best block's number and the node's clock.
struct Moment {
    std::uint32_t best_number = 0;
    std::uint64_t now_ms = 0;
};

/// A transaction of the pool. Immutable and shared, so that a block can be built without holding the pool.
struct Pooled {
    CheckedTransaction checked;
    Bytes extrinsic;  ///< without its length prefix
    chain::TransactionSource source{};
};
using PooledPtr = std::shared_ptr<const Pooled>;

/// Tell who watches this transaction.
struct StatusChanged {
    Hash transaction;
    TransactionStatus status;
    bool operator==(const StatusChanged&) const = default;
};
/// Send this transaction to the peers; it became ready.
struct Gossip {
    Hash transaction;
    bool operator==(const Gossip&) const = default;
};
using Effect = std::variant<StatusChanged, Gossip>;
using Effects = std::vector<Effect>;

/// A block that joined the best chain.
struct EnactedBlock {
    Hash hash;
    std::uint32_t number = 0;
    std::vector<Hash> transactions;  ///< extrinsic hashes in block order, inherents included
    std::vector<AccountId> touched;  ///< accounts whose record it changed: their waiting transactions are checked again
};

/// How the best chain moved: `retracted` leave newest first, then `enacted` join oldest first.
struct ChainStep {
    std::vector<Hash> retracted;
    std::vector<EnactedBlock> enacted;
};

/// Checks an extrinsic against the state of the best block.
using Recheck = std::function<Result<CheckedTransaction, ValidityError>(const Pooled&)>;

class Pool {
public:
    explicit Pool(const Limits& limits = {});

    // ---- transactions come -------------------------------------------------------------------------------------

    /// The cheap questions before a signature is verified: size, known already, banned.
    Result<void, Refusal> may_enter(const Hash& hash, std::size_t extrinsic_bytes, Moment at) const;
    /// The executor refused the transaction: what to answer. Errors that no later state can heal ban the hash.
    Refusal reject(const Hash& hash, const ValidityError& error, Moment at);
    /// Takes a transaction that the executor found valid on the best block.
    Result<Effects, Refusal> submit(Pooled transaction, Moment at);
    /// The transaction was sent to peers.
    Effects broadcast(const Hash& hash, std::vector<std::string> peers) const;

    // ---- blocks come -------------------------------------------------------------------------------------------

    /// The best block changed. What it touched is checked again, what is too old leaves.
    Effects advance(const ChainStep& step, Moment at, const Recheck& recheck);
    /// A block that was enacted is final.
    Effects finalize(const Hash& block);
    /// While building a block on the best one, the executor refused this transaction. Leaves unless it may fit later
    /// (ExhaustsResources) or the refusal only says that the block lies elsewhere than the best one (Stale, Future).
    Effects refused_in_block(const Hash& hash, const ValidityError& error, Moment at);

    // ---- looking -----------------------------------------------------------------------------------------------

    /// The ready transactions in the order in which a block takes them, at most so many bytes of extrinsics.
    std::vector<PooledPtr> select(std::size_t bytes_max, std::size_t count_max = ~std::size_t{0}) const;
    /// Up to `count_max` that entered at this node before a moment and still wait, sender by sender in the order of
    /// their accounts, beginning behind `after`; each sender's whole.
    std::vector<PooledPtr> own_since(std::uint64_t before_ms, const AccountId& after, std::size_t count_max) const;
    /// The nonce that the sender's next transaction takes: past `account_nonce` and the ready ones that follow it.
    std::uint32_t next_nonce(const AccountId& sender, std::uint32_t account_nonce) const;
    /// Waiting or in a block that is not final.
    PooledPtr find(const Hash& hash) const;
    /// The same by the first half of its hash. Null, too, where several begin like that.
    PooledPtr find(const chain::ShortId& name) const;
    /// When the pool took a transaction that `find` knows; nothing for others.
    std::optional<std::uint64_t> entered_ms(const Hash& hash) const;
    /// The last status of a transaction that `find` knows.
    std::optional<TransactionStatus> status(const Hash& hash) const;
    /// Ready transactions in block order (author_pendingExtrinsics).
    std::vector<PooledPtr> pending() const;

    std::size_t ready_count() const { return ready_count_; }
    std::size_t future_count() const { return where_.size() - ready_count_; }
    std::size_t bytes() const { return bytes_; }
    /// Transactions that it remembers as invalid.
    std::size_t bans() const { return bans_.size(); }
    /// How many transactions have ever been taken.
    std::uint64_t arrivals() const { return arrivals_; }
    const Limits& limits() const { return limits_; }
    /// Stops the program if an index disagrees with the queues. For tests: it visits everything.
    void check_consistent() const;

private:
    enum class Standing : std::uint8_t { Unknown, Future, Ready };
    struct Entry {
        PooledPtr transaction;
        std::uint64_t arrival = 0;  ///< counts submissions: the lower, the earlier
        std::uint64_t entered_ms = 0;
        std::uint32_t valid_until = 0;    ///< last best number on which it is valid
        std::uint64_t rank_priority = 0;  ///< lowest priority of the queue up to here
        Standing standing = Standing::Unknown;
    };
    using Queue = std::map<std::uint32_t, Entry>;  // by nonce
    /// Order among heads and tails: future below ready, then priority, then age (the older ranks higher).
    struct Rank {
        bool is_ready = false;
        std::uint64_t priority = 0;
        std::uint64_t youth = 0;  ///< ~arrival
        AccountId sender{};
        auto operator<=>(const Rank&) const = default;
    };
    struct Sender {
        std::uint32_t account_nonce = 0;
        std::size_t bytes = 0;
        Queue queue;
        std::optional<Rank> head;  ///< as it stands in heads_; none while nothing is ready
        std::optional<Rank> tail;  ///< as it stands in tails_
    };
    using Senders = std::map<AccountId, Sender>;
    struct Place {
        AccountId sender{};
        std::uint32_t nonce = 0;
        const Entry* entry = nullptr;  ///< in the sender's queue
    };
    struct Included {
        Entry entry;
        Hash block;
        std::uint32_t index = 0;
    };
    struct BlockOfOurs {
        std::uint32_t number = 0;
        std::vector<Hash> transactions;
    };

    Result<void, Refusal> may_join(const Pooled& newcomer) const;
    Result<void, Refusal> may_replace(const Pooled& old, const Pooled& newcomer) const;
    Result<std::vector<Hash>, Refusal> victims_for(const Pooled& newcomer) const;
    Rank rank_for(const Pooled& newcomer) const;
    void insert(Entry entry);
    Entry take(const Hash& hash);
    void leave(Hash hash, TransactionStatus status, Effects& effects);
    void settle(const AccountId& sender, Effects& effects);
    void settle_standing(Sender& sender, Effects& effects);
    void trim(Effects& effects);
    void retract(const Hash& block, Effects& effects);
    void enact(const EnactedBlock& block, Effects& effects);
    void expire(Moment at, Effects& effects);
    void recheck_some(Moment at, const Recheck& recheck, Effects& effects);
    std::size_t recheck_sender(const AccountId& sender, Moment at, const Recheck& recheck, Effects& effects);
    void limit_unfinalized(Effects& effects);
    static Rank rank_of(const Entry& entry);
    const Entry* entry_of(const Hash& hash) const;

    Limits limits_;
    Bans bans_;
    Senders senders_;
    chain::HashMap<Place> where_;                     // waiting transactions
    std::set<Rank> heads_;                            // first ready of each sender
    std::set<Rank> tails_;                            // last of each sender
    chain::HashMap<Included> included_;               // in blocks that are not final
    std::map<Hash, BlockOfOurs> blocks_;              // those blocks, if they hold a transaction of ours
    std::set<std::pair<std::uint32_t, Hash>> order_;  // the same by number
    std::set<AccountId> to_recheck_;
    std::size_t bytes_ = 0;
    std::size_t ready_count_ = 0;
    std::uint64_t arrivals_ = 0;
};

}  // namespace pool
