#pragma once
// N nodes, their network and their misfortunes in one thread, from one seed: the same scenario is the same run, event
// for event.

#include "consensus/core/deck.hpp"
#include "consensus/replica/ports.hpp"
#include "consensus/safety/watermark.hpp"
#include "consensus/types/epoch.hpp"
#include "tests/simulation/checker.hpp"
#include "tests/simulation/fast_scheme.hpp"
#include "tests/simulation/faults.hpp"
#include "tests/simulation/light_application.hpp"
#include "tests/simulation/network.hpp"
#include "tests/simulation/outcome.hpp"
#include "tests/simulation/scenario.hpp"

#include <functional>

namespace simulation {

class Node;

class World {
public:
    /// `chain` must outlive the world; null for the light application.
    explicit World(const Scenario& scenario, ChainMaker* chain = nullptr);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    /// Until everybody has made progress after healing, a promise is broken, or patience ends.
    Outcome run();
    /// For so long, faults and all; nothing heals.
    Outcome run_for(Micros duration);

    // What nodes ask of their world.

    Micros now() const { return now_; }
    const Scenario& scenario() const { return scenario_; }
    const votes::Scheme& scheme() const { return scheme_; }
    Checker& checker() { return checker_; }
    BlockRegistry& blocks() { return blocks_; }
    Network& network() { return network_; }
    Outcome& outcome() { return outcome_; }
    /// For what happens to the world as a whole; nodes and players draw from their own.
    Random& random() { return random_; }

    std::uint32_t node_count() const { return static_cast<std::uint32_t>(validator_of_.size()); }
    Node& node(std::uint32_t index) { return *nodes_[index]; }
    /// The validator that a node has the key of; nothing for observers.
    std::optional<std::uint32_t> validator_of(std::uint32_t node) const;
    crypto::Ed25519Public key_of(std::uint32_t validator) const;
    std::optional<std::uint32_t> validator_with(const crypto::Ed25519Public& key) const;
    bool is_real() const { return chain_ != nullptr; }
    std::unique_ptr<Application> make_application(const Seat& seat, Random random);
    /// Somebody enters this epoch.
    void note_epoch(const consensus::EpochInfo& epoch);
    const votes::ValidatorTable& table(std::uint64_t epoch);
    /// The epoch that begins on this block.
    consensus::EpochInfo epoch(std::uint64_t epoch, const Tip& root);
    /// Of an epoch that somebody has entered.
    std::uint32_t leader(std::uint64_t epoch, std::uint64_t view) const;
    chain::Hash genesis() const { return genesis_; }

    /// A message leaves a node at `when`.
    void send(std::uint32_t from, std::uint32_t to, consensus::MessagePtr message, Micros when);
    /// Something happens in the life of a node; not if that life is over by then.
    void at(Micros when, std::uint32_t node, std::uint32_t life, std::function<void()> action);
    /// Something happens to the world.
    void at(Micros when, std::function<void()> action);
    /// Transactions go from node to node.
    void forward(std::uint32_t from, std::uint32_t to, std::vector<std::uint64_t> transactions);
    /// Whether the validators that lie or forget stay below a third with this node among them.
    bool may_tamper(std::uint32_t node);
    /// What is no message of agreement goes from node to node: the action happens to the one who gets it, if he still
    /// lives this life then.
    void carry(std::uint32_t from, std::uint32_t to, std::function<void()> action);
    /// Where the honest nodes that run are in agreement, the one ahead of all.
    consensus::safety::Mark furthest_view() const;
    void alarm(Micros when, std::uint32_t node, std::uint32_t life);
    /// A view ended for a node by its nullification.
    void note_nullified(std::uint32_t node);
    /// A leader's proposal left it for the first time.
    void note_proposal(const chain::Hash& block);
    /// A node made a block final.
    void note_final(std::uint32_t node, const chain::Hash& block, std::uint32_t number);

private:
    struct Event {
        enum class Kind : std::uint8_t { Message, Alarm, NodeAction, WorldAction };
        Kind kind{};
        std::uint32_t node = 0;
        std::uint32_t from = 0;
        std::uint32_t life = 0;
        consensus::MessagePtr message;
        std::function<void()> action;
    };

    void make_nodes();
    void start_all();
    void step();
    void deliver(Event& event);
    void plan_next_fault();
    void carry_out(const Fault& fault);
    void cut_links(Micros lasts_us);
    void plan_next_transaction();
    void heal();
    bool is_recovered();
    std::string why_stuck();
    /// Every honest node holds no more than its limits allow.
    void check_memory();
    void check_stores();
    bool is_scripted_away(std::uint32_t from, std::uint32_t to, const consensus::Message& message) const;
    void measure();

    Scenario scenario_;
    ChainMaker* chain_;
    Random random_;
    EventQueue<Event> queue_;
    FastScheme scheme_;
    chain::Hash genesis_;
    Checker checker_;
    BlockRegistry blocks_;
    Network network_;
    FaultSource faults_;
    std::vector<std::unique_ptr<Node>> nodes_;
    std::vector<crypto::Ed25519Public> keys_;  // by validator
    std::vector<std::uint32_t> validator_of_;  // by node; observers beyond the validators
    std::map<std::uint64_t, consensus::Deck> decks_;
    std::map<std::uint64_t, votes::ValidatorTable> tables_;
    Micros now_ = 0;
    Outcome outcome_;
    std::optional<std::uint32_t> tampered_;  // the one node whose disk may forget
    bool is_healed_ = false;
    bool is_measuring_ = false;
    std::uint32_t number_at_heal_ = 0;
    Micros last_final_at_ = 0;
    std::uint32_t nullified_since_ = 0;  ///< views since then, as the first honest node sees them
    std::uint64_t next_transaction_ = 1;
    std::vector<std::uint64_t> promised_;  // transactions that must become final after healing
    std::unordered_map<chain::Hash, Micros, ByHash> proposed_at_;
    std::map<std::uint64_t, Micros> submitted_at_;
};

}  // namespace simulation
