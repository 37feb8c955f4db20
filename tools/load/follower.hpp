#pragma once
// Follows a node's final blocks and tells the flight what landed.

#include "rpc/client/client.hpp"
#include "tools/load/flight.hpp"

#include <condition_variable>

namespace load {

class Follower {
public:
    /// The client must outlive this. Counts from the first block after the one that is final now.
    Follower(rpc::Client& client, Flight& flight);
    ~Follower();
    Follower(const Follower&) = delete;
    Follower& operator=(const Follower&) = delete;

    chain::Result<void> start();
    /// When the last final block was seen.
    Clock::time_point last_block() const;

private:
    void run();
    bool read_block(std::uint64_t number);

    rpc::Client& client_;
    Flight& flight_;
    std::string subscription_;
    // Guards all below.
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t newest_ = 0;
    Clock::time_point last_block_;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace load
