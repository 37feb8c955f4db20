#include "consensus/replica/outsiders.hpp"

#include <algorithm>

namespace consensus {
namespace {

/// A vote, or the one in a proposal.
const votes::Vote* vote_in(const Message& message) {
    if (const auto* vote = std::get_if<votes::Vote>(&message)) return vote;
    if (const auto* proposal = std::get_if<Proposal>(&message)) return &proposal->vote;
    return nullptr;
}

}  // namespace

std::optional<Outsiders::Question> Outsiders::heard(std::uint64_t now_ms, const crypto::Ed25519Public& key,
                                                    const Message& message) {
    const votes::Vote* vote = vote_in(message);
    if (vote == nullptr || reported_.contains(key) || reported_.size() >= reported_max) return std::nullopt;
    if (pending_.size() >= checks_max || !checks_.take(1, now_ms)) return std::nullopt;
    votes::Vote alone = *vote;
    alone.validator = 0;
    pending_.push_back({next_, {*vote, key}});
    return Question{.epoch = std::make_shared<const EpochInfo>(
                        EpochInfo{.epoch = vote->statement.epoch, .table = votes::ValidatorTable{{{key, 1}}}}),
                    .work = {.batch = next_++, .votes = {alone}}};
}

std::optional<Evidence> Outsiders::answered(const event::SignaturesChecked& checked) {
    const auto found = std::ranges::find(pending_, checked.batch, &Pending::batch);
    if (found == pending_.end()) return std::nullopt;
    const votes::VoteFromOutside charge = found->charge;
    pending_.erase(found);
    if (!checked.bad.empty() || !reported_.insert(charge.key).second) return std::nullopt;
    return charge;
}

}  // namespace consensus
