#pragma once
// What a validator writes down before it says it.

#include "chain/codec/scale.hpp"
#include "chain/votes/vote.hpp"

#include <optional>
#include <variant>

namespace consensus::safety {

using chain::Bytes;
using chain::ByteView;
using chain::Hash;
using votes::Certificate;
using votes::Vote;

/// The first record of every file: which chain and epoch, and why the epoch may begin (A3).
struct Opening {
    static constexpr std::uint8_t index = 0;
    std::uint32_t version = 1;
    Hash genesis;
    std::uint64_t epoch = 0;
    /// F of the previous epoch's last block. Epoch 0 has none: it begins on the genesis block.
    std::optional<Certificate> boundary;
    bool operator==(const Opening&) const = default;
};

/// A vote of our own. On disk before anybody sees it.
struct OwnVote {
    static constexpr std::uint8_t index = 1;
    Vote vote;
    bool operator==(const OwnVote&) const = default;
};

/// A certificate that was seen. Before the first own vote of a view comes the one that let us enter the view; before an
/// own Finalize, the notarization.
struct Held {
    static constexpr std::uint8_t index = 2;
    Certificate certificate;
    bool operator==(const Held&) const = default;
};

/// A block that we promise to have because we notarized it (§1.7: more than a third of the weight can hand out every
/// notarized block).
struct HeldBlock {
    static constexpr std::uint8_t index = 3;
    votes::Statement notarized;
    Bytes payload;
    bool operator==(const HeldBlock&) const = default;
};

using Record = std::variant<Opening, OwnVote, Held, HeldBlock>;

/// Nothing where the bytes are no record, or not the only spelling of one.
std::optional<Record> decode_record(ByteView bytes);

}  // namespace consensus::safety
