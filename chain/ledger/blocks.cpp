// The consensus side of the ledger: build, import, finalize.

#include "chain/base/check.hpp"
#include "chain/ledger/impl.hpp"
#include "chain/ledger/known_state.hpp"
#include "chain/state/trie_update.hpp"

namespace ledger {
namespace {

// compute.md "Time": a block may run this far ahead of, and this far behind, the clock of who votes for it.
constexpr std::uint64_t ahead_ms_max = 500;
constexpr std::uint64_t behind_ms_max = 2'000;
// What one block is offered from the pool; the runtime's own limit on a block's length is lower.
constexpr std::size_t offered_bytes_max = 8 << 20;

std::vector<Hash> extrinsic_hashes(const Block& block) {
    std::vector<Hash> out;
    out.reserve(block.extrinsics.size());
    for (const auto& extrinsic : block.extrinsics) out.push_back(chain::extrinsic_hash(extrinsic));
    return out;
}

}  // namespace

ExecutedPtr Ledger::Impl::candidate(const Hash& hash) const {
    for (const auto& block : candidates)
        if (block->hash == hash) return block;
    return nullptr;
}

ExecutedPtr Ledger::Impl::executed(Block block, state::StateDiff diff, const ViewPtr& parent,
                                   std::shared_ptr<const state::BlockLayer> parent_layer) const {
    auto update = state::update_trie(*parent, *parent, diff);
    block.header.state_root = update.root;
    const Hash hash = chain::hash_of(block.header);
    const std::uint32_t number = block.header.number.value;
    auto layer = std::make_shared<const state::BlockLayer>(
        state::BlockLayer{hash, number, update.root, std::move(diff), std::move(update.nodes), parent_layer});
    const state::LayeredView after{layer, parent, parent};
    return std::make_shared<const Executed>(std::move(block), hash, number, timestamp_in(after), std::move(layer));
}

Result<void> Ledger::Impl::check_time(std::uint64_t timestamp_ms, std::uint64_t parent_ms) const {
    const std::uint64_t now = clock();
    if (timestamp_ms <= parent_ms) return chain::fault("its time is not later than its parent's");
    if (timestamp_ms > now + ahead_ms_max)
        return chain::fault("its time is " + std::to_string(timestamp_ms - now) + " ms ahead of this node's clock");
    if (timestamp_ms + behind_ms_max < now)
        return chain::fault("its time is " + std::to_string(now - timestamp_ms) + " ms behind this node's clock");
    return {};
}

// ---- build
// -----------------------------------------------------------------------------------------------------------

Result<BuiltBlock> Ledger::build(const Hash& parent, const chain::DigestItem& consensus_item) {
    const std::lock_guard one_step{impl_->consensus};
    std::unique_lock lock{impl_->mutex};
    const auto view = impl_->view_of(parent);
    if (!view) return chain::fault("cannot build on block " + chain::to_hex(parent) + ": it is not finalized or above");
    const auto below = impl_->forks.find(parent);
    const std::uint32_t number = (below ? below->number : impl_->finalized.number) + 1;
    const auto offered = impl_->pool.select(offered_bytes_max);
    lock.unlock();

    const std::uint64_t now = std::max(impl_->clock(), timestamp_in(*view) + 1);
    const auto builder = impl_->executor.build(*view, {parent, number, {{consensus_item}}, now});
    std::vector<std::pair<Hash, chain::ValidityError>> refused;
    for (const auto& transaction : offered) {
        if (!builder->has_room()) break;
        if (auto applied = builder->apply(transaction->extrinsic); !applied)
            refused.emplace_back(transaction->checked.hash, std::move(applied).error());
    }
    auto built = builder->finish();
    const auto block =
        impl_->executed(std::move(built.block), std::move(built.diff), view, below ? below->layer : nullptr);

    lock.lock();
    for (const auto& [hash, error] : refused)
        impl_->announce(impl_->pool.refused_in_block(hash, error, impl_->moment()));
    impl_->candidates.push_back(block);
    if (impl_->candidates.size() > Impl::candidates_max) impl_->candidates.pop_front();
    return BuiltBlock{block->block, block->hash};
}

// ---- import
// ----------------------------------------------------------------------------------------------------------

Result<ExecutedPtr> Ledger::Impl::execute(Block block) {
    const Header& header = block.header;
    std::unique_lock lock{mutex};
    const auto parent = view_of(header.parent_hash);
    const auto below = forks.find(header.parent_hash);
    const std::uint32_t number = (below ? below->number : finalized.number) + 1;
    lock.unlock();
    const auto refuse = [&](std::string_view why) {
        return chain::fault("block " + chain::to_hex(chain::hash_of(header)) + " is refused: " + std::string{why});
    };
    if (!parent) return refuse("its parent is not finalized or above");
    if (header.number.value != number) return refuse("its number does not follow its parent's");
    if (chain::extrinsics_root(block.extrinsics) != header.extrinsics_root)
        return refuse("its extrinsics do not have the root that its header says");
    auto result = executor.execute(*parent, block);
    if (!result) return refuse(result.error());
    const Hash claimed = header.state_root;
    auto out = executed(block, std::move(result->diff), parent, below ? below->layer : nullptr);
    if (out->layer->state_root != claimed)
        return refuse("its state root is " + chain::to_hex(claimed) + ", executing it gives " +
                      chain::to_hex(out->layer->state_root));
    if (auto time = check_time(out->timestamp_ms, timestamp_in(*parent)); !time) return refuse(time.error().text);
    return out;
}

void Ledger::Impl::move_best(const Hash& from) {
    const Hash to = forks.best();
    if (from == to) return;
    const auto moved = forks.move(from, to);
    pool::ChainStep step;
    for (const auto& block : moved.left) step.retracted.push_back(block->hash);
    for (const auto& block : moved.joined)
        step.enacted.push_back(
            {block->hash, block->number, extrinsic_hashes(block->block), touched_accounts(block->layer->diff)});
    const auto state = view_of(to);
    announce(pool.advance(step, moment(), [&](const pool::Pooled& transaction) {
        return executor.check(*state, to, transaction.extrinsic, transaction.source);
    }));
}

Result<void> Ledger::Impl::adopt(ExecutedPtr block) {
    const Hash best_before = forks.best();
    if (!forks.can_carry(block->block.header.parent_hash))
        return chain::fault("block " + chain::to_hex(block->hash) + " lost its parent to another finalized block");
    if (!forks.insert(block))
        return chain::fault("more than " + std::to_string(Forks::blocks_max) + " blocks wait for finality");
    const bool is_best = forks.best() == block->hash;
    notifier.publish(
        {.kind = Topic::Kind::NewBlock},
        std::make_shared<const NewBlock>(BlockRef{block->hash, block->number}, block->block.header, is_best,
                                         std::shared_ptr<const state::StateDiff>(block->layer, &block->layer->diff)));
    move_best(best_before);
    return {};
}

Result<void> Ledger::import(Block block) {
    const std::lock_guard one_step{impl_->consensus};
    const Hash hash = chain::hash_of(block.header);
    std::unique_lock lock{impl_->mutex};
    if (impl_->forks.find(hash) || hash == impl_->finalized.hash) return {};
    auto known = impl_->candidate(hash);
    lock.unlock();
    if (!known) {
        TRY(known, impl_->execute(std::move(block)));
    }
    lock.lock();
    return impl_->adopt(std::move(known));
}

// ---- finalize
// --------------------------------------------------------------------------------------------------------

Result<void> Ledger::finalize(const Hash& hash, Bytes certificate) {
    const std::lock_guard one_step{impl_->consensus};
    std::unique_lock lock{impl_->mutex};
    const auto path = impl_->forks.path_to(hash);
    if (hash == impl_->finalized.hash) return {};
    lock.unlock();
    if (path.empty()) return chain::fault("block " + chain::to_hex(hash) + " cannot become final: it was not imported");
    for (const auto& block : path)
        TRY_VOID(impl_->store.commit({.hash = block->hash,
                                      .block = block->block,
                                      .diff = block->layer->diff,
                                      .nodes = block->layer->nodes,
                                      .certificate = block == path.back() ? std::move(certificate) : Bytes{}}));
    lock.lock();
    const Hash best_before = impl_->forks.best();
    impl_->forks.prefer(hash);
    impl_->move_best(best_before);
    FinalizedBlocks event;
    for (const auto& block : path) {
        event.finalized.push_back({block->hash, block->number});
        event.extrinsics.push_back(static_cast<std::uint32_t>(block->block.extrinsics.size()));
    }
    const auto lost = impl_->forks.finalize(hash);
    for (const auto& block : lost) event.pruned.push_back(block->hash);
    impl_->base = impl_->store.snapshot();
    impl_->finalized = {hash, path.back()->number};
    impl_->candidates.clear();
    for (const auto& block : path) impl_->announce(impl_->pool.finalize(block->hash));
    impl_->notifier.publish({.kind = Topic::Kind::Finalized},
                            std::make_shared<const FinalizedBlocks>(std::move(event)));
    return {};
}

}  // namespace ledger
