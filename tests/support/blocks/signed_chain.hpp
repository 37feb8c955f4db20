#pragma once
// A chain of whole blocks, made and verified by the runtime's executor from signed extrinsics, as a node does it.
//
//   SignedChain chain{{.accounts = {{dev_account("Alith"), 100 * tph}}}};
//   const auto block = chain.block({chain.sign("Alith", balances::TransferKeepAlive{…})});
//   CHECK(block.outcome(1) == …);

#include "chain/block/extrinsic.hpp"
#include "runtime/appchain/executor.hpp"
#include "tests/support/chain.hpp"

namespace tests {

/// How tests bend a transaction; unset members are what the chain expects.
struct Bend {
    std::optional<std::uint32_t> nonce;
    Balance tip = 0;
    chain::Era era;
    std::uint8_t metadata_hash_mode = 0;
    std::optional<std::uint32_t> spec_version;
    std::optional<std::uint32_t> transaction_version;
    std::optional<chain::Hash> genesis;
    std::optional<chain::Hash> birth_block;
};

/// A block that the executor built and then accepted again.
struct MadeBlock {
    chain::Block block;
    chain::Hash hash;
    std::vector<frame::EventRecord> events;

    /// Events of the extrinsic with this index, in order.
    std::vector<frame::RuntimeEvent> of(std::uint32_t extrinsic) const;
    template <class E>
    std::vector<E> all(std::uint32_t extrinsic) const {
        return Outcome::events_of<E>(of(extrinsic));
    }
    /// What its last event says: success, or why not.
    frame::DispatchResult outcome(std::uint32_t extrinsic) const;
};

class SignedChain {
public:
    /// The world's time is the first block's. The author of every block is `author`.
    explicit SignedChain(const Chain::World& world);

    template <class C>
    chain::Bytes sign(std::string_view dev_name, const C& call, const Bend& bend = {}) const {
        return sign_call(dev_key(dev_name), frame::to_call(call), bend);
    }
    chain::Bytes sign_call(const crypto::SecretKey& key, const frame::Call& call, const Bend& bend) const;

    /// Executor::check on top of the latest block.
    chain::Result<chain::CheckedTransaction, chain::ValidityError> check(chain::ByteView extrinsic) const;
    /// Builds a block of these, which must all be accepted, has a second executor verify it, checks the invariants and
    /// adopts it.
    MadeBlock block(const std::vector<chain::Bytes>& extrinsics, std::uint64_t ms = 1'000);
    /// Offers one extrinsic to a block that is then thrown away: why it is refused, or how it ends.
    chain::Result<chain::DispatchOutcome, chain::ValidityError> offer(chain::ByteView extrinsic) const;
    /// A builder on top of the latest block.
    std::unique_ptr<chain::BlockBuilder> builder(std::uint64_t ms = 1'000) const;

    const runtime::Appchain& executor() const { return executor_; }
    const state::StateView& state() const { return state_; }
    const chain::Hash& best() const { return best_; }
    const chain::Hash& genesis() const { return genesis_; }
    std::uint32_t number() const { return number_; }
    std::uint32_t nonce(const AccountId& who) const;
    Balance free(const AccountId& who) const;
    /// How many signatures were recovered and remembered so far.
    std::size_t signatures_known() const { return signatures_->size(); }

private:
    chain::BlockStart start(std::uint64_t ms) const;

    std::shared_ptr<chain::SignatureCache> signatures_ = std::make_shared<chain::SignatureCache>();
    runtime::Appchain executor_{signatures_};
    state::MapState state_;
    chain::Hash genesis_;
    chain::Hash best_;
    std::uint32_t number_ = 0;
    std::uint64_t time_ms_ = 0;
};

}  // namespace tests
