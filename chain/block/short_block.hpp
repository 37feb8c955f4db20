#pragma once
// A block for those who likely hold most of its extrinsics already: these are named by the first half of their hash,
// the others are there in full. Sixteen bytes: two transactions with the same name cost 2^64 hashes to find. Whoever
// fills one in trusts nothing: only extrinsics with the root that the header says make the header's block.

#include "chain/block/block.hpp"

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <variant>

namespace chain {

/// The first half of an extrinsic's hash.
using ShortId = std::array<std::uint8_t, 16>;
ShortId short_id(const Hash& extrinsic);

struct ShortBlock {
    Header header;
    /// One for each extrinsic, in the block's order.
    std::vector<std::variant<ShortId, Bytes>> parts;
    bool operator==(const ShortBlock&) const = default;
};

/// `is_known[i]`: the receivers likely hold extrinsic i.
ShortBlock shorten(const Block& block, const std::vector<bool>& is_known);

/// Extrinsics that somebody sent later, by their place in the block.
using ShortBlockParts = std::map<std::uint32_t, Bytes>;

/// What came of filling in a short block.
struct FilledBlock {
    enum class Kind : std::uint8_t {
        Complete,  ///< `block` has the extrinsics of its header
        Missing,   ///< extrinsics at these places are not here
        Wrong      ///< all are here, and they are not those of the header: some name misled, or the sender lied
    };
    Kind kind = Kind::Wrong;
    Block block;                         ///< for Complete
    std::vector<std::uint32_t> missing;  ///< for Missing, ascending
};

/// `find` gives extrinsics in the order of the names that it is asked for, null for what is not here. What `parts` has
/// goes before that.
using FindExtrinsics = std::function<std::vector<std::shared_ptr<const Bytes>>(const std::vector<ShortId>&)>;
FilledBlock fill(ShortBlock given, const ShortBlockParts& parts, const FindExtrinsics& find);

}  // namespace chain
