#pragma once
// Agreement as a running thing: a Replica on a thread of its own, with the machine's clock, disk and processors around
// it. Alone, with three others or with a hundred: a validator set of one is no special case.
//
//   engine's thread    the replica; sleeps until something arrives or is due; syncs the journal
//   chain's thread     every call of the Application, in order: building, checking, executing, finalizing
//   verifying threads  signatures of votes and certificates

#include "consensus/engine/application.hpp"
#include "consensus/engine/observer.hpp"
#include "consensus/engine/participation.hpp"
#include "consensus/engine/transport.hpp"

#include <functional>
#include <memory>

namespace consensus {

struct EngineConfig {
    ReplicaConfig replica;
    unsigned verifying_threads = 1;
    /// Messages that wait for the engine's thread; beyond, they are dropped: agreement asks again.
    std::size_t inbox_bytes_max = 64 << 20;
    /// Without a final block for so long, the log says why, and again as often.
    std::uint64_t stuck_after_ms = 12'000;
};

/// All must outlive the engine.
struct EnginePorts {
    Application& application;
    Transport& transport;
    Observer& observer;
    /// Both null for a node that follows.
    const votes::Secret* secret = nullptr;
    safety::Storage* storage = nullptr;
};

/// What consensus_state and the metrics show.
struct EngineReport {
    ReplicaReport replica;
    EpochPtr epoch;
    std::optional<std::uint32_t> me;
    std::uint64_t now_ms = 0;              ///< on the clock of the report's times
    std::uint64_t since_finalized_ms = 0;  ///< since a block was found final, or since the start
    std::string why;                       ///< explain()
    std::uint64_t participation_views = 0;
    std::vector<ParticipationRow> participation;
    std::size_t jobs_waiting = 0;
    CourierReport courier;
    std::uint64_t inbox_dropped = 0;
    chain::Bounds bounds;
};

class Engine {
public:
    Engine(EngineConfig config, EnginePorts ports);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Reads what earlier lives left, then begins to agree. `on_fault` is called once, from a thread of the engine's,
    /// if it had to stop: the node must stop too.
    chain::Result<void> start(std::function<void(const chain::Fault&)> on_fault);
    /// Returns once the engine does nothing any more. Not from `on_fault`.
    void stop();

    // From any thread, never waiting:

    /// The pool may have changed.
    void wake();
    /// A connection, and the validator that it proved to be. Ids are never used again.
    void peer_arrived(std::uint64_t id, std::optional<crypto::Ed25519Public> validator);
    void peer_gone(std::uint64_t id);
    void receive(std::uint64_t from, Bytes message);
    /// What Application::finalize could not finish at once is done: this block, final by a certificate of this view, is
    /// stored, and so are its ancestors.
    void stored(const Tip& tip);

    /// Waits for the engine's thread, at most a second; nothing if it does not answer.
    std::optional<EngineReport> report() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace consensus
