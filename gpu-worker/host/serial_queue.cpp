#include "gpu-worker/host/serial_queue.hpp"

#include <utility>

namespace worker {

SerialQueue::~SerialQueue() {
    {
        const std::scoped_lock lock{mutex_};
        tasks_.clear();
    }
    if (thread_.joinable()) thread_.join();
}

void SerialQueue::post(std::function<void()> task) {
    const std::scoped_lock lock{mutex_};
    tasks_.push_back(std::move(task));
    if (std::exchange(draining_, true)) return;
    if (thread_.joinable()) thread_.join();  // it has left the queue empty and is about to end
    thread_ = std::thread{[this] { drain(); }};
}

bool SerialQueue::is_idle() const {
    const std::scoped_lock lock{mutex_};
    return !draining_;
}

void SerialQueue::drain() {
    for (;;) {
        std::function<void()> task;
        {
            const std::scoped_lock lock{mutex_};
            if (tasks_.empty()) {
                draining_ = false;
                return;
            }
            task = std::move(tasks_.front());
            tasks_.pop_front();
        }
        task();
    }
}

}  // namespace worker
