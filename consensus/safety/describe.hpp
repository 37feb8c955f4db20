#pragma once
// The journal and the watermark as text, for a person who wants to know what a validator has signed: `tephra-node wal`.

#include "consensus/safety/remains.hpp"

namespace consensus::safety {

/// One line per record of a part, with its place; at its end how it ends.
std::string describe_part(const FileBytes& part);
/// Both slots, and what the newer one forbids.
std::string describe_watermark(ByteView file);

/// What a look at all files of a folder says.
struct Examination {
    bool is_sound = false;  ///< nothing is damaged; a torn end is sound
    std::string text;       ///< a line per file, and a line per contradiction
};
/// Checks each file, that the parts of an epoch follow each other, that all belong to one chain, that the own votes do
/// not contradict each other, that the watermark knows all of them, and that what is left suffices to sign on.
Examination examine(const std::vector<FileBytes>& files);

}  // namespace consensus::safety
