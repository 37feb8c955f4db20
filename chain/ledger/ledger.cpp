#include "chain/ledger/ledger.hpp"

#include "chain/base/check.hpp"
#include "chain/block/extrinsic.hpp"
#include "chain/ledger/impl.hpp"
#include "chain/state/proof.hpp"

#include <chrono>

namespace ledger {

Clock system_clock() {
    return [] {
        const auto since = std::chrono::system_clock::now().time_since_epoch();
        return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
    };
}

Ledger::Impl::Impl(store::Store& s, const chain::Executor& e, pool::Limits limits, Clock c)
    : store(s),
      executor(e),
      clock(std::move(c)),
      pool(limits),
      forks(s.head().value().hash, s.head().value().number),
      base(s.snapshot()),
      finalized{s.head().value().hash, s.head().value().number} {}

ViewPtr Ledger::Impl::view(const ExecutedPtr& top) const {
    return std::make_shared<state::LayeredView>(top ? top->layer : nullptr, base, base);
}

ViewPtr Ledger::Impl::view_of(const Hash& hash) const {
    const auto block = forks.find(hash);
    return block || hash == finalized.hash ? view(block) : nullptr;
}

void Ledger::Impl::announce(const pool::Effects& effects) {
    for (const auto& effect : effects) {
        const auto* changed = std::get_if<pool::StatusChanged>(&effect);
        if (changed == nullptr) continue;
        const Topic topic{Topic::Kind::Transaction, changed->transaction};
        notifier.publish(topic, changed->status);
        if (is_last(changed->status)) notifier.close(topic);
        if (std::holds_alternative<pool::Ready>(changed->status)) notifier.publish_work(changed->transaction);
    }
}

Ledger::Ledger(store::Store& store, const chain::Executor& executor, pool::Limits limits, Clock clock)
    : impl_(std::make_unique<Impl>(store, executor, limits, std::move(clock))) {}
Ledger::~Ledger() = default;

const chain::Executor& Ledger::executor() const { return impl_->executor; }

// ---- transactions
// ----------------------------------------------------------------------------------------------------

Result<Hash, SubmitError> Ledger::submit(Bytes extrinsic, chain::TransactionSource source) {
    const Hash hash = chain::extrinsic_hash(extrinsic);
    // Each transaction is news several times over: where the news does not get out, more of it only takes memory.
    if (impl_->notifier.waiting() >= Notifier::waiting_max) return std::unexpected{pool::immediately_dropped()};
    std::unique_lock lock{impl_->mutex};
    TRY_VOID(impl_->pool.may_enter(hash, extrinsic.size(), impl_->moment()));
    Hash best = impl_->forks.best();
    auto view = impl_->view_of(best);
    lock.unlock();
    auto checked = impl_->executor.check(*view, best, extrinsic, source);
    lock.lock();
    if (impl_->forks.best() != best) {
        // The chain moved on meanwhile. Its signature is remembered, so a second look is cheap enough for the lock.
        best = impl_->forks.best();
        view = impl_->view_of(best);
        checked = impl_->executor.check(*view, best, extrinsic, source);
    }
    if (!checked) return std::unexpected{impl_->pool.reject(hash, checked.error(), impl_->moment())};
    TRY(const auto effects, impl_->pool.submit({*std::move(checked), std::move(extrinsic), source}, impl_->moment()));
    impl_->announce(effects);
    return hash;
}

std::vector<Bytes> Ledger::pending() const {
    const std::lock_guard lock{impl_->mutex};
    std::vector<Bytes> out;
    for (const auto& transaction : impl_->pool.pending()) out.push_back(transaction->extrinsic);
    return out;
}

std::vector<pool::PooledPtr> Ledger::ready(std::size_t count_max) const {
    const std::lock_guard lock{impl_->mutex};
    return impl_->pool.select(~std::size_t{0}, count_max);
}

std::vector<pool::PooledPtr> Ledger::own_waiting(std::uint64_t for_ms, const crypto::AccountId& after,
                                                 std::size_t count_max) const {
    const std::uint64_t now = impl_->clock();
    const std::lock_guard lock{impl_->mutex};
    return impl_->pool.own_since(now - std::min(now, for_ms), after, count_max);
}

bool Ledger::has_work() const {
    const std::lock_guard lock{impl_->mutex};
    // A chain without a block has a clock that says nothing yet: clients and workers wait for the first one.
    if (impl_->forks.best_number() == 0) return true;
    return impl_->pool.ready_count() > 0 && impl_->pool.arrivals() > impl_->passed_over;
}

pool::PooledPtr Ledger::pooled(const Hash& extrinsic) const {
    const std::lock_guard lock{impl_->mutex};
    return impl_->pool.find(extrinsic);
}

std::vector<pool::PooledPtr> Ledger::pooled(const std::vector<Hash>& extrinsics) const {
    const std::lock_guard lock{impl_->mutex};
    return impl_->find_each(extrinsics);
}

std::vector<pool::PooledPtr> Ledger::pooled(const std::vector<chain::ShortId>& names) const {
    const std::lock_guard lock{impl_->mutex};
    return impl_->find_each(names);
}

std::vector<bool> Ledger::have_waited(const Block& block, std::uint64_t ms) const {
    std::vector<Hash> hashes;
    hashes.reserve(block.extrinsics.size());
    for (const Bytes& extrinsic : block.extrinsics) hashes.push_back(chain::extrinsic_hash(extrinsic));
    std::vector<bool> out;
    const std::lock_guard lock{impl_->mutex};
    const std::uint64_t now_ms = impl_->moment().now_ms;
    for (const Hash& hash : hashes) {
        const auto since = impl_->pool.entered_ms(hash);
        out.push_back(since && *since + ms <= now_ms);
    }
    return out;
}

PoolUsage Ledger::pool_usage() const {
    const std::lock_guard lock{impl_->mutex};
    const auto& pool = impl_->pool;
    return {pool.ready_count(), pool.future_count(), pool.bytes(), pool.limits().bytes_max};
}

chain::Bounds Ledger::bounds() const {
    const std::lock_guard lock{impl_->mutex};
    const pool::Pool& pool = impl_->pool;
    const KeptLimits& kept = impl_->kept.limits();
    return {{"pool_transactions", pool.ready_count() + pool.future_count(), pool.limits().transactions_max},
            {"pool_bytes", pool.bytes(), pool.limits().bytes_max},
            {"pool_bans", pool.bans(), pool.limits().bans_max},
            {"kept_blocks", impl_->kept.size(), kept.blocks_max},
            {"kept_bytes", impl_->kept.bytes(), kept.bytes_max},
            {"unfinal_blocks", impl_->forks.size(), Forks::blocks_max},
            {"news", impl_->notifier.waiting(), Notifier::waiting_max}};
}

std::uint32_t Ledger::next_nonce(const crypto::AccountId& account) const {
    const std::lock_guard lock{impl_->mutex};
    const auto view = impl_->view_of(impl_->forks.best());
    const auto answer = impl_->executor.call(*view, "AccountNonceApi_account_nonce", account.value);
    const auto nonce = answer ? scale::decode<std::uint32_t>(*answer).value_or(0) : 0;
    return impl_->pool.next_nonce(account, nonce);
}

// ---- blocks
// ----------------------------------------------------------------------------------------------------------

BlockRef Ledger::best() const {
    const std::lock_guard lock{impl_->mutex};
    return {impl_->forks.best(), impl_->forks.best_number()};
}

BlockRef Ledger::finalized() const {
    const std::lock_guard lock{impl_->mutex};
    return impl_->finalized;
}

BlockRef Ledger::genesis() const { return {impl_->store.genesis(), 0}; }

std::optional<Header> Ledger::header(const Hash& hash) const {
    {
        const std::lock_guard lock{impl_->mutex};
        if (const auto block = impl_->forks.find(hash)) return block->block.header;
    }
    return impl_->store.header(hash);
}

std::optional<Block> Ledger::block(const Hash& hash) const {
    {
        const std::lock_guard lock{impl_->mutex};
        if (const auto block = impl_->forks.find(hash)) return block->block;
    }
    return impl_->store.block(hash);
}

std::optional<Hash> Ledger::hash_of(std::uint32_t number) const {
    {
        const std::lock_guard lock{impl_->mutex};
        for (auto at = impl_->forks.find(impl_->forks.best()); at && at->number >= number;
             at = impl_->forks.find(at->block.header.parent_hash))
            if (at->number == number) return at->hash;
    }
    return impl_->store.hash_of(number);
}

std::optional<Bytes> Ledger::certificate(const Hash& hash) const {
    auto bytes = impl_->store.certificate(hash);
    return bytes && !bytes->empty() ? std::move(bytes) : std::nullopt;
}

// ---- state
// -----------------------------------------------------------------------------------------------------------

namespace {

/// The snapshot of a final block below the head; null where it is pruned or the hash is unknown.
std::shared_ptr<const store::Snapshot> older_snapshot(const store::Store& store, const Hash& hash) {
    const auto header = store.header(hash);
    return header ? store.snapshot_at(header->number.value) : nullptr;
}

}  // namespace

std::shared_ptr<const state::StateView> Ledger::state_at(const Hash& hash) const {
    {
        const std::lock_guard lock{impl_->mutex};
        if (auto view = impl_->view_of(hash)) return view;
    }
    return older_snapshot(impl_->store, hash);
}

Result<std::vector<Bytes>, std::string> Ledger::read_proof(std::span<const Bytes> keys, const Hash& hash) const {
    ViewPtr view;
    {
        const std::lock_guard lock{impl_->mutex};
        view = impl_->view_of(hash);
    }
    if (view) return state::read_proof(*view, *view, keys);
    const auto snapshot = older_snapshot(impl_->store, hash);
    if (!snapshot) return std::unexpected{"the state of block " + chain::to_hex(hash) + " is not here"};
    if (!snapshot->can_prove())
        return std::unexpected{"block " + chain::to_hex(hash) + " is too old to prove: only its values are kept"};
    return state::read_proof(*snapshot, *snapshot, keys);
}

Result<Bytes, std::string> Ledger::runtime_call(const Hash& hash, std::string_view method, ByteView arguments) const {
    const auto state = state_at(hash);
    if (!state) return std::unexpected{"the state of block " + chain::to_hex(hash) + " is not here"};
    return impl_->executor.call(*state, method, arguments);
}

// ---- subscriptions
// ---------------------------------------------------------------------------------------------------

Subscription Ledger::on_new_block(std::function<void(const NewBlock&)> callback) {
    return impl_->notifier.subscribe({.kind = Topic::Kind::NewBlock},
                                     [callback = std::move(callback)](const Event& event) {
                                         callback(*std::get<std::shared_ptr<const NewBlock>>(event));
                                     });
}

Subscription Ledger::on_finalized(std::function<void(const FinalizedBlocks&)> callback) {
    return impl_->notifier.subscribe({.kind = Topic::Kind::Finalized},
                                     [callback = std::move(callback)](const Event& event) {
                                         callback(*std::get<std::shared_ptr<const FinalizedBlocks>>(event));
                                     });
}

Subscription Ledger::on_ready(std::function<void(const std::vector<Hash>&)> callback) {
    return impl_->notifier.subscribe({.kind = Topic::Kind::Work}, [callback = std::move(callback)](const Event& event) {
        callback(*std::get<WorkArrived>(event).transactions);
    });
}

Subscription Ledger::on_transaction(const Hash& extrinsic, std::function<void(const TransactionStatus&)> callback) {
    // Under the lock, so that no status falls between the current one and the next.
    const std::lock_guard lock{impl_->mutex};
    std::optional<Event> current;
    if (auto status = impl_->pool.status(extrinsic)) current = *std::move(status);
    return impl_->notifier.subscribe(
        {Topic::Kind::Transaction, extrinsic},
        [callback = std::move(callback)](const Event& event) { callback(std::get<TransactionStatus>(event)); },
        std::move(current));
}

void Ledger::deliver_all() { impl_->notifier.deliver_all(); }

}  // namespace ledger
