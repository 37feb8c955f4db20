#include "consensus/safety/describe.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace consensus::safety {
namespace {

std::string short_hash(const Hash& hash) { return chain::to_hex(hash).substr(0, 18); }

std::string_view word(votes::Kind kind) {
    switch (kind) {
        case votes::Kind::Notarize: return "notarize";
        case votes::Kind::Nullify: return "nullify";
        case votes::Kind::Finalize: return "finalize";
    }
    std::unreachable();
}

std::string words(const Statement& statement) {
    const std::string place = fmt::format("{} epoch {} view {}", word(statement.kind), statement.epoch, statement.view);
    if (statement.kind == votes::Kind::Nullify) return place;
    return fmt::format("{} parent {} block {}", place, statement.parent_view, short_hash(statement.block));
}

struct {
    std::string operator()(const Opening& opening) const {
        return fmt::format("opens epoch {} of the chain {}{}", opening.epoch, short_hash(opening.genesis),
                           opening.boundary ? " after " + words(opening.boundary->statement) : "");
    }
    std::string operator()(const OwnVote& own) const {
        return fmt::format("own vote: {} as validator {}", words(own.vote.statement), own.vote.validator);
    }
    std::string operator()(const Held& held) const {
        return fmt::format("certificate: {} by {} signatures", words(held.certificate.statement),
                           held.certificate.signatures.size());
    }
    std::string operator()(const HeldBlock& held) const {
        return fmt::format("block of {}: {} bytes", words(held.notarized), held.payload.size());
    }
} constexpr line_of;

std::string_view ending_text(Ending ending) {
    switch (ending) {
        case Ending::Clean: return "whole";
        case Ending::Torn: return "its last writes are torn; nobody relied on them";
        case Ending::Corrupt: return "CORRUPT: a record that was durable is damaged";
    }
    std::unreachable();
}

std::string describe_slot(ByteView file, std::uint64_t offset) {
    const auto slot = file.size() > offset ? decode_slot(file.subspan(offset)) : std::nullopt;
    if (!slot) return fmt::format("slot at {}: empty or damaged\n", offset);
    return fmt::format("slot at {}: write {} of the key {}\n", offset, slot->sequence, chain::to_hex(slot->key.value));
}

std::string place(const Mark& mark) { return fmt::format("epoch {} view {}", mark.epoch, mark.view); }

std::string contradiction(const std::map<Mark, std::vector<Vote>>& own, const Mark& at, const Vote& vote) {
    const auto before = own.find(at);
    if (before == own.end()) return {};
    for (const Vote& other : before->second) {
        const bool same_kind = other.statement.kind == vote.statement.kind;
        const bool is_pair =
            !same_kind && other.statement.kind != votes::Kind::Notarize && vote.statement.kind != votes::Kind::Notarize;
        if ((same_kind && other.statement != vote.statement) || is_pair)
            return fmt::format("CONTRADICTION: {} and {}\n", words(other.statement), words(vote.statement));
    }
    return {};
}

/// What is known while the files of a folder pass by, in the order of epochs and parts.
struct Folder {
    Examination out{.is_sound = true, .text = {}};
    std::optional<Hash> genesis;
    std::optional<Watermark> watermark;
    std::map<std::uint64_t, std::uint64_t> last_sequence;
    std::map<Mark, std::vector<Vote>> own;

    void fault(const std::string& line) {
        out.is_sound = false;
        out.text += line;
    }
    void add_opening(const std::string& name, std::uint64_t epoch, const Opening& opening) {
        if (opening.epoch != epoch) fault(fmt::format("{}: holds epoch {}\n", name, opening.epoch));
        if (genesis && *genesis != opening.genesis) fault(name + ": belongs to another chain\n");
        genesis = opening.genesis;
    }
    void add_vote(const Vote& vote) {
        const Mark at{vote.statement.epoch, vote.statement.view};
        if (const std::string line = contradiction(own, at, vote); !line.empty()) fault(line);
        own[at].push_back(vote);
        if (!watermark) return;
        Watermark after = *watermark;
        after.note(vote.statement);
        if (after != *watermark) fault("the watermark does not know the vote: " + words(vote.statement) + "\n");
    }
    void add_part(const FileBytes& file, std::uint64_t epoch, std::uint64_t part);
};

void Folder::add_part(const FileBytes& file, std::uint64_t epoch, std::uint64_t part) {
    const auto last = last_sequence.find(epoch);
    const std::uint64_t expected = last == last_sequence.end() ? (part == 1 ? 1 : 0) : last->second + 1;
    const Scan found = scan(file.bytes, expected);
    out.text += fmt::format("{}: {} records in {} bytes, {}\n", file.name, found.frames.size(), found.good_bytes,
                            ending_text(found.ending));
    out.is_sound = out.is_sound && found.ending != Ending::Corrupt;
    if (expected != 0 && !found.frames.empty() && found.frames.front().sequence != expected)
        fault(fmt::format("{}: records {} to {} are missing before it\n", file.name, expected,
                          found.frames.front().sequence - 1));
    for (const Frame& frame : found.frames) {
        const auto record = decode_record(frame.payload);
        if (!record) fault(fmt::format("{}: record {} has no known form\n", file.name, frame.sequence));
        else if (const auto* opening = std::get_if<Opening>(&*record)) add_opening(file.name, epoch, *opening);
        else if (const auto* vote = std::get_if<OwnVote>(&*record)) add_vote(vote->vote);
    }
    if (!found.frames.empty()) last_sequence[epoch] = found.frames.back().sequence;
}

}  // namespace

std::string describe_part(const FileBytes& part) {
    const auto id = part_from_name(part.name);
    const Scan found = scan(part.bytes, id && id->second == 1 ? 1 : 0);
    std::string out;
    for (const Frame& frame : found.frames) {
        const auto record = decode_record(frame.payload);
        out += fmt::format("{:>8} at {:>9}  {}\n", frame.sequence, frame.offset,
                           record ? std::visit(line_of, *record) : "no known form");
    }
    return out + fmt::format("{}: {}\n", part.name, ending_text(found.ending));
}

std::string describe_watermark(ByteView file) {
    std::string out = describe_slot(file, 0) + describe_slot(file, watermark_slot_offset);
    const auto slot = newest_slot(file);
    if (!slot) return out + std::string{damaged_watermark} + "\n";
    const Watermark& mark = slot->watermark;
    out += fmt::format("chain {}\nhighest notarize: {}\nhighest nullify: {}\nhighest finalize: {}\n",
                       chain::to_hex(slot->genesis), place(mark.notarized), place(mark.nullified.top),
                       place(mark.finalized.top));
    if (mark.silent_until != Mark{}) out += fmt::format("signs nothing up to {}\n", place(mark.silent_until));
    return out;
}

Examination examine(const std::vector<FileBytes>& files) {
    Folder folder;
    std::map<std::pair<std::uint64_t, std::uint64_t>, const FileBytes*> parts;
    for (const FileBytes& file : files) {
        if (const auto id = part_from_name(file.name)) {
            parts[*id] = &file;
        } else if (file.name == WatermarkFile::name) {
            const auto slot = newest_slot(file.bytes);
            if (!slot) folder.fault("watermark: no whole slot\n");
            else {
                folder.watermark = slot->watermark;
                folder.genesis = slot->genesis;
                folder.out.text += fmt::format("watermark: up to {}\n", place(slot->watermark.highest()));
            }
        }
    }
    if (!folder.watermark && !parts.empty()) folder.fault("watermark: missing\n");
    for (const auto& [id, file] : parts) folder.add_part(*file, id.first, id.second);
    if (!remains_of(files).suffice()) folder.fault(std::string{memory_lost} + "\n");
    return folder.out;
}

}  // namespace consensus::safety
