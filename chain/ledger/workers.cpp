#include "chain/ledger/workers.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace ledger {

struct Workers::Impl {
    // One loop at a time; held by its caller from beginning to end.
    std::mutex turn;

    // Guards what follows but `next`. Held to begin, join and leave a loop, never while a task runs.
    std::mutex mutex;
    std::condition_variable begun;
    std::condition_variable left;
    const std::function<void(std::size_t)>* task = nullptr;  // none: nothing to do
    std::size_t count = 0;
    std::size_t round = 0;   // tells one loop from the next
    std::size_t inside = 0;  // threads that work on the loop
    bool is_stopping = false;
    std::atomic<std::size_t> next = 0;
    std::vector<std::thread> threads;

    // Few signatures are not worth waking anybody for.
    static constexpr std::size_t worth_sharing = 8;

    void work(const std::function<void(std::size_t)>& f, std::size_t end) {
        for (std::size_t i = next.fetch_add(1); i < end; i = next.fetch_add(1)) f(i);
    }

    void run() {
        std::unique_lock lock{mutex};
        for (std::size_t seen = 0;;) {
            begun.wait(lock, [&] { return is_stopping || (task != nullptr && round != seen); });
            if (is_stopping) return;
            seen = round;
            ++inside;
            const auto* const mine = task;
            const std::size_t end = count;
            lock.unlock();
            work(*mine, end);
            lock.lock();
            if (--inside == 0) left.notify_all();
        }
    }
};

Workers::Workers(std::size_t threads) : impl_(std::make_unique<Impl>()) {
    for (std::size_t i = 0; i < threads; ++i) impl_->threads.emplace_back([impl = impl_.get()] { impl->run(); });
}

Workers::~Workers() {
    {
        const std::lock_guard lock{impl_->mutex};
        impl_->is_stopping = true;
    }
    impl_->begun.notify_all();
    for (auto& thread : impl_->threads) thread.join();
}

void Workers::for_each(std::size_t count, const std::function<void(std::size_t)>& task) {
    if (count < Impl::worth_sharing || impl_->threads.empty()) {
        for (std::size_t i = 0; i < count; ++i) task(i);
        return;
    }
    const std::lock_guard my_turn{impl_->turn};
    {
        const std::lock_guard lock{impl_->mutex};
        impl_->task = &task;
        impl_->count = count;
        impl_->next = 0;
        ++impl_->round;
    }
    impl_->begun.notify_all();
    impl_->work(task, count);
    std::unique_lock lock{impl_->mutex};
    impl_->task = nullptr;  // nobody joins any more
    impl_->left.wait(lock, [&] { return impl_->inside == 0; });
}

std::size_t Workers::threads_by_default() {
    const std::size_t cores = std::max(std::thread::hardware_concurrency(), 1U);
    return std::min<std::size_t>(cores - 1, 3);
}

}  // namespace ledger
