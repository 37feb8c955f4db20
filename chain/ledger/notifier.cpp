#include "chain/ledger/notifier.hpp"

#include "chain/base/check.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

namespace ledger {
namespace {

using Clock = std::chrono::steady_clock;

// The flags are guarded by the notifier's mutex.
struct Receiver {
    std::function<void(const Event&)> receive;
    bool is_open = true;
    bool is_running = false;
};

struct Delivery {
    std::shared_ptr<Receiver> to;
    Event event;
};

}  // namespace

struct Notifier::Impl {
    // Guards everything below; released while a receiver runs, so receivers may call back into the ledger.
    std::mutex mutex;
    std::condition_variable arrived;   // for the thread: something to deliver, or the end
    std::condition_variable finished;  // for waiters: a receiver returned, or the queue is empty
    std::map<Topic, std::map<std::uint64_t, std::shared_ptr<Receiver>>> topics;
    std::deque<Delivery> queue;
    std::vector<Hash> work;  // to be told together
    Clock::time_point work_due;
    std::size_t hurried_by = 0;  // so many wait for everything to be delivered
    std::uint64_t next_id = 0;
    bool is_stopping = false;
    bool is_idle = true;  // no receiver runs
    std::thread::id thread_id;

    void run();
    bool await_something(std::unique_lock<std::mutex>& lock);
    void queue_work();
    void unsubscribe(const Topic& topic, std::uint64_t id, const std::shared_ptr<Receiver>& receiver);
};

void Notifier::Impl::queue_work() {
    const WorkArrived event{std::make_shared<const std::vector<Hash>>(std::exchange(work, {}))};
    if (const auto at = topics.find({.kind = Topic::Kind::Work}); at != topics.end())
        for (const auto& [id, receiver] : at->second) queue.push_back({receiver, event});
    work_due = Clock::now() + work_pause;
}

/// Returns with something in the queue; false at the end.
bool Notifier::Impl::await_something(std::unique_lock<std::mutex>& lock) {
    for (;;) {
        if (is_stopping) return false;
        if (!queue.empty()) return true;
        if (!work.empty() && (hurried_by > 0 || Clock::now() >= work_due)) queue_work();
        else if (!work.empty()) arrived.wait_until(lock, work_due);
        else {
            is_idle = true;
            finished.notify_all();
            arrived.wait(lock);
            is_idle = false;
        }
    }
}

void Notifier::Impl::run() {
    std::unique_lock lock{mutex};
    thread_id = std::this_thread::get_id();
    while (await_something(lock)) {
        const Delivery next = std::move(queue.front());
        queue.pop_front();
        if (!next.to->is_open) continue;
        next.to->is_running = true;
        lock.unlock();
        next.to->receive(next.event);
        lock.lock();
        next.to->is_running = false;
        finished.notify_all();
    }
}

void Notifier::Impl::unsubscribe(const Topic& topic, std::uint64_t id, const std::shared_ptr<Receiver>& receiver) {
    std::unique_lock lock{mutex};
    if (const auto at = topics.find(topic); at != topics.end()) {
        at->second.erase(id);
        if (at->second.empty()) topics.erase(at);
    }
    receiver->is_open = false;
    if (std::this_thread::get_id() == thread_id) return;  // a receiver that ends its own or another's subscription
    finished.wait(lock, [&] { return !receiver->is_running; });
}

Notifier::Notifier() : impl_(std::make_shared<Impl>()), thread_([impl = impl_] { impl->run(); }) {}

Notifier::~Notifier() {
    {
        const std::lock_guard lock{impl_->mutex};
        impl_->is_stopping = true;
    }
    impl_->arrived.notify_all();
    thread_.join();
    impl_->finished.notify_all();
}

Subscription Notifier::subscribe(const Topic& topic, std::function<void(const Event&)> receive,
                                 std::optional<Event> current) {
    const auto receiver = std::make_shared<Receiver>(std::move(receive));
    std::uint64_t id = 0;
    {
        const std::lock_guard lock{impl_->mutex};
        id = impl_->next_id++;
        impl_->topics[topic].emplace(id, receiver);
        if (current) impl_->queue.push_back({receiver, *std::move(current)});
    }
    impl_->arrived.notify_one();
    return Subscription{[weak = std::weak_ptr{impl_}, topic, id, receiver] {
        if (const auto impl = weak.lock()) impl->unsubscribe(topic, id, receiver);
    }};
}

void Notifier::publish(const Topic& topic, const Event& event) {
    {
        const std::lock_guard lock{impl_->mutex};
        const auto at = impl_->topics.find(topic);
        if (at == impl_->topics.end()) return;
        for (const auto& [id, receiver] : at->second) impl_->queue.push_back({receiver, event});
    }
    impl_->arrived.notify_one();
}

void Notifier::publish_work(const Hash& transaction) {
    bool is_first = false;
    {
        const std::lock_guard lock{impl_->mutex};
        if (!impl_->topics.contains({.kind = Topic::Kind::Work})) return;
        is_first = impl_->work.empty();
        impl_->work.push_back(transaction);
    }
    if (is_first) impl_->arrived.notify_one();
}

void Notifier::close(const Topic& topic) {
    const std::lock_guard lock{impl_->mutex};
    impl_->topics.erase(topic);
}

std::size_t Notifier::waiting() const {
    const std::lock_guard lock{impl_->mutex};
    return impl_->queue.size() + impl_->work.size();
}

void Notifier::deliver_all() {
    std::unique_lock lock{impl_->mutex};
    ++impl_->hurried_by;
    impl_->arrived.notify_one();
    impl_->finished.wait(
        lock, [&] { return impl_->is_stopping || (impl_->queue.empty() && impl_->work.empty() && impl_->is_idle); });
    --impl_->hurried_by;
}

}  // namespace ledger
