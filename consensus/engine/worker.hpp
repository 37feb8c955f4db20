#pragma once
// Threads that do jobs off one queue, in the order of their coming.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace consensus {

class Worker {
public:
    using Job = std::move_only_function<void()>;

    explicit Worker(unsigned threads);
    /// Finishes the jobs at hand; those that wait are dropped.
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Never waits. Whoever adds jobs bounds them.
    void add(Job job);
    std::size_t waiting() const;

private:
    void run();

    // Guards the queue, which is all that the threads share with others.
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Job> jobs_;
    bool is_stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace consensus
