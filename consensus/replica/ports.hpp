#pragma once
// What one validator's agreement needs of the world around it. A node gives threads, sockets and a ledger; the
// simulator gives the same from one seed. No port may call back into the replica but by Replica::receive and
// Replica::answer, which only queue: those may be called from inside of any call here.

#include "consensus/core/effect.hpp"
#include "consensus/safety/watermark.hpp"
#include "consensus/types/epoch.hpp"

#include <memory>

namespace consensus {

using EpochPtr = std::shared_ptr<const EpochInfo>;

/// A final block that the chain has stored, and why it is final.
struct FinalBlock {
    Tip tip;
    CertificatePtr certificate;  ///< null for the genesis block
};

class Outbox {
public:
    virtual ~Outbox() = default;
    /// Everything that the message relies on is durable. It may be lost on the way. Indices are of this epoch's table.
    virtual void send(const EpochPtr& epoch, const effect::To& to, const MessagePtr& message) = 0;

protected:
    Outbox() = default;
    Outbox(const Outbox&) = default;
    Outbox& operator=(const Outbox&) = default;
};

class Verifier {
public:
    virtual ~Verifier() = default;
    /// Answered by event::SignaturesChecked for the same epoch; verify.hpp does the work, on any thread.
    virtual void check(const EpochPtr& epoch, const effect::CheckSignatures& work) = 0;

protected:
    Verifier() = default;
    Verifier(const Verifier&) = default;
    Verifier& operator=(const Verifier&) = default;
};

/// Somebody else signs with our key, or did while we had no memory of it.
struct DoubleSeen {
    votes::Vote vote;
    bool is_fatal = false;  ///< we are past the guard: this process signs nothing any more
};

/// The chain. Each effect is explained in consensus/core/effect.hpp; answers bear the epoch of the question.
class Host {
public:
    virtual ~Host() = default;

    /// The last block that is final, executed and stored. Asked by start(), and after Replica::chain_moved.
    virtual FinalBlock floor() = 0;
    /// Nothing as long as the epoch's root is not final and stored here.
    virtual EpochPtr epoch(std::uint64_t epoch) = 0;
    /// What made an epoch's last block final, for those who lag by more epochs than the replica remembers; null where
    /// the chain does not know.
    virtual CertificatePtr boundary(std::uint64_t) { return nullptr; }
    /// A block that an earlier life promised to have. Called before anything else of the epoch.
    virtual void recovered(const votes::Statement& notarized, const Payload& block) = 0;

    virtual void propose(std::uint64_t epoch, const effect::Propose& wish) = 0;
    virtual void check(std::uint64_t epoch, const effect::CheckBlock& wish) = 0;
    virtual void execute(std::uint64_t epoch, const effect::ExecuteBlock& wish) = 0;
    virtual void find(std::uint64_t epoch, const effect::FindBlock& wish) = 0;
    /// Answered to the peer, not to the replica.
    virtual void serve(std::uint64_t epoch, const effect::ServeBlock& wish) = 0;
    virtual void finalize(std::uint64_t epoch, const effect::Finalize& wish) = 0;

    /// A notarization or nullification that a vote of ours may rely on: to be shown for as long as we can be held to
    /// the vote (A7). Comes before the finalization of anything that stands on it.
    virtual void keep(const CertificatePtr&) {}
    virtual void certified(std::uint64_t epoch, const effect::Certified& news) = 0;
    virtual void forward_work(const EpochPtr& epoch, std::uint32_t leader) = 0;
    virtual void evidence(std::uint64_t epoch, const Evidence& news) = 0;
    virtual void misbehaved(const effect::Misbehaved& news) = 0;
    virtual void state_mismatch(std::uint64_t epoch, const effect::StateMismatch& news) = 0;
    virtual void double_seen(const DoubleSeen& news) = 0;
    /// The files do not say any more what was signed: this process follows and signs nothing. safety::memory_lost says
    /// what to do.
    virtual void memory_lost() = 0;
    virtual void refused(const votes::Statement& statement, safety::Refusal why) = 0;
    virtual void view_ended(std::uint64_t epoch, const effect::ViewEnded& news) = 0;
    virtual void epoch_entered(const EpochPtr& epoch) = 0;

protected:
    Host() = default;
    Host(const Host&) = default;
    Host& operator=(const Host&) = default;
};

}  // namespace consensus
