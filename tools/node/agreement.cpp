#include "tools/node/agreement.hpp"

#include "chain/base/log_event.hpp"
#include "consensus/engine/explain.hpp"
#include "consensus/safety/remains.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace node {
namespace {

constexpr chain::log::Channel consensus_log{"consensus"};

std::string_view name(votes::Kind kind) {
    switch (kind) {
        case votes::Kind::Notarize: return "notarize";
        case votes::Kind::Nullify: return "nullify";
        case votes::Kind::Finalize: return "finalize";
    }
    return "?";
}

/// Whom the evidence is against, as a person knows him.
std::string accused(const consensus::Evidence& evidence) {
    if (const auto* outside = std::get_if<votes::VoteFromOutside>(&evidence))
        return "key " + chain::to_hex(outside->key.value) + ", no validator of the epoch,";
    return "validator " + std::to_string(votes::vote_of(evidence).validator);
}

}  // namespace

void AgreementWatch::view_ended(std::uint64_t epoch, const consensus::effect::ViewEnded& news) {
    {
        const std::lock_guard lock{mutex_};
        view_ = news.view + 1;
    }
    on_view();
    const auto outcome = std::string{consensus::name(news.outcome)};
    metrics_.view_seconds.with({outcome}).observe(static_cast<double>(news.took_ms) / 1'000);
    if (news.outcome == consensus::effect::Outcome::Nullified)
        metrics_.skipped_views.with({std::to_string(news.leader)}).add();
    const std::vector<chain::log::Field> fields{{"epoch", epoch},
                                                {"view", news.view},
                                                {"leader", std::uint64_t{news.leader}},
                                                {"outcome", outcome},
                                                {"took_ms", news.took_ms}};
    const bool is_usual = news.outcome != consensus::effect::Outcome::Nullified;
    chain::log::event(is_usual ? chain::log::Level::Debug : chain::log::Level::Info, consensus_log, "view ended",
                      fields);
}

void AgreementWatch::epoch_entered(const consensus::EpochInfo& epoch) {
    {
        const std::lock_guard lock{mutex_};
        validators_.clear();
        for (std::size_t i = 0; i < epoch.table.size(); ++i) validators_.push_back(epoch.table[i].key);
        deck_.emplace(epoch.table, epoch.seed);
        view_ = 1;
    }
    metrics_.epochs.add();
    chain::log::event(chain::log::Level::Info, consensus_log, "epoch",
                      std::vector<chain::log::Field>{{"epoch", epoch.epoch},
                                                     {"validators", std::uint64_t{epoch.table.size()}},
                                                     {"after_block", std::uint64_t{epoch.root.number}},
                                                     {"blocks", std::uint64_t{epoch.length}}});
}

std::vector<crypto::Ed25519Public> AgreementWatch::next_leaders() const {
    const std::lock_guard lock{mutex_};
    if (!deck_) return {};
    return {validators_[deck_->leader(view_)], validators_[deck_->leader(view_ + 1)]};
}

std::vector<crypto::Ed25519Public> AgreementWatch::transaction_targets() const {
    constexpr std::size_t small = 8;
    {
        const std::lock_guard lock{mutex_};
        if (validators_.size() <= small) return validators_;
    }
    return next_leaders();
}

void AgreementWatch::finalized(std::uint64_t epoch, std::uint64_t view, std::uint64_t since_proposal_ms) {
    if (!std::exchange(told_, {}).empty())
        consensus_log.info("blocks become final again: view {} of epoch {}", view, epoch);
    if (since_proposal_ms > 0) metrics_.finality_seconds.observe(static_cast<double>(since_proposal_ms) / 1'000);
}

void AgreementWatch::worked(std::string_view what, double seconds) {
    metrics_.chain_work_seconds.with({std::string{what}}).observe(seconds);
}

void AgreementWatch::evidence(std::uint64_t epoch, const consensus::Evidence& news) {
    metrics_.evidence.with({std::string{votes::name(news)}}).add();
    consensus_log.warn("{} broke the rules: {} in view {} of epoch {}", accused(news), votes::name(news),
                       votes::vote_of(news).statement.view, epoch);
}

void AgreementWatch::refused(const votes::Statement& statement, consensus::safety::Refusal why) {
    metrics_.signer_refusals.with({std::string{name(statement.kind)}}).add();
    consensus_log.info("not signed: {} in view {} of epoch {}: {}", name(statement.kind), statement.view,
                       statement.epoch, consensus::safety::text(why));
}

void AgreementWatch::double_seen(const consensus::DoubleSeen& news) {
    metrics_.own_key_elsewhere.add();
    consensus_log.error(
        "a vote of this validator's key that this node did not cast: {} in view {} of epoch {}. {}",
        name(news.vote.statement.kind), news.vote.statement.view, news.vote.statement.epoch,
        news.is_fatal
            ? "Another machine signs with the key: this node signs nothing any more. Stop one of the two, and "
              "restart this one only where it is the one that stays"
            : "It counts as signed; if it came from an earlier life of this node, all is well");
}

void AgreementWatch::memory_lost() { consensus_log.error("{}", consensus::safety::memory_lost); }

void AgreementWatch::state_mismatch(std::uint64_t epoch, const consensus::effect::StateMismatch& news) {
    metrics_.state_mismatches.add();
    consensus_log.error(
        "a quorum calls block {} (view {} of epoch {}) good, and it is bad here: this node's program or "
        "state differs from theirs{}",
        chain::to_hex(news.block), news.view, epoch, news.is_final ? "; it is final, so this node stops" : "");
}

void AgreementWatch::stuck(std::uint64_t for_ms, const consensus::ReplicaReport& report,
                           const consensus::EpochInfo& epoch) {
    const auto causes = consensus::causes_of(report, epoch, surroundings());
    auto lasting = consensus::lasting(causes);
    if (lasting == told_) return;
    told_ = std::move(lasting);
    std::vector<std::string_view> says;
    for (const consensus::Cause cause : causes) says.push_back(consensus::text_of(cause).says);
    consensus_log.warn("no final block for {} s: {}; {}", for_ms / 1'000, fmt::format("{}", fmt::join(says, "; ")),
                       consensus::explain(report, epoch.table));
}

}  // namespace node
