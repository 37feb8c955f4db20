#pragma once
// One validator's agreement: the core of the current epoch, the signer and the journal, joined over ports. Pure and
// single-threaded: the same object runs in a node and in the simulator.
//
// Inputs only queue. turn() steps the core through all that is queued and all time that has passed, syncs watermark and
// journal once, and only then lets messages and finalizations out (group commit). After a fault nothing leaves any more
// and the process must stop: what the disk holds is unknown until it is read again.
//
// Epochs follow each other: when an epoch's last block is final and stored, its finalization opens the next segment of
// the journal, and a new core begins. Whoever still talks about an earlier epoch is sent what ended it.
//
// After every start the replica listens before it signs (guard.hpp). A second machine with its key that is heard later
// ends its signing until somebody restarts it.

#include "chain/base/bound.hpp"
#include "consensus/core/core.hpp"
#include "consensus/replica/guard.hpp"
#include "consensus/replica/outsiders.hpp"
#include "consensus/replica/ports.hpp"
#include "consensus/safety/remains.hpp"
#include "consensus/safety/signer.hpp"

#include <deque>

namespace consensus {

using chain::Result;

struct ReplicaLimits {
    std::size_t inbox_max = 4'096;            ///< received messages that wait; beyond, they are dropped
    std::size_t next_epoch_max = 1'024;       ///< messages of the next epoch that wait for it; beyond, dropped
    std::size_t next_epoch_peer_max = 64;     ///< of one peer
    std::size_t next_epoch_bytes = 16 << 20;  ///< of blocks among them
    std::size_t deferred_max = 16;            ///< votes that wait for the guard's end; beyond, the oldest is refused
    std::size_t boundaries_kept = 256;        ///< epochs whose end can be told from memory; earlier ones by the host
    std::size_t finals_max = 1'024;           ///< certificates of blocks that the chain does not have yet
    std::uint64_t answer_pause_ms = 1'000;    ///< between two answers to one peer about one epoch
    std::uint64_t answers_per_s = 64;         ///< to one peer, about as many epochs
};

struct ReplicaConfig {
    Hash genesis;
    Timers timers;
    CoreLimits core;
    safety::JournalLimits journal;
    ReplicaLimits limits;
    /// How long to listen at most before the first signature: 2·t_a. 0: sign at once.
    std::uint64_t guard_ms = 4'000;
    /// An operator's word that nothing was signed above it, where the files do not tell (safety/remains.hpp).
    std::optional<safety::Mark> no_sign_until;
};

/// Null secret and storage: a node that follows and never signs.
struct ReplicaPorts {
    const votes::Secret* secret = nullptr;
    safety::Storage* storage = nullptr;
    Outbox* outbox = nullptr;
    Verifier* verifier = nullptr;
    Host* host = nullptr;
};

enum class SigningState : std::uint8_t {
    Follows,  ///< no key, or not one of this epoch's
    Listens,  ///< the guard after a start
    Silent,   ///< up to a view, because memory was lost
    Signs,
    Stopped,  ///< a second machine signs with this key
    Forgot    ///< what was signed is not known any more: an operator must say from where on it may sign
};

struct ReplicaReport {
    ViewReport view;
    Footprint footprint;
    SigningState signing{};
    safety::Mark silent_until;
    std::uint64_t journal_bytes = 0;
    std::uint64_t commits = 0;
    std::uint64_t refusals = 0;
    std::uint64_t dropped = 0;  ///< messages, at a bound of this replica
    std::size_t inbox = 0;
    std::size_t next_epoch = 0;  ///< messages that wait for it
};

class Replica {
public:
    Replica(ReplicaConfig config, ReplicaPorts ports);

    /// Reads what earlier lives left, and begins. Fault: the disk's, or files that may not be used.
    Result<void> start(std::uint64_t now_ms);

    /// A connection that proved to be this validator, if so. Ids are never used again.
    void peer_arrived(std::uint64_t id, const std::optional<crypto::Ed25519Public>& validator);
    void peer_gone(std::uint64_t id);
    /// False where it was dropped because too many wait.
    bool receive(std::uint64_t from, MessagePtr message);
    /// What Host and Verifier answer. For an epoch that has ended it means nothing.
    void answer(std::uint64_t epoch, Event event);
    void work_changed(bool has_work);
    /// The chain has stored final blocks that agreement did not ask for: perhaps of a later epoch, where we go on then.
    void chain_moved();

    /// Does all that is due. `now_ms` never runs backwards.
    Result<void> turn(std::uint64_t now_ms);
    /// When to take the next turn at the latest, 0 for at once.
    std::optional<std::uint64_t> next_timer_ms() const;

    bool is_started() const { return core_.has_value(); }
    /// Of the running epoch; needs a start.
    const Core& core() const { return *core_; }
    const EpochPtr& epoch() const { return epoch_; }
    const safety::Signer* signer() const { return signer_ ? &*signer_ : nullptr; }
    ReplicaReport report() const;
    /// What it holds of everything that is bounded; needs a start.
    chain::Bounds bounds() const;

private:
    struct Letter {
        std::uint64_t from = 0;
        MessagePtr message;
    };
    struct Answer {
        std::uint64_t epoch = 0;
        Event event;
    };
    struct Arrived {
        std::uint64_t id = 0;
        std::optional<crypto::Ed25519Public> validator;
    };
    struct Gone {
        std::uint64_t id = 0;
    };
    struct Moved {};
    using Input = std::variant<Letter, Answer, Arrived, Gone, event::WorkChanged, Moved>;

    struct PeerState {
        std::optional<crypto::Ed25519Public> key;
        std::optional<std::uint32_t> validator;  ///< in this epoch
        // What it was told and asked about other epochs.
        std::uint64_t second = 0;
        std::uint64_t answers = 0;                                    ///< in that second
        std::optional<std::pair<std::uint64_t, std::uint64_t>> told;  ///< last epoch, and when
        std::optional<std::uint64_t> asked_ms;
        std::size_t waiting = 0;  ///< messages for the next epoch
    };

    // replica.cpp: a life and its turns
    Result<void> remember(const safety::Remains& remains);
    Result<void> work();
    Result<void> commit();
    void release();
    Result<void> prune(const Tip& durable);
    void take(const Letter& letter);
    void take(const Answer& answer);
    void take(const Arrived& arrived);
    void take(const Gone& gone);
    void take(const event::WorkChanged& change);
    void take(const Moved& moved);
    void step(const Event& event);
    void look_at_outsider(const PeerState& peer, const Message& message);

    // epochs.cpp: from one epoch to the next
    Result<void> enter(EpochPtr epoch, const FinalBlock& floor);
    Result<void> follow();
    Result<EpochPtr> epoch_after(const FinalBlock& floor);
    void remember_boundary(std::uint64_t epoch, const CertificatePtr& certificate);
    void introduce_peers();
    void keep_for_next_epoch(const Letter& letter);
    void deliver_kept();
    void tell_boundary(std::uint64_t peer, std::uint64_t epoch);
    void ask_for_boundary(std::uint64_t peer);
    bool may_tell(PeerState& peer, std::uint64_t epoch) const;

    // effects.cpp: what the core wants
    void carry_out();
    void carry_out(const effect::CastVote& wish);
    void carry_out(const effect::StoreCertificate& wish);
    void carry_out(const effect::OwnKeyElsewhere& news);
    void carry_out(const effect::ViewEnded& news);
    void carry_out(const effect::EpochEnded& news);
    void carry_out(const effect::StateMismatch& news);
    void sign(const effect::CastVote& wish);
    void defer(const effect::CastVote& wish);
    void refuse(const votes::Statement& statement, safety::Refusal why);
    void hear_status(const Peer& from, const Status& status);
    void remember(const safety::Mark& signed_elsewhere);
    void end_guard();

    ReplicaConfig config_;
    ReplicaPorts ports_;
    std::optional<safety::Signer> signer_;
    std::optional<safety::Journal> journal_;
    std::map<std::uint64_t, PeerState> peers_;
    bool has_work_ = false;
    bool has_moved_ = false;  ///< the chain, without being asked

    EpochPtr epoch_;
    std::optional<std::uint32_t> me_;
    std::optional<Core> core_;
    std::optional<FinalBlock> ended_;  ///< the epoch's last block, until the next epoch begins
    std::map<std::uint64_t, CertificatePtr> boundaries_;
    std::deque<Letter> kept_;  ///< for the next epoch
    std::size_t kept_bytes_ = 0;

    std::uint64_t now_ms_ = 0;
    std::deque<Input> inbox_;
    std::size_t letters_ = 0;  ///< in the inbox
    Effects effects_;
    std::vector<std::pair<EpochPtr, Effect>> outgoing_;  ///< waits for the commit
    std::deque<CertificatePtr> finals_;                  ///< of blocks that the chain does not have yet
    std::vector<Tip> durable_;

    Outsiders outsiders_;
    std::optional<Guard> guard_;
    std::vector<effect::CastVote> deferred_;
    safety::Mark remembered_;  ///< votes of earlier lives may exist up to here
    bool is_stopped_ = false;
    bool has_forgotten_ = false;
    std::optional<chain::Fault> fault_;
    std::uint64_t commits_ = 0;
    std::uint64_t refusals_ = 0;
    std::uint64_t dropped_ = 0;
};

}  // namespace consensus
