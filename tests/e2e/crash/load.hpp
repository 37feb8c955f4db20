#pragma once
// Transfers from all development accounts, as fast as the node takes them, and a watcher of what it calls final.

#include "node_process.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <thread>
#include <vector>

namespace tests {

/// Block numbers and hashes that a node has reported as finalized.
using Finals = std::map<std::uint32_t, chain::Hash>;

class Load {
public:
    /// Whom the i-th transfer of a sender goes to.
    using Recipient = std::function<crypto::AccountId(std::uint64_t i)>;

    /// Begins at once; adds what the node reports as final to `finals`, which nobody else touches before `join`.
    Load(const std::string& url, Finals& finals, Recipient recipient = to_dorothy);
    ~Load() { join(); }
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    /// Ends the load; also after the node has died.
    void join();
    /// Extrinsics that the node accepted.
    std::size_t accepted() const { return accepted_; }
    /// Set when the node contradicts itself: one number, two final hashes.
    bool has_contradiction() const { return has_contradiction_; }

private:
    void send(const std::string& url, std::string_view sender);
    void watch(const std::string& url, Finals& finals);

    static crypto::AccountId to_dorothy(std::uint64_t i);

    Recipient recipient_;
    std::atomic<bool> is_stopping_ = false;
    std::atomic<std::size_t> accepted_ = 0;
    std::atomic<bool> has_contradiction_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace tests
