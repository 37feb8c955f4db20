// The consensus side of the ledger, from notarization on: certify, finalize.

#include "chain/base/check.hpp"
#include "chain/ledger/impl.hpp"
#include "chain/ledger/known_state.hpp"

#include <algorithm>

namespace ledger {
namespace {

std::vector<Hash> extrinsic_hashes(const Block& block) {
    std::vector<Hash> out;
    out.reserve(block.extrinsics.size());
    for (const auto& extrinsic : block.extrinsics) out.push_back(chain::extrinsic_hash(extrinsic));
    return out;
}

std::string name(const Hash& hash) { return "block " + chain::to_hex(hash); }

}  // namespace

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
    // The first extrinsic is the chain's own.
    const bool is_empty = !moved.joined.empty() && moved.joined.back()->block.extrinsics.size() <= 1;
    empty_blocks = is_empty && moved.left.empty() ? empty_blocks + 1 : 0;
    if (!moved.left.empty()) passed_over = 0;
    else if (empty_blocks >= empty_blocks_max) passed_over = pool.arrivals();
}

void Ledger::Impl::certify(const Hash& hash) {
    const Hash best_before = forks.best();
    const auto fresh = forks.certify(hash);
    for (const auto& block : fresh) tell(*block, {.is_best = forks.best() == hash});
    move_best(best_before);
}

void Ledger::Impl::tell(const Executed& block, NewBlock news) {
    news.block = {block.hash, block.number};
    news.header = block.block.header;
    news.changes = {block.layer, &block.layer->diff};
    notifier.publish({.kind = Topic::Kind::NewBlock}, std::make_shared<const NewBlock>(std::move(news)));
}

void Ledger::certify(const Hash& hash) {
    const std::lock_guard one_step{impl_->consensus};
    const std::lock_guard lock{impl_->mutex};
    if (impl_->forks.find(hash)) impl_->certify(hash);  // else it has become final meanwhile
}

Result<void> Ledger::import(Block block) {
    const Hash hash = chain::hash_of(block.header);
    const auto refuse = [&](const std::string& why) { return chain::fault(name(hash) + " is refused: " + why); };
    if (hash == finalized().hash) return {};
    if (const auto checked = check(std::move(block)); checked.verdict != Checked::Verdict::Good)
        return refuse(checked.why);
    TRY(const Ran ran, execute(hash));
    if (!ran.is_good) return refuse(ran.why);
    certify(hash);
    return {};
}

// ---- finalize
// --------------------------------------------------------------------------------------------------------

std::optional<std::vector<Hash>> Ledger::Impl::to_run(const Hash& hash) const {
    std::vector<Hash> out;
    for (Hash at = hash; !forks.can_carry(at);) {
        const auto block = kept.find(at);
        if (!block || block->header.number.value <= finalized.number) return std::nullopt;
        out.push_back(at);
        at = block->header.parent_hash;
    }
    std::ranges::reverse(out);
    return out;
}

Result<void> Ledger::Impl::store_final(const std::vector<ExecutedPtr>& path, Bytes certificate) {
    std::vector<store::Commit> commits;
    for (const auto& block : path)
        commits.push_back({.hash = block->hash,
                           .block = block->block,
                           .diff = block->layer->diff,
                           .nodes = block->layer->nodes,
                           .certificate = block == path.back() ? std::move(certificate) : Bytes{}});
    return store.commit(commits);
}

Result<Finality> Ledger::finalize(const Hash& hash, Bytes certificate) {
    const std::lock_guard one_step{impl_->consensus};
    std::unique_lock lock{impl_->mutex};
    if (const auto stored = impl_->store.header(hash); stored && stored->number.value <= impl_->finalized.number)
        return Finality::Done;
    const auto missing = impl_->to_run(hash);
    lock.unlock();
    if (!missing) return Finality::BlocksMissing;
    for (const Hash& block : *missing) {
        TRY(const Ran ran, impl_->run(block));
        if (!ran.is_good) return chain::fault(name(block) + " is final, but this node finds it bad: " + ran.why);
    }
    lock.lock();
    const auto path = impl_->forks.path_to(hash);
    lock.unlock();
    chain::check(!path.empty());
    TRY_VOID(impl_->store_final(path, std::move(certificate)));

    lock.lock();
    impl_->certify(hash);
    const Hash best_before = impl_->forks.best();
    impl_->forks.prefer(hash);
    impl_->move_best(best_before);
    if (const Hash best = impl_->forks.best(); best != best_before)
        impl_->tell(*impl_->forks.find(best), {.is_best = true, .was_told = true});
    FinalizedBlocks event;
    for (const auto& block : path) {
        event.finalized.push_back({block->hash, block->number});
        event.extrinsics.push_back(static_cast<std::uint32_t>(block->block.extrinsics.size()));
    }
    const auto lost = impl_->forks.finalize(hash);
    for (const auto& block : lost) event.pruned.push_back(block->hash);
    impl_->base = impl_->store.snapshot();
    impl_->finalized = {hash, path.back()->number};
    impl_->kept.drop_through(impl_->finalized.number);
    for (const auto& block : path) impl_->announce(impl_->pool.finalize(block->hash));
    impl_->notifier.publish({.kind = Topic::Kind::Finalized},
                            std::make_shared<const FinalizedBlocks>(std::move(event)));
    return Finality::Done;
}

}  // namespace ledger
