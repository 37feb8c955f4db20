#include "consensus/engine/worker.hpp"

namespace consensus {

Worker::Worker(unsigned threads) {
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

Worker::~Worker() {
    {
        const std::lock_guard lock{mutex_};
        is_stopping_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

void Worker::add(Job job) {
    {
        const std::lock_guard lock{mutex_};
        jobs_.push_back(std::move(job));
    }
    changed_.notify_one();
}

std::size_t Worker::waiting() const {
    const std::lock_guard lock{mutex_};
    return jobs_.size();
}

void Worker::run() {
    for (;;) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return is_stopping_ || !jobs_.empty(); });
        if (is_stopping_) return;
        Job job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        job();
    }
}

}  // namespace consensus
