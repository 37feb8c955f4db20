#pragma once
// Tasks of one lease, one after the other, away from the loop: fetching an image takes seconds. A thread lives only
// while there is work.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace worker {

class SerialQueue {
public:
    SerialQueue() = default;
    ~SerialQueue();  // waits for the task that runs; forgets the others
    SerialQueue(const SerialQueue&) = delete;
    SerialQueue& operator=(const SerialQueue&) = delete;

    void post(std::function<void()> task);
    /// Nothing runs or waits.
    bool is_idle() const;

private:
    void drain();

    mutable std::mutex mutex_;
    std::deque<std::function<void()>> tasks_;
    bool draining_ = false;
    std::thread thread_;
};

}  // namespace worker
