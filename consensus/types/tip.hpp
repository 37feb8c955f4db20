#pragma once
// Blocks as agreement sees them: by hash and by their place in it, never by content.

#include "chain/base/bytes.hpp"

#include <cstdint>

namespace consensus {

using chain::Bytes;
using chain::Hash;

/// A block in the agreement.
struct Tip {
    Hash hash;
    std::uint32_t number = 0;
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;  ///< of the epoch; 0 for the block that an epoch begins on
    bool operator==(const Tip&) const = default;
};

/// Where a proposal stands: what its header's consensus item says.
struct Position {
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    std::uint64_t parent_view = 0;
    std::uint32_t proposer = 0;  ///< index into the epoch's validator table
    bool operator==(const Position&) const = default;
};

}  // namespace consensus
