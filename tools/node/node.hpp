#pragma once
// The composition root: builds every object in the order of dependence, and takes them down in reverse.

#include "chain/base/result.hpp"
#include "tools/node/chain_folder.hpp"

#include <functional>
#include <memory>

namespace node {

class Node {
public:
    /// Opens the data folder and listens; nothing is proposed before `start`.
    static chain::Result<std::unique_ptr<Node>> open(const Config& config, Chain chain);
    ~Node();
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    /// Begins to agree and connects with peers. `on_fault` comes from another thread if the node cannot go on.
    chain::Result<void> start(std::function<void(const chain::Fault&)> on_fault);
    /// Finishes the block at hand, closes the doors and the store.
    void stop();

private:
    struct Impl;
    explicit Node(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace node
