// The consensus side of the ledger, up to execution: build, check, execute.

#include "chain/base/check.hpp"
#include "chain/ledger/impl.hpp"
#include "chain/ledger/known_state.hpp"
#include "chain/state/trie_update.hpp"

#include <algorithm>
#include <set>

namespace ledger {
namespace {

// compute.md "Time": a block may run this far ahead of the clock of who votes for it.
constexpr std::uint64_t ahead_ms_max = 500;
// And this far behind. Agreement waits up to a minute for slow networks, so a proposal may be that old when it comes;
// refusing it earlier would refuse every one of them.
constexpr std::uint64_t behind_ms_max = 60'000;
// What one block is offered from the pool; the runtime's own limit on a block's length is lower.
constexpr std::size_t offered_bytes_max = 8 << 20;

void leave_out(std::vector<pool::PooledPtr>& offered, const std::vector<ExecutedPtr>& blocks) {
    if (offered.empty() || blocks.empty()) return;
    std::set<Hash> taken;
    for (const auto& block : blocks)
        for (const auto& extrinsic : block->block.extrinsics) taken.insert(chain::extrinsic_hash(extrinsic));
    std::erase_if(offered, [&](const auto& transaction) { return taken.contains(transaction->checked.hash); });
}

Checked bad(std::string why) { return {Checked::Verdict::Bad, 0, std::move(why)}; }

}  // namespace

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

// ---- build
// -----------------------------------------------------------------------------------------------------------

Result<BuiltBlock> Ledger::build(const Hash& parent, const chain::DigestItem& consensus_item, Content content) {
    const std::lock_guard one_step{impl_->consensus};
    std::unique_lock lock{impl_->mutex};
    const auto view = impl_->view_of(parent);
    if (!view) return chain::fault("cannot build on block " + chain::to_hex(parent) + ": it is not finalized or above");
    const auto below = impl_->forks.find(parent);
    const std::uint32_t number = (below ? below->number : impl_->finalized.number) + 1;
    auto offered =
        content == Content::FromPool ? impl_->pool.select(offered_bytes_max) : std::vector<pool::PooledPtr>{};
    // What stands in blocks below this one counts as waiting until the best chain has them.
    const auto ahead = impl_->forks.move(impl_->forks.best(), parent).joined;
    lock.unlock();
    leave_out(offered, ahead);

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
    if (!impl_->forks.find(block->hash) && !impl_->forks.insert(block))
        return chain::fault("more than " + std::to_string(Forks::blocks_max) + " blocks wait for finality");
    return BuiltBlock{block->block, block->hash};
}

// ---- check
// -----------------------------------------------------------------------------------------------------------

Checked Ledger::Impl::check_time(const Block& block, std::uint64_t parent_ms) const {
    const auto time = executor.timestamp_of(block);
    const std::uint64_t now = clock();
    if (!time) return bad("it carries no time");
    if (*time <= parent_ms) return bad("its time is not later than its parent's");
    if (*time > now + ahead_ms_max)
        return {Checked::Verdict::Later, *time - now - ahead_ms_max,
                "its time is " + std::to_string(*time - now) + " ms ahead of this node's clock"};
    if (*time + behind_ms_max < now)
        return bad("its time is " + std::to_string(now - *time) + " ms behind this node's clock");
    return {};
}

/// What does not depend on the clock.
std::optional<std::string> Ledger::Impl::broken_rule(const Block& block, const state::StateView& parent) {
    const auto spread = [this](std::size_t count, const std::function<void(std::size_t)>& task) {
        workers.for_each(count, task);
    };
    const auto checked = executor.check_block(parent, block, spread);
    return checked ? std::nullopt : std::optional{checked.error()};
}

/// A kept block has the extrinsics of its header: what equals it needs no look at the root.
bool Ledger::Impl::is_whole(const Block& block, const Hash& hash) {
    BlockPtr known;
    {
        const std::lock_guard lock{mutex};
        known = kept.find(hash);
    }
    return (known && known->extrinsics == block.extrinsics) ||
           chain::extrinsics_root(block.extrinsics) == block.header.extrinsics_root;
}

Checked Ledger::check(Block given) {
    const Hash hash = chain::hash_of(given.header);
    if (!impl_->is_whole(given, hash))
        return {Checked::Verdict::AnotherBlock, 0, "its extrinsics do not have the root that its header says"};
    const std::lock_guard one_step{impl_->consensus};
    const auto block = std::make_shared<const Block>(std::move(given));
    std::unique_lock lock{impl_->mutex};
    if (impl_->forks.find(hash)) return {};
    impl_->kept.keep(hash, block);
    const auto below = impl_->forks.find(block->header.parent_hash);
    const auto parent = impl_->view_of(block->header.parent_hash);
    const std::uint32_t number = (below ? below->number : impl_->finalized.number) + 1;
    const bool is_checked = impl_->kept.is_checked(hash);
    lock.unlock();
    if (!parent) return {Checked::Verdict::Lost, 0, "its parent is not finalized or above"};
    if (block->header.number.value != number) return bad("its number does not follow its parent's");
    if (auto time = impl_->check_time(*block, timestamp_in(*parent)); time.verdict != Checked::Verdict::Good)
        return time;
    if (is_checked) return {};
    if (auto broken = impl_->broken_rule(*block, *parent)) return bad(*std::move(broken));
    lock.lock();
    impl_->kept.note_checked(hash);
    return {};
}

void Ledger::keep(Block block) {
    if (chain::extrinsics_root(block.extrinsics) != block.header.extrinsics_root) return;
    const Hash hash = chain::hash_of(block.header);
    const std::lock_guard lock{impl_->mutex};
    if (block.header.number.value > impl_->finalized.number && !impl_->forks.find(hash))
        impl_->kept.keep(hash, std::make_shared<const Block>(std::move(block)));
}

std::shared_ptr<const Block> Ledger::find(const Hash& hash) const {
    {
        const std::lock_guard lock{impl_->mutex};
        if (const auto block = impl_->forks.find(hash)) return {block, &block->block};
        if (auto block = impl_->kept.find(hash)) return block;
    }
    auto stored = impl_->store.block(hash);
    return stored ? std::make_shared<const Block>(*std::move(stored)) : nullptr;
}

// ---- execute
// ---------------------------------------------------------------------------------------------------------

Result<Ran> Ledger::Impl::run(const Hash& hash) {
    std::unique_lock lock{mutex};
    if (forks.find(hash) || hash == finalized.hash) return Ran{};
    const auto block = kept.find(hash);
    const auto lost = [](std::string why) { return Ran{false, true, std::move(why)}; };
    if (!block) return lost("it is not kept");
    const Hash parent_hash = block->header.parent_hash;
    const auto parent = view_of(parent_hash);
    const auto below = forks.find(parent_hash);
    const std::uint32_t number = (below ? below->number : finalized.number) + 1;
    const bool is_checked = kept.is_checked(hash);
    lock.unlock();
    const auto refuse = [](std::string why) { return Ran{false, false, std::move(why)}; };
    if (!parent) return lost("its parent is not finalized or above");
    if (block->header.number.value != number) return refuse("its number does not follow its parent's");
    if (!is_checked)
        if (auto broken = broken_rule(*block, *parent)) return refuse(*std::move(broken));
    auto result = executor.execute(*parent, *block);
    if (!result) return refuse(result.error());
    const auto out = executed(*block, std::move(result->diff), parent, below ? below->layer : nullptr);
    if (out->hash != hash)
        return Ran{false, false,
                   "its state root is " + chain::to_hex(block->header.state_root) + ", executing it gives " +
                       chain::to_hex(out->layer->state_root),
                   out->layer->state_root};
    lock.lock();
    if (!forks.can_carry(parent_hash)) return lost("its parent lost to another finalized block");
    if (!forks.insert(out))
        return chain::fault("more than " + std::to_string(Forks::blocks_max) + " blocks wait for finality");
    return Ran{};
}

Result<Ran> Ledger::execute(const Hash& hash) {
    const std::lock_guard one_step{impl_->consensus};
    return impl_->run(hash);
}

}  // namespace ledger
