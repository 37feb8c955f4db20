#pragma once
// Whether the files of a validator still say what it signed. Journal and watermark stand in for each other: each alone
// covers what one damaged place of the other may have said. Where both are damaged, a vote may be missing that nothing
// else remembers, and whoever signs on may contradict himself.
//
// A crash does not look like that: the journal is whole on the disk before the watermark is written, so a crash leaves
// either a torn journal or a torn slot, never both.

#include "consensus/safety/journal.hpp"
#include "consensus/safety/watermark_file.hpp"

namespace consensus::safety {

struct FileBytes {
    std::string name;
    Bytes bytes;
};

enum class WatermarkState : std::uint8_t {
    Missing,   ///< no file, or nothing in it
    Whole,     ///< every slot that was ever written
    HalfLost,  ///< one slot is damaged: by its disk, or by a crash in its write
    Lost       ///< no slot says anything
};

enum class JournalState : std::uint8_t {
    Clean,
    Torn,    ///< an end as a crash leaves it; or the last records are damaged
    Corrupt  ///< a record that was durable is missing
};

struct Remains {
    WatermarkState watermark{};
    JournalState journal{};
    /// Whoever signs on contradicts nothing that he signed before.
    bool suffice() const;
    bool operator==(const Remains&) const = default;
};

/// Of a folder's journal and watermark; other files do not count.
Remains remains_of(std::vector<FileBytes> files);
/// The same from the disk, which is not changed.
Result<Remains> look_at(Storage& storage);

/// What an operator reads, and does, where they do not suffice.
extern const std::string_view memory_lost;

}  // namespace consensus::safety
