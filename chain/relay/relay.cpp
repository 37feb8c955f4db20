#include "chain/relay/relay.hpp"

#include "chain/block/extrinsic.hpp"
#include "chain/clock/clock.hpp"
#include "chain/network/gossip.hpp"
#include "chain/network/transaction_messages.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace relay {
namespace {

using network::PeerId;
using network::TransactionGossip;
using network::TransactionMessage;

/// At most so many hashes a message.
template <class Use>
void in_pieces(const std::vector<Hash>& hashes, Use use) {
    for (std::size_t at = 0; at < hashes.size(); at += network::hashes_per_message_max) {
        const std::size_t end = std::min(hashes.size(), at + network::hashes_per_message_max);
        use(std::vector<Hash>(hashes.begin() + static_cast<std::ptrdiff_t>(at),
                              hashes.begin() + static_cast<std::ptrdiff_t>(end)));
    }
}

}  // namespace

struct Relay::Impl {
    ledger::Ledger& ledger;
    Ports ports;
    Config config;

    using Job = std::move_only_function<void()>;
    // Guards the five below: what other threads leave for the relay's.
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Job> jobs;
    std::vector<Hash> entered;  // became ready; one job for all of them is cheaper than one for each
    std::size_t waiting_bytes = 0;
    bool is_stopping = false;

    // The relay's thread only:
    TransactionGossip gossip;
    crypto::AccountId sent_again;  // the last sender whose transactions were
    std::atomic<std::uint64_t> received = 0;
    std::atomic<std::uint64_t> refused = 0;
    std::atomic<std::uint64_t> dropped = 0;
    std::atomic<std::size_t> seen = 0;  // what gossip holds, for other threads
    std::atomic<std::size_t> requests = 0;
    std::thread thread;
    ledger::Subscription ready;

    Impl(ledger::Ledger& l, Ports p, Config c) : ledger(l), ports(std::move(p)), config(c), gossip(c.seed) {}

    void post(Job job, std::size_t bytes = 0);
    void run();
    void note_ready(const std::vector<Hash>& extrinsics);
    void pass_on(const std::vector<Hash>& fresh);
    void take(const PeerId& from, const chain::Bytes& bytes);
    void take_transaction(const PeerId& from, chain::Bytes extrinsic);
    void deliver(const PeerId& to, const std::vector<pool::PooledPtr>& transactions);
    void forward(const PeerId& leader, What what);
    void carry_out(const TransactionGossip::Effects& effects);
    void carry_out(const TransactionGossip::Announce& announce);
    void carry_out(const TransactionGossip::Request& request);
    void carry_out(const TransactionGossip::Deliver& wish);
};

void Relay::Impl::post(Job job, std::size_t bytes) {
    {
        const std::lock_guard lock{mutex};
        if (bytes > 0 && waiting_bytes + bytes > config.inbox_bytes_max) {
            ++dropped;
            return;
        }
        waiting_bytes += bytes;
        jobs.push_back(std::move(job));
    }
    changed.notify_one();
}

void Relay::Impl::run() {
    std::vector<Job> taken;
    std::vector<Hash> fresh;
    for (;;) {
        {
            std::unique_lock lock{mutex};
            const auto has_something = [&] { return is_stopping || !jobs.empty() || !entered.empty(); };
            const auto due_ms = gossip.next_timer_ms();
            const std::uint64_t now_ms = chain::monotonic_ms();
            if (!due_ms) changed.wait(lock, has_something);
            else if (*due_ms > now_ms)
                changed.wait_for(lock, std::chrono::milliseconds{*due_ms - now_ms}, has_something);
            if (is_stopping) return;
            taken = std::exchange(jobs, {});
            fresh = std::exchange(entered, {});
            waiting_bytes = 0;
        }
        for (Job& job : taken) job();
        taken.clear();
        pass_on(fresh);
        carry_out(gossip.tick(chain::monotonic_ms()));
        seen = gossip.seen();
        requests = gossip.pending();
    }
}

// ---- what goes out
// -----------------------------------------------------------------------------------------------------

void Relay::Impl::note_ready(const std::vector<Hash>& extrinsics) {
    bool is_first = false;
    {
        const std::lock_guard lock{mutex};
        is_first = entered.empty();
        entered.insert(entered.end(), extrinsics.begin(), extrinsics.end());
    }
    if (is_first) changed.notify_one();
}

void Relay::Impl::pass_on(const std::vector<Hash>& fresh) {
    if (fresh.empty()) return;
    const auto leaders = ports.next_leaders();
    const std::uint64_t now_ms = chain::monotonic_ms();
    for (const auto& pooled : ledger.pooled(fresh)) {
        // What a peer brought was announced when the pool took it.
        if (!pooled || pooled->source == chain::TransactionSource::External) continue;
        carry_out(gossip.entered(pooled->checked.hash, leaders, now_ms));
    }
}

void Relay::Impl::deliver(const PeerId& to, const std::vector<pool::PooledPtr>& transactions) {
    TransactionMessage message;
    std::size_t bytes = 0;
    const auto flush = [&] {
        if (!message.delivered.empty()) ports.send(to, network::encode(message));
        message.delivered.clear();
        bytes = 0;
    };
    for (const auto& pooled : transactions) {
        if (pooled->extrinsic.size() > network::transaction_bytes_max) continue;
        const bool is_full = message.delivered.size() == network::transactions_per_message_max ||
                             bytes + pooled->extrinsic.size() > network::transactions_bytes_max;
        if (is_full) flush();
        bytes += pooled->extrinsic.size();
        message.delivered.push_back(pooled->extrinsic);
    }
    flush();
}

void Relay::Impl::forward(const PeerId& leader, What what) {
    if (what == What::Own) {
        auto again = ledger.own_waiting(config.again_after_ms, sent_again, config.again_max);
        // Behind the last sender the turn begins anew.
        sent_again = again.size() < config.again_max ? crypto::AccountId{} : again.back()->checked.sender;
        return deliver(leader, again);
    }
    std::vector<pool::PooledPtr> chosen;
    std::size_t others = 0;
    for (auto& pooled : ledger.ready(config.forwarded_max)) {
        const bool is_of_others = pooled->source == chain::TransactionSource::External;
        if (!is_of_others || ++others <= config.forwarded_of_others_max) chosen.push_back(std::move(pooled));
    }
    deliver(leader, chosen);
}

void Relay::Impl::carry_out(const TransactionGossip::Deliver& wish) {
    auto transactions = ledger.pooled(wish.hashes);
    std::erase(transactions, nullptr);
    deliver(wish.to, transactions);
}

void Relay::Impl::carry_out(const TransactionGossip::Announce& announce) {
    in_pieces(announce.hashes, [&](std::vector<Hash> hashes) {
        ports.send(announce.to, network::encode(TransactionMessage{.announced = std::move(hashes)}));
    });
}

void Relay::Impl::carry_out(const TransactionGossip::Request& request) {
    in_pieces(request.hashes, [&](std::vector<Hash> hashes) {
        ports.send(request.to, network::encode(TransactionMessage{.requested = std::move(hashes)}));
    });
}

void Relay::Impl::carry_out(const TransactionGossip::Effects& effects) {
    for (const auto& effect : effects) std::visit([this](const auto& one) { carry_out(one); }, effect);
}

// ---- what comes in
// -----------------------------------------------------------------------------------------------------

void Relay::Impl::take_transaction(const PeerId& from, chain::Bytes extrinsic) {
    ++received;
    const Hash hash = chain::extrinsic_hash(extrinsic);
    if (!gossip.delivered(from, hash)) return;
    const auto taken = ledger.submit(std::move(extrinsic), chain::TransactionSource::External);
    if (taken) return carry_out(gossip.accepted(hash, from, chain::monotonic_ms()));
    ++refused;
    if (taken.error().code == pool::RefusalCode::ImmediatelyDropped) gossip.forget(hash);
}

void Relay::Impl::take(const PeerId& from, const chain::Bytes& bytes) {
    auto message = network::decode_transactions(bytes);
    if (!message) return ports.report(from, network::Conduct::Malformed);
    const std::uint64_t now_ms = chain::monotonic_ms();
    carry_out(gossip.announced(from, message->announced, now_ms));
    carry_out(gossip.requested(from, message->requested));
    for (auto& extrinsic : message->delivered) take_transaction(from, std::move(extrinsic));
}

// ---- for its owner
// -----------------------------------------------------------------------------------------------------

Relay::Relay(ledger::Ledger& ledger, Ports ports, Config config)
    : impl_(std::make_unique<Impl>(ledger, std::move(ports), config)) {
    impl_->ready =
        ledger.on_ready([impl = impl_.get()](const std::vector<Hash>& extrinsics) { impl->note_ready(extrinsics); });
    impl_->thread = std::thread{[impl = impl_.get()] { impl->run(); }};
}

Relay::~Relay() {
    impl_->ready.reset();
    {
        const std::lock_guard lock{impl_->mutex};
        impl_->is_stopping = true;
    }
    impl_->changed.notify_all();
    impl_->thread.join();
}

void Relay::peer_up(const PeerId& peer) {
    impl_->post([impl = impl_.get(), peer] { impl->gossip.peer_up(peer); });
}

void Relay::peer_down(const PeerId& peer) {
    impl_->post([impl = impl_.get(), peer] { impl->carry_out(impl->gossip.peer_down(peer, chain::monotonic_ms())); });
}

void Relay::receive(const PeerId& from, chain::Bytes message) {
    const std::size_t bytes = message.size();
    impl_->post([impl = impl_.get(), from, message = std::move(message)] { impl->take(from, message); }, bytes);
}

void Relay::forward(const PeerId& leader, What what) {
    if (impl_->ledger.pool_usage().ready == 0) return;
    impl_->post([impl = impl_.get(), leader, what] { impl->forward(leader, what); });
}

chain::Bounds Relay::bounds() const {
    const network::GossipLimits limits;
    const std::lock_guard lock{impl_->mutex};
    return {{"relay_inbox_bytes", impl_->waiting_bytes, impl_->config.inbox_bytes_max},
            {"gossip_seen", impl_->seen, limits.seen_max},
            {"gossip_requests", impl_->requests, limits.pending_max}};
}

Relay::Counts Relay::counts() const {
    return {.received = impl_->received, .refused = impl_->refused, .dropped = impl_->dropped};
}

}  // namespace relay
