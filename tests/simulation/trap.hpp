#pragma once
// A death that is aimed: not at some operation of the disk but at the write of one kind of record, at one point of its
// way to the platter, and with what the platter then has. Random deaths find what is common; these find every cell.

#include "chain/base/bytes.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace simulation {

/// What is written, or done, when the machine dies.
enum class Target : std::uint8_t {
    Opening,
    OwnNotarize,
    OwnNullify,
    OwnFinalize,
    HeldNotarization,
    HeldNullification,
    HeldFinalization,
    HeldBlock,
    Watermark,
    Removal,    ///< of a file that nobody needs any more
    Truncation  ///< of what an earlier death left half written
};

enum class Moment : std::uint8_t {
    Before,     ///< nothing of it happened
    TornHead,   ///< the platter has what came before it, and half of its frame's head
    TornBody,   ///< and half of what it says
    Zeros,      ///< the file grew before the data came
    Gap,        ///< what was written behind it is there, it is not
    WholeOnly,  ///< it is there whole, what was written behind it is not
    Lost,       ///< written, not synced, and the platter has nothing of it
    Kept,       ///< written, not synced, and the platter has all of it
    Synced      ///< it is durable, and nothing that follows happened: nobody heard of it
};

std::string_view name(Target target);
std::string_view name(Moment moment);

struct Trap {
    Target target{};
    Moment moment{};
    /// So many such writes pass first.
    std::uint32_t skips = 0;
    /// Only while a new life reads what the last one left.
    bool in_recovery = false;
    bool operator==(const Trap&) const = default;
};

/// Where the target lies in the bytes of one write to this file; nothing where it is not among them.
struct Place {
    std::size_t begin = 0;
    std::size_t body = 0;
    std::size_t end = 0;
};
std::optional<Place> find_target(Target target, std::string_view file, chain::ByteView bytes);

/// What of the write is on the platter after the death; nothing where the file keeps what it had.
std::optional<chain::Bytes> survivors(Moment moment, const Place& place, chain::ByteView bytes);

}  // namespace simulation
