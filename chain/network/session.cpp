#include "chain/network/session.hpp"

namespace network {

namespace {

// Some gigabits from whom this node chose to trust with its time, an eighth of one from anybody else.
constexpr chain::Rate validator_bytes{512 << 20, 256 << 20};
constexpr chain::Rate other_bytes{16 << 20, 16 << 20};

}  // namespace

Allowance::Allowance(bool is_privileged) : bytes_(is_privileged ? validator_bytes : other_bytes) {
    for (std::size_t i = 0; i < channel_count; ++i) {
        const ChannelRules& rule = rules(static_cast<Channel>(i));
        channels_.emplace_back(is_privileged ? rule.validator : rule.other);
    }
}

Allowance::Verdict Allowance::message(Channel channel, std::uint64_t now_ms) {
    chain::Bucket& bucket = channels_[static_cast<std::size_t>(channel)];
    if (rules(channel).excess == Excess::Drop) return {.is_dropped = !bucket.take(1, now_ms)};
    return {.pause_ms = bucket.owe(1, now_ms)};
}

bool replaces(const Session& fresh, const Session& old, const PeerId& self, std::uint64_t now_ms,
              std::uint64_t stale_ms) {
    // The peer was restarted: the old connection leads to a process that is gone.
    if (fresh.theirs && old.theirs && fresh.theirs->instance != old.theirs->instance) return true;
    if (now_ms - old.heard_ms > stale_ms && now_ms > old.heard_ms) return true;
    // Nobody dials whom he is connected with: in his eyes the old one is gone.
    if (fresh.direction == old.direction) return true;
    // Both dialled at once: the smaller id's connection stays.
    const bool did_smaller_dial = (fresh.direction == Direction::Outbound) == (self < fresh.peer());
    return did_smaller_dial;
}

}  // namespace network
