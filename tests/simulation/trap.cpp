#include "tests/simulation/trap.hpp"

#include "consensus/safety/frame.hpp"
#include "consensus/safety/record.hpp"
#include "consensus/safety/watermark_file.hpp"

#include <array>

namespace simulation {
namespace {

using consensus::safety::Record;
using votes::Kind;

Target of(Kind kind, Target notarize, Target nullify, Target finalize) {
    return kind == Kind::Notarize ? notarize : kind == Kind::Nullify ? nullify : finalize;
}

Target target_of(const Record& record) {
    if (const auto* own = std::get_if<consensus::safety::OwnVote>(&record))
        return of(own->vote.statement.kind, Target::OwnNotarize, Target::OwnNullify, Target::OwnFinalize);
    if (const auto* held = std::get_if<consensus::safety::Held>(&record))
        return of(held->certificate.statement.kind, Target::HeldNotarization, Target::HeldNullification,
                  Target::HeldFinalization);
    return std::holds_alternative<consensus::safety::HeldBlock>(record) ? Target::HeldBlock : Target::Opening;
}

}  // namespace

std::string_view name(Target target) {
    constexpr std::array<std::string_view, 11> names{"opening",   "own notarize", "own nullify", "own finalize",
                                                     "held N",    "held X",       "held F",      "held block",
                                                     "watermark", "removal",      "truncation"};
    return names[static_cast<std::size_t>(target)];
}

std::string_view name(Moment moment) {
    constexpr std::array<std::string_view, 9> names{"before",     "torn head", "torn body", "zeros", "gap",
                                                    "whole only", "lost",      "kept",      "synced"};
    return names[static_cast<std::size_t>(moment)];
}

std::optional<Place> find_target(Target target, std::string_view file, chain::ByteView bytes) {
    using namespace consensus::safety;
    if (file == WatermarkFile::name) {
        if (target != Target::Watermark) return std::nullopt;
        return Place{.begin = 0, .body = 12, .end = bytes.size()};
    }
    for (const Frame& frame : scan(bytes, 0).frames) {
        const auto record = decode_record(frame.payload);
        if (!record || target_of(*record) != target) continue;
        return Place{.begin = frame.offset,
                     .body = frame.offset + frame_head_bytes,
                     .end = frame.offset + frame_head_bytes + frame.payload.size()};
    }
    return std::nullopt;
}

std::optional<chain::Bytes> survivors(Moment moment, const Place& place, chain::ByteView bytes) {
    chain::Bytes all = chain::to_bytes(bytes);
    const auto first = [&](std::size_t size) { return chain::to_bytes(bytes.first(size)); };
    const auto blank = [&](std::size_t from, std::size_t to) {
        std::fill(all.begin() + static_cast<std::ptrdiff_t>(from), all.begin() + static_cast<std::ptrdiff_t>(to),
                  std::uint8_t{0});
        return all;
    };
    switch (moment) {
        case Moment::Before:
        case Moment::Lost: return std::nullopt;
        case Moment::TornHead: return first((place.begin + place.body) / 2);
        case Moment::TornBody: return first((place.body + place.end) / 2);
        case Moment::Zeros: return blank(place.begin, all.size());
        case Moment::Gap: return blank(place.begin, place.end);
        case Moment::WholeOnly: return first(place.end);
        case Moment::Kept:
        case Moment::Synced: return all;
    }
    return std::nullopt;
}

}  // namespace simulation
