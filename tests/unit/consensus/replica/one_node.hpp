#pragma once
// One replica with everything around it in memory: a chain of hashes, a disk, a clock that jumps to what is due next,
// and everything it ever said. The chain and the disk survive its lives.

#include "consensus/replica/replica.hpp"
#include "consensus/replica/verify.hpp"
#include "tests/support/memory_storage.hpp"

namespace consensus {

inline const Hash test_genesis{{1}};

/// The blocks that a node has stored, and those it has seen.
struct TestChain {
    struct Block {
        Hash parent;
        std::uint32_t number = 0;
    };
    std::vector<votes::Validator> validators;
    std::uint32_t epoch_length = 1'000;
    std::map<Hash, Block> blocks{{test_genesis, {}}};
    std::vector<FinalBlock> finals{{.tip = {.hash = test_genesis}, .certificate = nullptr}};
    std::uint32_t built = 0;
};

class OneNode : public Outbox, public Verifier, public Host {
public:
    struct Sent {
        effect::To to;
        MessagePtr message;
    };

    OneNode(TestChain& chain, safety::MemoryStorage& disk, const votes::Secret& secret, ReplicaConfig config);

    /// Turns until nothing is due before this time, or a fault.
    Result<void> run_until(std::uint64_t until_ms);
    Result<void> turn();

    // What the chain does not do at once.
    std::uint64_t build_ms = 0;
    std::uint64_t execute_ms = 0;
    std::uint64_t store_ms = 0;

    std::uint64_t now_ms = 1'000;
    std::vector<Sent> sent;
    std::vector<std::pair<votes::Statement, safety::Refusal>> refusals;
    std::vector<DoubleSeen> doubles;
    std::vector<Evidence> found;
    std::vector<CertificatePtr> kept;
    bool has_lost_memory = false;
    std::vector<votes::Statement> recovered_blocks;
    std::vector<std::uint64_t> epochs;
    Replica replica;

    /// The own votes among what was sent, with those inside of proposals.
    std::vector<votes::Vote> votes_sent() const;

    void send(const EpochPtr&, const effect::To& to, const MessagePtr& message) override;
    void check(const EpochPtr& epoch, const effect::CheckSignatures& work) override;
    FinalBlock floor() override { return chain_.finals.back(); }
    EpochPtr epoch(std::uint64_t epoch) override;
    void recovered(const votes::Statement& notarized, const Payload&) override {
        recovered_blocks.push_back(notarized);
    }
    void propose(std::uint64_t epoch, const effect::Propose& wish) override;
    void check(std::uint64_t epoch, const effect::CheckBlock& wish) override;
    void execute(std::uint64_t epoch, const effect::ExecuteBlock& wish) override;
    void find(std::uint64_t epoch, const effect::FindBlock& wish) override;
    void serve(std::uint64_t, const effect::ServeBlock&) override {}
    void finalize(std::uint64_t epoch, const effect::Finalize& wish) override;
    void keep(const CertificatePtr& certificate) override { kept.push_back(certificate); }
    void certified(std::uint64_t, const effect::Certified&) override {}
    void forward_work(const EpochPtr&, std::uint32_t) override {}
    void evidence(std::uint64_t, const Evidence& news) override { found.push_back(news); }
    void misbehaved(const effect::Misbehaved&) override {}
    void state_mismatch(std::uint64_t, const effect::StateMismatch&) override {}
    void double_seen(const DoubleSeen& news) override { doubles.push_back(news); }
    void memory_lost() override { has_lost_memory = true; }
    void refused(const votes::Statement& statement, safety::Refusal why) override {
        refusals.emplace_back(statement, why);
    }
    void view_ended(std::uint64_t, const effect::ViewEnded&) override {}
    void epoch_entered(const EpochPtr& epoch) override { epochs.push_back(epoch->epoch); }

private:
    void later(std::uint64_t delay_ms, std::uint64_t epoch, Event event);

    TestChain& chain_;
    std::multimap<std::uint64_t, std::pair<std::uint64_t, Event>> pending_;
};

/// Two votes of one validator that must not both exist.
bool contradict(const votes::Statement& a, const votes::Statement& b);

}  // namespace consensus
