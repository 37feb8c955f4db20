#include "chain/pool/bans.hpp"

namespace pool {

void Bans::add(const chain::Hash& hash, std::uint64_t now_ms) {
    expire(now_ms);
    if (bans_max_ == 0 || !until_ms_.emplace(hash, now_ms + ban_ms_).second) return;
    oldest_first_.push_back(hash);
    if (oldest_first_.size() > bans_max_) {
        until_ms_.erase(oldest_first_.front());
        oldest_first_.pop_front();
    }
}

bool Bans::contains(const chain::Hash& hash, std::uint64_t now_ms) const {
    const auto found = until_ms_.find(hash);
    return found != until_ms_.end() && found->second > now_ms;
}

void Bans::expire(std::uint64_t now_ms) {
    while (!oldest_first_.empty() && until_ms_.at(oldest_first_.front()) <= now_ms) {
        until_ms_.erase(oldest_first_.front());
        oldest_first_.pop_front();
    }
}

}  // namespace pool
