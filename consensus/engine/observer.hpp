#pragma once
// What metrics and logs want to hear from an engine. Called from the engine's thread; must be short.

#include "consensus/replica/replica.hpp"

namespace consensus {

class Observer {
public:
    virtual ~Observer() = default;
    virtual void view_ended(std::uint64_t epoch, const effect::ViewEnded& news) = 0;
    virtual void epoch_entered(const EpochInfo& epoch) = 0;
    /// A block of this view was found final; its proposal was noticed here so long ago, 0 where it never was.
    virtual void finalized(std::uint64_t epoch, std::uint64_t view, std::uint64_t since_proposal_ms) = 0;
    /// The journal was synced.
    virtual void synced(double seconds) = 0;
    /// The application took so long to do `what`: "propose", "check", "execute" or "finalize".
    virtual void worked(std::string_view what, double seconds) = 0;
    virtual void evidence(std::uint64_t epoch, const Evidence& news) = 0;
    virtual void refused(const votes::Statement& statement, safety::Refusal why) = 0;
    virtual void double_seen(const DoubleSeen& news) = 0;
    /// This process signs nothing: its memory of what was signed is damaged.
    virtual void memory_lost() = 0;
    virtual void state_mismatch(std::uint64_t epoch, const effect::StateMismatch& news) = 0;
    /// No block became final for so long although one was due. Comes every few seconds.
    virtual void stuck(std::uint64_t for_ms, const ReplicaReport& report, const EpochInfo& epoch) = 0;

protected:
    Observer() = default;
    Observer(const Observer&) = default;
    Observer& operator=(const Observer&) = default;
};

}  // namespace consensus
