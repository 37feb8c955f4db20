#include "chain/network/score.hpp"

#include "chain/codec/scale.hpp"

#include <algorithm>
#include <utility>

namespace network {

namespace {

constexpr std::int32_t points(Conduct conduct) {
    switch (conduct) {
        case Conduct::UsefulBlock: return 1;
        case Conduct::SlowSync: return -5;
        case Conduct::Unsolicited:
        case Conduct::Oversize: return -50;
        case Conduct::Malformed:
        case Conduct::InvalidBlock: return -100;
        case Conduct::InvalidSignature: return -1'000;  // below the ban whatever was earned
        case Conduct::Flood: return -1;
    }
    std::unreachable();
}

}  // namespace

std::string_view text(Conduct conduct) {
    switch (conduct) {
        case Conduct::UsefulBlock: return "useful block";
        case Conduct::SlowSync: return "slow sync";
        case Conduct::Unsolicited: return "unsolicited message";
        case Conduct::Oversize: return "oversize message";
        case Conduct::Malformed: return "malformed message";
        case Conduct::InvalidBlock: return "invalid block";
        case Conduct::InvalidSignature: return "invalid signature";
        case Conduct::Flood: return "flood";
    }
    std::unreachable();
}

std::int64_t Score::thousandths_at(std::uint64_t now_ms) const {
    std::int64_t value = thousandths_;
    // After two hours 0.9^120 leaves nothing.
    const std::uint64_t minutes = now_ms <= since_ms_ ? 0 : std::min<std::uint64_t>((now_ms - since_ms_) / 60'000, 120);
    for (std::uint64_t i = 0; i < minutes; ++i) value = value * 9 / 10;
    return value;
}

std::int32_t Score::add(Conduct conduct, std::uint64_t now_ms) {
    const std::int64_t decayed = thousandths_at(now_ms);
    // Started minutes stay started: frequent additions must not keep a score from decaying.
    if (now_ms > since_ms_) since_ms_ = now_ms - (now_ms - since_ms_) % 60'000;
    thousandths_ = std::clamp(decayed + std::int64_t{points(conduct)} * 1'000, std::int64_t{banned_at} * 1'000,
                              std::int64_t{best} * 1'000);
    return value(now_ms);
}

std::int32_t Score::value(std::uint64_t now_ms) const {
    return static_cast<std::int32_t>(thousandths_at(now_ms) / 1'000);
}

void Bans::ban(const PeerId& peer, std::uint64_t until_ms) {
    if (until_.size() >= peers_max && !until_.contains(peer))
        until_.erase(std::ranges::min_element(until_, {}, [](const auto& entry) { return entry.second; }));
    std::uint64_t& until = until_[peer];
    until = std::max(until, until_ms);
}

bool Bans::is_banned(const PeerId& peer, std::uint64_t now_ms) const {
    const auto found = until_.find(peer);
    return found != until_.end() && now_ms < found->second;
}

namespace {

struct SavedBan {
    std::array<std::uint8_t, 32> peer{};
    std::uint64_t until_unix_ms = 0;
};
using SavedBans = scale::Bounded<std::vector<SavedBan>, Bans::peers_max>;

}  // namespace

Bytes Bans::encode(std::uint64_t now_ms, std::uint64_t unix_ms) const {
    SavedBans out;
    for (const auto& [peer, until_ms] : until_)
        if (until_ms > now_ms) out.value.push_back({peer.value, unix_ms + (until_ms - now_ms)});
    return scale::encode(out);
}

std::size_t Bans::load(ByteView bytes, std::uint64_t now_ms, std::uint64_t unix_ms, std::uint64_t ban_ms) {
    const auto saved = scale::decode<SavedBans>(bytes);
    if (!saved) return 0;
    std::size_t added = 0;
    for (const SavedBan& one : saved->value) {
        if (one.until_unix_ms <= unix_ms) continue;
        ban(PeerId{one.peer}, now_ms + std::min(one.until_unix_ms - unix_ms, ban_ms));
        ++added;
    }
    return added;
}

void Bans::tidy(std::uint64_t now_ms) {
    std::erase_if(until_, [&](const auto& entry) { return entry.second <= now_ms; });
}

}  // namespace network
