#pragma once
// Block sync of one node: the machine of chain/sync between the node's chain and those of its peers. It does here on
// events what node::BlockSyncRunner does on threads, and keeps a peer's score as the network does.

#include "chain/network/score.hpp"
#include "chain/sync/sync.hpp"
#include "tests/simulation/serving.hpp"

#include <map>
#include <optional>
#include <set>

namespace simulation {

class Node;
class World;

class NodeSync {
public:
    NodeSync(World& world, Node& node, Serving serving) : world_(world), node_(node), serving_(serving) {}

    /// A new life begins.
    void start();
    void peer_up(std::uint32_t other);
    void peer_down(std::uint32_t other);
    /// The last final block moved by agreement.
    void moved();
    /// Agreement knows of a final block that is not here.
    void wanted();
    /// It did what a network closes the door for.
    bool has_banned(std::uint32_t other) const { return banned_.contains(other); }
    Serving serving() const { return serving_; }
    block_sync::Report report() const { return machine_->report(); }
    /// What it holds too much of; else empty.
    std::string exceeds_limits() const;

private:
    /// What is on its way bears the asker's name for the connection: with the connection it is gone.
    using Connection = std::uint64_t;
    void ask_where(std::uint32_t other);
    void hear_where(std::uint32_t from, Connection connection);
    void hear_standing(std::uint32_t from, Connection connection, std::uint32_t finalized);
    void hear(std::uint32_t from, Connection connection, const block_sync::Request& request);
    void hear(std::uint32_t from, Connection connection, const Served& served);

    void step(const block_sync::Event& event);
    void carry_out(const block_sync::Effect& effect);
    void ask(const block_sync::effect::Ask& wish);
    void apply(const block_sync::Proved& proved);
    void store(const block_sync::Proved& proved);
    void accuse(block_sync::Peer peer, block_sync::Misdeed misdeed);
    void report(std::uint32_t other, network::Conduct conduct);
    void poll();
    void arm();
    /// The answer that is being looked at was taken in, false blocks and all.
    void note_lies(std::uint32_t from);
    void forget_lies(std::uint32_t through);
    /// What a liar had taken in may not go unnoticed once the truth is proved.
    void demand_named(std::uint32_t proved);
    std::optional<std::uint32_t> node_of(block_sync::Peer peer) const;

    World& world_;
    Node& node_;
    Serving serving_;
    std::optional<block_sync::Sync> machine_;
    std::map<std::uint32_t, network::Score> scores_;
    std::set<std::uint32_t> banned_;
    /// By liar, of this connection: blocks of his that the machine took in, and that are false.
    std::map<std::uint32_t, std::set<std::uint32_t>> lies_;
    const Served* hears_ = nullptr;  ///< the answer that is being looked at
    Micros armed_at_ = never;
    static constexpr Micros never = ~Micros{0};
};

}  // namespace simulation
