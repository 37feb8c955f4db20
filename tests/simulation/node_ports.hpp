#pragma once
// What a replica asks of its node: messages to send, signatures to check, and everything that concerns the chain.

#include "consensus/replica/ports.hpp"
#include "tests/simulation/event_queue.hpp"
#include "tests/simulation/players.hpp"

#include <map>

namespace simulation {

class Node;
class World;

class NodePorts : public consensus::Outbox, public consensus::Verifier, public consensus::Host, public votes::Secret {
public:
    NodePorts(World& world, Node& node) : world_(world), node_(node) {}

    void send(const consensus::EpochPtr& epoch, const consensus::effect::To& to,
              const consensus::MessagePtr& message) override;
    void check(const consensus::EpochPtr& epoch, const consensus::effect::CheckSignatures& work) override;

    crypto::Ed25519Public public_key() const override;
    votes::Signature sign(chain::ByteView message) const override;

    consensus::FinalBlock floor() override;
    consensus::EpochPtr epoch(std::uint64_t epoch) override;
    consensus::CertificatePtr boundary(std::uint64_t epoch) override;
    void recovered(const votes::Statement& notarized, const consensus::Payload& block) override;
    void propose(std::uint64_t epoch, const consensus::effect::Propose& wish) override;
    void check(std::uint64_t epoch, const consensus::effect::CheckBlock& wish) override;
    void execute(std::uint64_t epoch, const consensus::effect::ExecuteBlock& wish) override;
    void find(std::uint64_t epoch, const consensus::effect::FindBlock& wish) override;
    void serve(std::uint64_t epoch, const consensus::effect::ServeBlock& wish) override;
    void finalize(std::uint64_t epoch, const consensus::effect::Finalize& wish) override;
    void certified(std::uint64_t epoch, const consensus::effect::Certified& news) override;
    void forward_work(const consensus::EpochPtr& epoch, std::uint32_t leader) override;
    void evidence(std::uint64_t epoch, const consensus::Evidence& news) override;
    void misbehaved(const consensus::effect::Misbehaved& news) override;
    void state_mismatch(std::uint64_t epoch, const consensus::effect::StateMismatch& news) override;
    void double_seen(const consensus::DoubleSeen& news) override;
    void memory_lost() override;
    void refused(const votes::Statement& statement, consensus::safety::Refusal why) override;
    void view_ended(std::uint64_t epoch, const consensus::effect::ViewEnded& news) override;
    void epoch_entered(const consensus::EpochPtr& epoch) override;

    /// What was said in this turn goes on record, in the order of the views.
    void turn_ended();
    /// A new life: nothing of the earlier one is under way.
    void reset();

private:
    /// Answers now or after the time that such work takes.
    void answer_later(std::uint64_t epoch, consensus::Event event);
    struct Said {
        votes::Statement vote;
        bool is_late = false;  ///< a finalize vote for what is final already
    };
    void note(const votes::Statement& statement);
    /// Puts one vote on record, and asks whether its time is over.
    void record(const Said& said);
    /// Only the leader's first proposal is looked at, and what a quorum may have notarized.
    void demand_first(std::uint64_t epoch, const consensus::effect::CheckBlock& wish);
    void demand_executed(const chain::Hash& parent);
    void say(std::uint32_t node, const consensus::MessagePtr& message);
    /// Puts what an honest validator says on record.
    void record(const consensus::Message& message);
    void store(std::uint64_t epoch, const consensus::effect::Finalize& wish);

    World& world_;
    Node& node_;
    std::vector<Said> said_;  ///< by this validator, in this turn
    std::uint64_t final_epoch_ = 0;
    std::uint64_t final_view_ = 0;  // the latest finalization, stored or not
    /// The first block that the core had checked in each of the latest views.
    std::map<std::pair<std::uint64_t, std::uint64_t>, chain::Hash> first_checked_;
};

}  // namespace simulation
