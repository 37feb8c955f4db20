#pragma once
// Transfers, one after another, to whichever node takes calls at the moment.

#include "cluster.hpp"

#include <thread>

namespace tests {

class Traffic {
public:
    /// Begins at once.
    Traffic(const Cluster& cluster, std::uint64_t seed);
    ~Traffic() { stop(); }
    Traffic(const Traffic&) = delete;
    Traffic& operator=(const Traffic&) = delete;

    void stop();
    std::size_t accepted() const { return accepted_; }

private:
    void run(std::uint64_t seed);

    const Cluster& cluster_;
    std::atomic<bool> is_stopping_ = false;
    std::atomic<std::size_t> accepted_ = 0;
    std::thread thread_;
};

}  // namespace tests
