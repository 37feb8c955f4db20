#pragma once
// Validators as processes of their own, each reserved to all others, on ports that the kernel chose.

#include "tests/e2e/crash/node_process.hpp"
#include "tests/support/temp_folder.hpp"

#include <map>

namespace tests {

class Network {
public:
    /// Writes the chain file and the network keys; starts nobody.
    /// `more` goes to every node, `chain` to new-chain.
    explicit Network(std::size_t validators, std::size_t followers = 0, std::vector<std::string> more = {},
                     const std::vector<std::string>& chain = {});

    /// Makes block zero in every data folder, in a process of its own, whose memory no node keeps. Before any start.
    void init_all();

    /// Returns when its JSON-RPC listens.
    void start(std::size_t i);
    void start_all();
    NodeProcess& node(std::size_t i) { return *nodes_[i]; }
    std::size_t size() const { return nodes_.size(); }

    /// The number of its last final block; nothing where it does not answer.
    std::optional<std::uint32_t> finalized(std::size_t i) const;
    std::optional<std::string> hash_at(std::size_t i, std::uint32_t number) const;
    /// Waits until the node's last final block has this number; false after so many seconds.
    bool wait_for(std::size_t i, std::uint32_t number, int seconds = 60) const;
    /// A member of consensus_state, as JSON text.
    std::string state(std::size_t i, std::string_view member) const;
    /// Up to the lowest last final block of all that run, everybody has the same hashes.
    bool agree() const;
    /// Whether a node accuses another one, or notices a second machine with its key.
    bool has_accusation() const;

private:
    TempFolder folder_;
    std::size_t validators_;
    std::vector<std::string> more_;
    std::vector<std::uint16_t> ports_;
    std::vector<std::string> ids_;
    std::vector<std::unique_ptr<NodeProcess>> nodes_;
};

}  // namespace tests
