#pragma once
// Remembers every block, and every transaction, that any node ever called final, and looks for them on all at the end.

#include "cluster.hpp"

#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace tests {

class Witness {
public:
    /// Begins to ask all nodes that take calls, again and again.
    explicit Witness(const Cluster& cluster);
    ~Witness() { stop(); }
    Witness(const Witness&) = delete;
    Witness& operator=(const Witness&) = delete;

    void stop();

    /// The highest number that any node called final, and one node's own.
    std::uint32_t highest() const;
    std::uint32_t of(std::size_t node) const;
    std::size_t transactions() const;
    /// What was wrong while it watched: one number, two final hashes.
    std::vector<std::string> contradictions() const;
    /// Of what it remembers, after stop(): what this node does not have, or has otherwise.
    std::vector<std::string> missing_at(std::size_t node) const;

private:
    struct Block {
        std::string hash;
        std::vector<std::string> extrinsics;
    };
    void run();
    void ask(std::size_t node);
    void remember(std::size_t node, std::uint32_t number, std::string hash, rpc::Client& client);

    const Cluster& cluster_;
    std::atomic<bool> is_stopping_ = false;
    mutable std::mutex mutex_;  // guards what follows
    std::map<std::uint32_t, Block> blocks_;
    std::vector<std::uint32_t> finalized_;  // by node
    std::vector<std::string> contradictions_;
    std::thread thread_;
};

}  // namespace tests
