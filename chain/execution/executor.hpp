#pragma once
// The port between the chain and its rules. The chain orders, stores and serves blocks; an Executor says what they
// mean. An Executor is a pure function object: same state and same bytes give the same answer on every machine, from
// any thread.

#include "chain/block/block.hpp"
#include "chain/crypto/account.hpp"
#include "chain/execution/validity.hpp"
#include "chain/execution/version.hpp"
#include "chain/execution/weight.hpp"
#include "chain/state/overlay.hpp"
#include "chain/state/view.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chain {

/// A transaction that may enter the pool, with what ordering needs to know.
struct CheckedTransaction {
    Hash hash;                   ///< extrinsic hash: blake2b-256 of the encoding with its length prefix
    crypto::AccountId sender{};  ///< the zero account where is_signed is false
    bool is_signed = false;
    std::uint32_t nonce = 0;
    std::uint32_t account_nonce = 0;  ///< the sender's next nonce in the state of the check
    u128 tip = 0;                     ///< base units
    u128 fee = 0;                     ///< base units, tip included: what leaves the sender's account at most
    Weight weight{};                  ///< declared before dispatch, base weight of an extrinsic included
    std::uint32_t length = 0;         ///< bytes of the encoding with its length prefix
    std::uint64_t priority = 0;       ///< tip per weight; operational calls above all tips
    std::uint64_t longevity = 0;      ///< valid for so many blocks; ~0 is forever
    bool is_future = false;           ///< a nonce before this one is still missing
    std::vector<Bytes> requires_;
    std::vector<Bytes> provides;
};

/// What is fixed about a block before its first transaction.
struct BlockStart {
    Hash parent_hash;
    std::uint32_t number = 0;
    Digest digest;
    std::uint64_t timestamp_ms = 0;
};

/// A block without its state root, which the owner of the trie fills in.
struct Built {
    Block block;
    state::StateDiff diff;
};

/// What a block does to its parent's state.
struct Executed {
    state::StateDiff diff;
};

enum class DispatchOutcome : std::uint8_t { Success, Failed };

/// One block being made. Mandatory first extrinsics are in it from the start.
class BlockBuilder {
public:
    BlockBuilder() = default;
    BlockBuilder(const BlockBuilder&) = delete;
    BlockBuilder& operator=(const BlockBuilder&) = delete;
    virtual ~BlockBuilder() = default;

    /// Applies and appends one extrinsic (no length prefix). A refused one leaves no trace;
    /// ExhaustsResources means that this block has no room for it, a later one may.
    virtual Result<DispatchOutcome, ValidityError> apply(ByteView extrinsic) = 0;
    /// False once trying further extrinsics cannot succeed.
    virtual bool has_room() const = 0;
    /// The finished block; state_root is zero. Call once, last.
    virtual Built finish() = 0;
};

/// Runs `task(i)` for every i below `count`, in any order and some at the same time; returns when all are done.
using ForEach = std::function<void(std::size_t count, const std::function<void(std::size_t)>& task)>;

/// The rules of the chain. runtime/appchain implements it.
class Executor {
public:
    Executor() = default;
    Executor(const Executor&) = delete;
    Executor& operator=(const Executor&) = delete;
    virtual ~Executor() = default;

    /// Whether this extrinsic (no length prefix) could enter a block on top of `state`, the state after block `parent`.
    /// The hash is needed beside the state: a block's own hash is never in its state, and a mortal transaction may be
    /// anchored at it (and on top of genesis every transaction is).
    virtual Result<CheckedTransaction, ValidityError> check(const state::StateView& state, const Hash& parent,
                                                            ByteView extrinsic, TransactionSource source) const = 0;
    /// Starts a block on top of `parent`, which must outlive the builder.
    virtual std::unique_ptr<BlockBuilder> build(const state::StateView& parent, const BlockStart& start) const = 0;
    /// The time that a block carries, in milliseconds since 1970; nothing where it carries none.
    virtual std::optional<std::uint64_t> timestamp_of(const Block& block) const = 0;
    /// Everything that can be known of a foreign block without running it and whatever the time is: number, digest,
    /// length, order of time, and all signatures, each a task of its own for `for_each`.
    virtual Result<void, std::string> check_block(const state::StateView& parent, const Block& block,
                                                  const ForEach& for_each) const = 0;
    /// Runs a foreign block that `check_block` accepts.  The error says which rule it breaks. Does not look at
    /// header.state_root.
    virtual Result<Executed, std::string> execute(const state::StateView& parent, const Block& block) const = 0;
    /// A runtime API by Substrate's name ("AccountNonceApi_account_nonce") with SCALE arguments and result.
    virtual Result<Bytes, std::string> call(const state::StateView& state, std::string_view api_method,
                                            ByteView arguments) const = 0;
    virtual RuntimeVersion version() const = 0;
    /// The metadata's bytes from their magic number on; empty for a version that is not offered.
    virtual Bytes metadata(std::uint32_t version) const = 0;
};

}  // namespace chain
