#pragma once
// Hashes of transactions that proved invalid for good, for a while: sending them again costs one look-up.

#include "chain/base/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>

namespace pool {

class Bans {
public:
    /// Each ban lasts `ban_ms`; beyond `bans_max` the oldest is forgotten.
    Bans(std::uint64_t ban_ms, std::size_t bans_max) : ban_ms_(ban_ms), bans_max_(bans_max) {}

    /// Starts a ban, or leaves a running one as it is.
    void add(const chain::Hash& hash, std::uint64_t now_ms);
    bool contains(const chain::Hash& hash, std::uint64_t now_ms) const;
    /// Forgets what has run out.
    void expire(std::uint64_t now_ms);
    std::size_t size() const { return until_ms_.size(); }

private:
    std::uint64_t ban_ms_;
    std::size_t bans_max_;
    std::map<chain::Hash, std::uint64_t> until_ms_;
    std::deque<chain::Hash> oldest_first_;
};

}  // namespace pool
