#include "consensus/safety/remains.hpp"

#include "consensus/safety/frame.hpp"

#include <algorithm>

namespace consensus::safety {
namespace {

WatermarkState state_of(ByteView file) {
    const ByteView first = file.first(std::min<std::size_t>(file.size(), watermark_slot_offset));
    const ByteView second = file.subspan(first.size());
    const auto slot = decode_slot(first);
    const bool has_first = slot.has_value();
    const bool has_second = decode_slot(second).has_value();
    if (is_blank(file)) return WatermarkState::Missing;
    if (!has_first && !has_second)
        // The second slot is written after the first one is durable: without it, a crash was in the first write ever.
        return is_blank(second) ? WatermarkState::HalfLost : WatermarkState::Lost;
    const bool is_first_damaged = !has_first;  // it is written first, so it is never blank beside a whole second
    const bool is_second_damaged = has_first && !has_second && (!is_blank(second) || slot->sequence > 1);
    return is_first_damaged || is_second_damaged ? WatermarkState::HalfLost : WatermarkState::Whole;
}

/// One part; `last_sequence` is of the part before it in the epoch, if there is one, and afterwards of this one.
JournalState state_of(ByteView part, std::uint64_t expected, bool is_last_of_epoch, std::uint64_t& last_sequence) {
    const Scan found = scan(part, expected);
    if (found.ending == Ending::Corrupt) return JournalState::Corrupt;
    if (found.frames.empty()) return is_last_of_epoch ? JournalState::Torn : JournalState::Corrupt;
    if (expected != 0 && found.frames.front().sequence != expected) return JournalState::Corrupt;
    for (const Frame& frame : found.frames)
        if (!decode_record(frame.payload)) return JournalState::Corrupt;
    last_sequence = found.frames.back().sequence;
    return found.ending == Ending::Torn ? JournalState::Torn : JournalState::Clean;
}

}  // namespace

const std::string_view memory_lost =
    "the journal and the watermark of what this key signed are both damaged, so nobody knows what it signed last: this "
    "node follows and signs nothing. Keep the folder. Ask consensus_state of another node for the epoch and the view "
    "that the network is in, and restart this one with --no-sign-until EPOCH:VIEW, the view 100 higher than that. Or "
    "give the validator a new key";

bool Remains::suffice() const {
    switch (watermark) {
        case WatermarkState::Whole: return true;
        // Without a file the first commit never came to its end: what a crash tore of the journal nobody has seen.
        case WatermarkState::Missing: return journal != JournalState::Corrupt;
        case WatermarkState::HalfLost: return journal == JournalState::Clean;
        case WatermarkState::Lost: return false;
    }
    return false;
}

Remains remains_of(std::vector<FileBytes> files) {
    Remains out;
    std::ranges::sort(files, {}, &FileBytes::name);
    std::optional<std::uint64_t> epoch;
    std::uint64_t last_sequence = 0;
    for (auto file = files.begin(); file != files.end(); ++file) {
        if (file->name == WatermarkFile::name) out.watermark = state_of(file->bytes);
        const auto id = part_from_name(file->name);
        if (!id) continue;
        const auto next = std::next(file) == files.end() ? std::nullopt : part_from_name(std::next(file)->name);
        const bool is_first = epoch != id->first;
        const std::uint64_t expected = !is_first ? last_sequence + 1 : id->second == 1 ? 1 : 0;
        const bool is_last = !next || next->first != id->first;
        out.journal = std::max(out.journal, state_of(file->bytes, expected, is_last, last_sequence));
        epoch = id->first;
    }
    return out;
}

Result<Remains> look_at(Storage& storage) {
    TRY(const auto names, storage.list());
    std::vector<FileBytes> files;
    for (const auto& name : names) {
        if (name != WatermarkFile::name && !part_from_name(name)) continue;
        TRY(Bytes bytes, storage.read(name));
        files.push_back({name, std::move(bytes)});
    }
    return remains_of(std::move(files));
}

}  // namespace consensus::safety
