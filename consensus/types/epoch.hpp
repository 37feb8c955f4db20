#pragma once
// One epoch of agreement: who votes, from which block on, for how many blocks.

#include "chain/votes/vote.hpp"
#include "consensus/types/tip.hpp"

namespace consensus {

struct EpochInfo {
    std::uint64_t epoch = 0;
    votes::ValidatorTable table;
    /// The deck of leaders is shuffled with it; two epochs older than the epoch (A14).
    Hash seed;
    /// View 0: the final block that the epoch begins on, the boundary block of the epoch before.
    Tip root;
    /// Blocks in the epoch. The last of them, number root.number + length, is the boundary block. 0: the epoch never
    /// ends.
    std::uint32_t length = 0;

    std::uint32_t boundary() const { return length == 0 ? UINT32_MAX : root.number + length; }
};

}  // namespace consensus
