#pragma once
// The engine's inside, shared by its source files.

#include "consensus/engine/engine.hpp"
#include "consensus/engine/worker.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace consensus {

struct Engine::Impl : Host, Outbox, Verifier {
    Impl(EngineConfig config_, EnginePorts ports_);

    EngineConfig config;
    EnginePorts ports;
    std::function<void(const Fault&)> on_fault;

    // ---- what other threads touch

    using Input = std::move_only_function<void()>;
    // Guards the six below: whoever has something for the engine's thread leaves it here.
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Input> inbox;
    std::size_t inbox_bytes = 0;
    std::uint64_t inbox_dropped = 0;
    bool is_stopping = false;
    bool is_woken = false;
    std::optional<Fault> job_fault;

    // ---- the engine's thread

    Replica replica;
    bool has_work = false;
    /// Whether new work matters to the engine now; any thread reads it.
    std::atomic<bool> wants_wake = true;
    // What a block holds is work until the pool hears that the block is certified, and agreement would enter the next
    // view in the belief that there is more: an empty block would follow each full one. So from the moment a block with
    // work was executed here until the chain has taken note of its certification (or its view failed), nothing is work.
    bool is_work_taken = false;
    std::uint64_t taken_view = 0;  // the highest view of such a block: it may be built while the view before runs
    std::size_t certifying = 0;
    std::optional<std::uint32_t> me;
    Participation participation;
    std::map<std::uint64_t, std::uint64_t> proposal_seen_ms;  // by view of this epoch; at most proposals_max
    std::uint64_t last_final_ms = 0;
    std::uint64_t next_stuck_ms = 0;
    // A Wake follows the transactions that it speaks of by so much: an idle leader who has them proposes them by
    // himself, and one who hears the Wake first would propose an empty block, after which they wait for the block
    // interval.
    static constexpr std::uint64_t wake_delay_ms = 25;
    struct Delayed {
        std::uint64_t due_ms = 0;
        EpochPtr epoch;
        effect::To to;
        MessagePtr message;
    };
    std::deque<Delayed> wakes;
    Courier courier;
    std::set<std::uint64_t> validator_peers;  // connections that proved to be a validator's
    MessagePtr encoded;                       // the message whose bytes these are: one message goes to many
    Payload encoded_bytes;

    static constexpr std::size_t proposals_max = 64;

    std::unique_ptr<Worker> chain;
    std::unique_ptr<Worker> verifiers;
    std::thread thread;
    std::atomic<bool> has_failed = false;

    void run();
    void fail(const Fault& fault);
    bool wait_until(std::optional<std::uint64_t> due_ms, std::vector<Input>& taken);
    void post(Input input);
    std::optional<std::uint64_t> next_due_ms() const;
    void send_wakes();
    void transmit(const EpochPtr& epoch, const effect::To& to, const MessagePtr& message);
    void look_for_work();
    void watch();
    EngineReport report_now();
    Payload bytes_of(const MessagePtr& message);
    void note_proposal(std::uint64_t view);
    void do_job(std::string_view what, std::move_only_function<Result<void>()> work);
    void stop_for(const Fault& fault);
    void answer(std::uint64_t epoch, Event event);
    void take_work(std::uint64_t view);

    // ---- blocks in short form (blocks.cpp)

    void hear(std::uint64_t from, MessagePtr message);
    void carry_out(const Wishes& wishes);
    void carry_out(const wish::Restore& wish);
    void carry_out(const wish::Ask& wish);
    void carry_out(const wish::Deliver& wish) { replica.receive(wish.from, wish.message); }
    void send_parts(std::uint64_t peer, const PartsRequest& request);
    MessagePtr short_form_of(const effect::To& to, const MessagePtr& message);

    // ---- ports of the replica

    void send(const EpochPtr& epoch, const effect::To& to, const MessagePtr& message) override;
    void check(const EpochPtr& epoch, const effect::CheckSignatures& work) override;

    FinalBlock floor() override { return ports.application.finalized(); }
    EpochPtr epoch(std::uint64_t epoch) override { return ports.application.epoch(epoch); }
    CertificatePtr boundary(std::uint64_t epoch) override { return ports.application.boundary(epoch); }
    void recovered(const votes::Statement& notarized, const Payload& block) override {
        ports.application.recovered(notarized, block);
    }
    void propose(std::uint64_t epoch, const effect::Propose& wish) override;
    void check(std::uint64_t epoch, const effect::CheckBlock& wish) override;
    void execute(std::uint64_t epoch, const effect::ExecuteBlock& wish) override;
    void find(std::uint64_t epoch, const effect::FindBlock& wish) override;
    void serve(std::uint64_t epoch, const effect::ServeBlock& wish) override;
    void finalize(std::uint64_t epoch, const effect::Finalize& wish) override;
    void keep(const CertificatePtr& certificate) override;
    void certified(std::uint64_t epoch, const effect::Certified& news) override;
    void forward_work(const EpochPtr& epoch, std::uint32_t leader) override;
    void evidence(std::uint64_t epoch, const Evidence& news) override { ports.observer.evidence(epoch, news); }
    void misbehaved(const effect::Misbehaved& news) override;
    void state_mismatch(std::uint64_t epoch, const effect::StateMismatch& news) override;
    void double_seen(const DoubleSeen& news) override { ports.observer.double_seen(news); }
    void memory_lost() override { ports.observer.memory_lost(); }
    void refused(const votes::Statement& statement, safety::Refusal why) override {
        ports.observer.refused(statement, why);
    }
    void view_ended(std::uint64_t epoch, const effect::ViewEnded& news) override;
    void epoch_entered(const EpochPtr& epoch) override;
};

}  // namespace consensus
