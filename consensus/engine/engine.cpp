#include "consensus/engine/engine.hpp"

#include "chain/base/check.hpp"
#include "chain/base/log.hpp"
#include "chain/clock/clock.hpp"
#include "consensus/engine/explain.hpp"
#include "consensus/engine/impl.hpp"

#include <chrono>
#include <future>

namespace consensus {
namespace {

constexpr chain::log::Channel consensus_log{"consensus"};

}  // namespace

Engine::Impl::Impl(EngineConfig config_, EnginePorts ports_)
    : config(std::move(config_)),
      ports(ports_),
      replica(config.replica,
              {.secret = ports.secret, .storage = ports.storage, .outbox = this, .verifier = this, .host = this}) {}

void Engine::Impl::post(Input input) {
    {
        const std::lock_guard lock{mutex};
        inbox.push_back(std::move(input));
    }
    changed.notify_one();
}

void Engine::Impl::fail(const Fault& fault) {
    if (has_failed.exchange(true)) return;
    consensus_log.error("stopped: {}", fault.text);
    on_fault(fault);
}

// Sleeps until something is there or due; false when the engine stops.
bool Engine::Impl::wait_until(std::optional<std::uint64_t> due_ms, std::vector<Input>& taken) {
    std::unique_lock lock{mutex};
    const auto has_something = [&] { return is_stopping || is_woken || !inbox.empty() || job_fault; };
    const std::uint64_t now_ms = chain::monotonic_ms();
    const std::uint64_t at_most_ms = now_ms + 1'000;  // watch() looks around
    const std::uint64_t until_ms = std::min(due_ms.value_or(at_most_ms), at_most_ms);
    if (until_ms > now_ms) changed.wait_for(lock, std::chrono::milliseconds{until_ms - now_ms}, has_something);
    taken = std::exchange(inbox, {});
    inbox_bytes = 0;
    is_woken = false;
    if (job_fault) {
        const Fault fault = *job_fault;
        lock.unlock();
        fail(fault);
        return false;
    }
    return !is_stopping;
}

// Asks at every turn: blocks come and go with the pool's content.
void Engine::Impl::look_for_work() {
    if (is_work_taken || certifying > 0) {
        wants_wake = false;  // the turn in which that ends asks anyway
        return;
    }
    wants_wake = true;  // before the question: work that comes after the answer must wake
    const bool now = ports.application.has_work();
    wants_wake = !now;
    if (std::exchange(has_work, now) != now) replica.work_changed(now);
}

void Engine::Impl::watch() {
    const std::uint64_t now_ms = chain::monotonic_ms();
    if (now_ms < next_stuck_ms) return;
    next_stuck_ms = now_ms + config.stuck_after_ms;
    const std::uint64_t since_ms = now_ms - last_final_ms;
    if (since_ms >= config.stuck_after_ms) ports.observer.stuck(since_ms, replica.report(), *replica.epoch());
}

void Engine::Impl::run() {
    std::vector<Input> taken;
    while (wait_until(next_due_ms(), taken)) {
        for (Input& input : taken) input();
        taken.clear();
        look_for_work();
        Wishes wishes;
        courier.time_passed(chain::monotonic_ms(), wishes);
        carry_out(wishes);
        if (const auto done = replica.turn(chain::monotonic_ms()); !done) {
            std::unique_lock lock{mutex};
            const Fault fault = job_fault.value_or(done.error());  // the engine's own says more
            lock.unlock();
            return fail(fault);
        }
        send_wakes();
        watch();
    }
}

std::optional<std::uint64_t> Engine::Impl::next_due_ms() const {
    auto due_ms = replica.next_timer_ms();
    if (const auto next_ms = courier.next_timer_ms()) due_ms = std::min(due_ms.value_or(*next_ms), *next_ms);
    if (wakes.empty()) return due_ms;
    return std::min(due_ms.value_or(wakes.front().due_ms), wakes.front().due_ms);
}

void Engine::Impl::send_wakes() {
    while (!wakes.empty() && wakes.front().due_ms <= chain::monotonic_ms()) {
        const Delayed wake = std::move(wakes.front());
        wakes.pop_front();
        transmit(wake.epoch, wake.to, wake.message);
    }
}

EngineReport Engine::Impl::report_now() {
    EngineReport out{.replica = replica.report(), .epoch = replica.epoch(), .me = me, .now_ms = chain::monotonic_ms()};
    out.since_finalized_ms = out.now_ms - last_final_ms;
    out.why = explain(out.replica, out.epoch->table);
    out.participation_views = participation.views();
    out.participation = participation.rows();
    out.jobs_waiting = chain->waiting() + verifiers->waiting();
    out.courier = courier.report();
    out.bounds = replica.bounds();
    out.bounds.push_back({"short_proposal_bytes", out.courier.waiting_bytes, CourierLimits{}.bytes_max});
    const std::lock_guard lock{mutex};
    out.bounds.push_back({"engine_inbox_bytes", inbox_bytes, config.inbox_bytes_max});
    out.inbox_dropped = inbox_dropped;
    return out;
}

// ---- the engine for its owner
// ----------------------------------------------------------------------------------------

Engine::Engine(EngineConfig config, EnginePorts ports) : impl_(std::make_unique<Impl>(std::move(config), ports)) {}

Engine::~Engine() { stop(); }

Result<void> Engine::start(std::function<void(const Fault&)> on_fault) {
    chain::check(!impl_->thread.joinable());
    impl_->on_fault = std::move(on_fault);
    impl_->chain = std::make_unique<Worker>(1);
    impl_->verifiers = std::make_unique<Worker>(std::max(1u, impl_->config.verifying_threads));
    impl_->last_final_ms = chain::monotonic_ms();
    impl_->next_stuck_ms = impl_->last_final_ms + impl_->config.stuck_after_ms;
    TRY_VOID(impl_->replica.start(chain::monotonic_ms()));
    impl_->thread = std::thread{[this] { impl_->run(); }};
    return {};
}

void Engine::stop() {
    {
        const std::lock_guard lock{impl_->mutex};
        impl_->is_stopping = true;
    }
    impl_->changed.notify_all();
    if (impl_->thread.joinable()) impl_->thread.join();
    impl_->chain.reset();
    impl_->verifiers.reset();
}

void Engine::wake() {
    if (!impl_->wants_wake) return;  // under load, once a transaction
    {
        const std::lock_guard lock{impl_->mutex};
        if (std::exchange(impl_->is_woken, true)) return;
    }
    impl_->changed.notify_one();
}

void Engine::peer_arrived(std::uint64_t id, std::optional<crypto::Ed25519Public> validator) {
    impl_->post([impl = impl_.get(), id, validator] {
        if (validator) impl->validator_peers.insert(id);
        impl->replica.peer_arrived(id, validator);
    });
}

void Engine::peer_gone(std::uint64_t id) {
    impl_->post([impl = impl_.get(), id] {
        impl->validator_peers.erase(id);
        impl->courier.peer_gone(id);
        impl->replica.peer_gone(id);
    });
}

void Engine::receive(std::uint64_t from, Bytes bytes) {
    auto message = decode(bytes);
    if (!message) return impl_->ports.transport.malformed(from, text(message.error()));
    {
        const std::lock_guard lock{impl_->mutex};
        if (impl_->inbox_bytes + bytes.size() > impl_->config.inbox_bytes_max) {
            ++impl_->inbox_dropped;
            return;
        }
        impl_->inbox_bytes += bytes.size();
        impl_->inbox.emplace_back([impl = impl_.get(), from, message = *std::move(message)]() mutable {
            impl->hear(from, std::move(message));
        });
    }
    impl_->changed.notify_one();
}

// The journal lets go of what lies below: what is to be kept of it must lie elsewhere before.
void Engine::stored(const Tip& tip) {
    impl_->do_job("keep", [impl = impl_.get(), tip]() -> Result<void> {
        TRY_VOID(impl->ports.application.sync_kept());
        impl->answer(tip.epoch, event::FloorDurable{tip});
        return {};
    });
}

std::optional<EngineReport> Engine::report() const {
    if (!impl_->thread.joinable()) return std::nullopt;
    const auto answer = std::make_shared<std::promise<EngineReport>>();
    auto future = answer->get_future();
    impl_->post([impl = impl_.get(), answer] { answer->set_value(impl->report_now()); });
    if (future.wait_for(std::chrono::seconds{1}) != std::future_status::ready) return std::nullopt;
    return future.get();
}

}  // namespace consensus
