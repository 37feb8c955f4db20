#include "tests/support/blocks/signed_chain.hpp"

#include "chain/trie/trie.hpp"
#include "runtime/pallets/balances/balances.hpp"
#include "runtime/pallets/sudo/sudo.hpp"
#include "runtime/pallets/system/accounts.hpp"
#include "runtime/pallets/system/marker.hpp"
#include "runtime/pallets/timestamp/timestamp.hpp"
#include "runtime/pallets/validators/validators.hpp"

#include <catch2/catch.hpp>

namespace tests {

std::vector<frame::RuntimeEvent> MadeBlock::of(std::uint32_t extrinsic) const {
    std::vector<frame::RuntimeEvent> out;
    const frame::Phase wanted{frame::ApplyExtrinsic{extrinsic}};
    for (const auto& record : events)
        if (record.phase == wanted) out.push_back(record.event);
    return out;
}

frame::DispatchResult MadeBlock::outcome(std::uint32_t extrinsic) const {
    const auto own = of(extrinsic);
    REQUIRE_FALSE(own.empty());
    const std::vector<frame::RuntimeEvent> last{own.back()};
    if (!Outcome::events_of<frame_system::ExtrinsicSuccess>(last).empty()) return {};
    const auto failed = Outcome::events_of<frame_system::ExtrinsicFailed>(last);
    REQUIRE(failed.size() == 1);
    return std::unexpected{failed.front().dispatch_error};
}

SignedChain::SignedChain(const Chain::World& world) : time_ms_(world.time_ms) {
    state::Overlay overlay{state_};
    write_genesis(overlay, world);
    state_.apply(overlay.take());
    const std::vector<std::pair<chain::Bytes, chain::Bytes>> entries(state_.entries.begin(), state_.entries.end());
    const chain::Header header{.state_root = trie::root(entries, trie::StateVersion::V1),
                               .extrinsics_root = chain::extrinsics_root({})};
    genesis_ = best_ = chain::hash_of(header);
}

chain::Bytes SignedChain::sign_call(const crypto::SecretKey& key, const frame::Call& call, const Bend& bend) const {
    const chain::Extra extra{.era = bend.era,
                             .nonce = {bend.nonce.value_or(nonce(key.account()))},
                             .tip = {bend.tip},
                             .metadata_hash_mode = bend.metadata_hash_mode};
    const chain::SigningContext context{
        .spec_version = bend.spec_version.value_or(frame_system::spec_version),
        .transaction_version = bend.transaction_version.value_or(frame_system::transaction_version),
        .genesis = bend.genesis.value_or(genesis_),
        .birth_block = bend.birth_block.value_or(genesis_)};
    return chain::sign_extrinsic(key, call.encoded, extra, context);
}

chain::Result<chain::CheckedTransaction, chain::ValidityError> SignedChain::check(chain::ByteView extrinsic) const {
    return executor_.check(state_, best_, extrinsic, chain::TransactionSource::External);
}

chain::BlockStart SignedChain::start(std::uint64_t ms) const {
    return {.parent_hash = best_,
            .number = number_ + 1,
            .digest = {{chain::to_digest(chain::ConsensusDigest{.view = number_ + 1})}},
            .timestamp_ms = number_ == 0 ? time_ms_ : time_ms_ + ms};
}

std::unique_ptr<chain::BlockBuilder> SignedChain::builder(std::uint64_t ms) const {
    return executor_.build(state_, start(ms));
}

MadeBlock SignedChain::block(const std::vector<chain::Bytes>& extrinsics, std::uint64_t ms) {
    const auto building = builder(ms);
    for (const auto& extrinsic : extrinsics) {
        const auto applied = building->apply(extrinsic);
        if (!applied) FAIL("the block refuses an extrinsic: " << chain::text(applied.error()));
    }
    auto built = building->finish();

    // Whoever verifies has seen none of the signatures.
    const auto verified = runtime::Appchain{}.execute(state_, built.block);
    if (!verified) FAIL("a built block does not verify: " << verified.error());
    REQUIRE(verified->diff == built.diff);

    state_.apply(built.diff);
    for (const auto& invariant : standard_invariants())
        if (const auto broken = invariant(state_)) FAIL(*broken);
    best_ = chain::hash_of(built.block.header);
    ++number_;
    time_ms_ = timestamp::now(state_);
    return {.block = std::move(built.block), .hash = best_, .events = frame_system::storage.events.get(state_)};
}

chain::Result<chain::DispatchOutcome, chain::ValidityError> SignedChain::offer(chain::ByteView extrinsic) const {
    return builder()->apply(extrinsic);
}

std::uint32_t SignedChain::nonce(const AccountId& who) const { return frame_system::account_nonce(state_, who); }
Balance SignedChain::free(const AccountId& who) const { return balances::free_balance(state_, who); }

}  // namespace tests
