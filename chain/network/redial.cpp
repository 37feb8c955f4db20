#include "chain/network/redial.hpp"

#include <algorithm>

namespace network {

Redial::Redial(std::uint32_t least_ms, std::uint64_t seed) : least_ms_(least_ms), random_(seed | 1) {}

/// Between three quarters and five quarters of it.
std::uint64_t Redial::jittered(std::uint64_t pause_ms) {
    // xorshift64 (Marsaglia 2003)
    random_ ^= random_ << 13;
    random_ ^= random_ >> 7;
    random_ ^= random_ << 17;
    return pause_ms * 3 / 4 + random_ % (pause_ms / 2 + 1);
}

Redial::State& Redial::at(const std::string& target) {
    if (targets_.size() >= targets_max && !targets_.contains(target))
        targets_.erase(std::ranges::max_element(targets_, {}, [](const auto& entry) { return entry.second.next_ms; }));
    return targets_[target];
}

bool Redial::is_due(const std::string& target, std::uint64_t now_ms) const {
    const auto found = targets_.find(target);
    return found == targets_.end() || (!found->second.is_dialling && found->second.next_ms <= now_ms);
}

void Redial::postpone(const std::string& target, std::uint64_t until_ms) {
    State& state = at(target);
    if (state.failures == 0) state.next_ms = std::max(state.next_ms, until_ms);
}

void Redial::started(const std::string& target) { at(target).is_dialling = true; }

void Redial::failed(const std::string& target, std::string reason, std::uint64_t now_ms, std::uint32_t most_ms) {
    State& state = at(target);
    const std::uint64_t doublings = std::min<std::uint64_t>(state.failures, 16);
    const std::uint64_t pause_ms = std::min<std::uint64_t>(std::uint64_t{least_ms_} << doublings, most_ms);
    ++state.failures;
    state.is_dialling = false;
    state.reason = std::move(reason);
    state.next_ms = now_ms + jittered(pause_ms);
}

void Redial::succeeded(const std::string& target) { at(target) = State{}; }

void Redial::ended(const std::string& target, std::string reason, std::uint64_t now_ms) {
    State& state = at(target);
    state.is_dialling = false;
    state.reason = std::move(reason);
    state.next_ms = now_ms + jittered(least_ms_);
}

Redial::State Redial::state(const std::string& target) const {
    const auto found = targets_.find(target);
    return found == targets_.end() ? State{} : found->second;
}

}  // namespace network
