#pragma once
// What an operator sees of agreement: metrics, and log lines where something needs a look.

#include "consensus/core/deck.hpp"
#include "consensus/engine/observer.hpp"
#include "consensus/engine/stuck.hpp"
#include "tools/metrics/node_metrics.hpp"

#include <functional>
#include <mutex>

namespace node {

class AgreementWatch : public consensus::Observer {
public:
    explicit AgreementWatch(metrics::NodeMetrics& metrics) : metrics_(metrics) {}

    /// Told when a view begins, on the engine's thread; set before the engine starts.
    std::function<void()> on_view = [] {};
    /// What is known beside agreement; set before the engine starts.
    std::function<consensus::Surroundings()> surroundings = [] { return consensus::Surroundings{}; };

    void view_ended(std::uint64_t epoch, const consensus::effect::ViewEnded& news) override;
    void epoch_entered(const consensus::EpochInfo& epoch) override;
    void finalized(std::uint64_t epoch, std::uint64_t view, std::uint64_t since_proposal_ms) override;
    void synced(double seconds) override { metrics_.journal_sync_seconds.observe(seconds); }
    void worked(std::string_view what, double seconds) override;
    void evidence(std::uint64_t epoch, const consensus::Evidence& news) override;
    void refused(const votes::Statement& statement, consensus::safety::Refusal why) override;
    void double_seen(const consensus::DoubleSeen& news) override;
    void memory_lost() override;
    void state_mismatch(std::uint64_t epoch, const consensus::effect::StateMismatch& news) override;
    void stuck(std::uint64_t for_ms, const consensus::ReplicaReport& report,
               const consensus::EpochInfo& epoch) override;

    /// The keys of the leaders of the running view and of the one after it. From any thread.
    std::vector<crypto::Ed25519Public> next_leaders() const;
    /// Who gets new transactions whole: the next leaders; in a small network everybody, because asking for what was
    /// announced costs more than the few bytes, and everybody leads soon. From any thread.
    std::vector<crypto::Ed25519Public> transaction_targets() const;

private:
    metrics::NodeMetrics& metrics_;
    // Guards the three below: the relay's thread asks for leaders.
    mutable std::mutex mutex_;
    std::vector<crypto::Ed25519Public> validators_;
    std::optional<consensus::Deck> deck_;
    std::uint64_t view_ = 1;
    /// What was said last: it is said again when it changes. The engine's thread.
    std::vector<consensus::Cause> told_;
};

}  // namespace node
