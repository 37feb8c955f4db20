#pragma once
// Several replicas on one stage, joined by a network that loses what a test says.

#include "stage.hpp"

#include <functional>

namespace stage {

class Cluster {
public:
    explicit Cluster(EpochInfo epoch, Config config = {});

    void start();
    void everybody_has_work();
    /// Carries messages, a millisecond each, and lets time pass.
    void run(std::uint64_t ms);

    Node& node(std::uint32_t i) { return *nodes_[i]; }
    std::size_t size() const { return nodes_.size(); }
    /// No two replicas hold finalizations that contradict each other.
    bool agree() const;
    /// Everything of this kind that anybody did.
    template <class E>
    std::vector<E> done() const {
        return all<E>(effects_);
    }

    /// Whether a message gets through; by default it does.
    std::function<bool(std::uint32_t from, std::uint32_t to, const Message&)> passes = [](auto, auto, const auto&) {
        return true;
    };
    std::set<std::uint32_t> silent;  ///< crashed: neither heard nor hearing

private:
    struct Letter {
        std::uint32_t from;
        std::uint32_t to;
        MessagePtr message;
    };
    void take(std::uint32_t from, const Effects& effects);
    void serve(std::uint32_t from, const effect::ServeBlock& served);

    std::vector<std::unique_ptr<Node>> nodes_;
    std::vector<Letter> letters_;
    std::map<std::uint64_t, Hash> final_;
    bool agree_ = true;
    Effects effects_;
};

}  // namespace stage
