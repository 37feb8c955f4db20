#include "consensus/engine/solo.hpp"

#include "chain/base/check.hpp"
#include "chain/base/log.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace consensus {
namespace {

constexpr chain::log::Channel consensus_log{"consensus"};

std::uint64_t solo_now_ms() {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

}  // namespace

struct SoloEngine::Impl {
    SoloApplication& application;
    Hash genesis;
    votes::ValidatorTable table;
    crypto::Ed25519Key key;
    PaceLimits pace;

    std::function<void(const Fault&)> on_fault;
    // Guards the two flags that other threads set; the condition is how they interrupt the engine's sleep.
    std::mutex mutex;
    std::condition_variable changed;
    bool is_stopping = false;
    bool is_woken = false;
    std::thread thread;

    std::uint64_t last_block_ms = 0;  // the engine's thread only

    void run(SoloEngine& engine);
    bool sleep_until_due();
};

// False when the engine stops.
bool SoloEngine::Impl::sleep_until_due() {
    std::unique_lock lock{mutex};
    while (!is_stopping) {
        is_woken = false;
        lock.unlock();
        const bool has_work = application.has_work();  // takes the ledger's lock: never under ours
        lock.lock();
        const std::uint64_t wait_ms = due_in_ms(last_block_ms, solo_now_ms(), has_work, pace);
        if (wait_ms == 0) return !is_stopping;
        changed.wait_for(lock, std::chrono::milliseconds{wait_ms}, [&] { return is_stopping || is_woken; });
    }
    return false;
}

void SoloEngine::Impl::run(SoloEngine& engine) {
    // The first block after a start is due at once: clients that wait for a head get one.
    for (bool is_first = true; is_first || sleep_until_due(); is_first = false) {
        last_block_ms = solo_now_ms();
        if (const auto made = engine.step(); !made) {
            consensus_log.error("stopped: {}", made.error().text);
            on_fault(made.error());
            return;
        }
    }
}

SoloEngine::SoloEngine(SoloApplication& application, const Hash& genesis, votes::ValidatorTable table,
                       crypto::Ed25519Key key, PaceLimits pace)
    : impl_(new Impl{.application = application,
                     .genesis = genesis,
                     .table = std::move(table),
                     .key = std::move(key),
                     .pace = pace}) {
    chain::check(impl_->table.size() == 1);
    chain::check(impl_->table[0].key == impl_->key.public_key());
}

SoloEngine::~SoloEngine() { stop(); }

void SoloEngine::start(std::function<void(const Fault&)> on_fault) {
    chain::check(!impl_->thread.joinable());
    impl_->on_fault = std::move(on_fault);
    impl_->thread = std::thread{[this] { impl_->run(*this); }};
}

void SoloEngine::stop() {
    {
        const std::lock_guard lock{impl_->mutex};
        impl_->is_stopping = true;
    }
    impl_->changed.notify_all();
    if (impl_->thread.joinable()) impl_->thread.join();
}

void SoloEngine::wake() {
    {
        const std::lock_guard lock{impl_->mutex};
        impl_->is_woken = true;
    }
    impl_->changed.notify_all();
}

Result<Tip> SoloEngine::step() {
    const Tip parent = impl_->application.finalized();
    const Position position{.epoch = parent.epoch, .view = parent.view + 1, .parent_view = parent.view, .proposer = 0};
    TRY(const Hash block, impl_->application.propose(parent, position));
    const votes::Statement statement{votes::Kind::Finalize, position.epoch, position.view, position.parent_view, block};
    const auto certificate =
        votes::certify({votes::sign(statement, impl_->genesis, position.proposer, impl_->key)}, impl_->table);
    TRY_VOID(impl_->application.finalize(block, scale::encode(certificate)));
    const Tip now = impl_->application.finalized();
    chain::check(now.hash == block && now.view == position.view);
    return now;
}

}  // namespace consensus
