#pragma once
// What can happen to a replica.

#include "consensus/types/message.hpp"

#include <variant>

namespace consensus {

/// The other end of an authenticated connection.
struct Peer {
    std::uint64_t id = 0;                    ///< the same for as long as the connection lives
    std::optional<std::uint32_t> validator;  ///< its index in this epoch's table, where it has proved to be one
    bool operator==(const Peer&) const = default;
};

namespace event {

struct Received {
    Peer from;
    MessagePtr message;
};
struct PeerArrived {
    Peer peer;
};
struct PeerGone {
    Peer peer;
};

/// Answers effect::CheckSignatures. Numbers of those that failed: votes count first, then certificates.
struct SignaturesChecked {
    std::uint64_t batch = 0;
    std::vector<std::uint32_t> bad;
};

/// Answers effect::CastVote: signed, and in the journal as soon as this turn ends.
struct OwnVote {
    votes::Vote vote;
};
struct SigningRefused {
    votes::Statement statement;
};

/// Answers effect::Propose. The application keeps the block, executed.
struct BlockBuilt {
    std::uint64_t view = 0;
    Hash block;
    bool is_empty = false;
    Payload payload;
};
struct BuildFailed {
    std::uint64_t view = 0;
};

enum class Verdict : std::uint8_t {
    Good,         ///< everything that can be known without execution
    Bad,          ///< the block of this hash must not be voted for
    Later,        ///< its time has not come (A13): ask again in due_in_ms
    AnotherBlock  ///< the payload is not the block of this hash: who sent it lied, the block may be fine (A10)
};
/// Answers effect::CheckBlock. But for AnotherBlock the application keeps the block.
struct BlockChecked {
    std::uint64_t view = 0;
    Hash block;
    Verdict verdict{};
    bool is_empty = false;
    std::uint64_t due_in_ms = 0;
};
/// Answers effect::ExecuteBlock. A function of the block and its ancestors alone, never of time or memory (A15).
struct BlockExecuted {
    std::uint64_t view = 0;
    Hash block;
    bool is_good = false;
    bool is_empty = false;
};
/// Answers effect::FindBlock.
struct BlockFound {
    std::uint64_t view = 0;
    Hash block;
    bool is_here = false;
};

/// The application has executed and stored this final block and its ancestors.
struct FloorDurable {
    Tip tip;
};
/// Whether a block proposed now would hold a transaction. One that an accepted block passed over is no work until the
/// pool changes (A8).
struct WorkChanged {
    bool has_work = false;
};
/// The time of Core::next_timer_ms has come.
struct TimePassed {};

}  // namespace event

using Event =
    std::variant<event::Received, event::PeerArrived, event::PeerGone, event::SignaturesChecked, event::OwnVote,
                 event::SigningRefused, event::BlockBuilt, event::BuildFailed, event::BlockChecked,
                 event::BlockExecuted, event::BlockFound, event::FloorDurable, event::WorkChanged, event::TimePassed>;

}  // namespace consensus
