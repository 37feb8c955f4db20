#include "consensus/safety/frame.hpp"

#include "chain/base/check.hpp"
#include "chain/codec/scale.hpp"
#include "consensus/safety/crc32c.hpp"
#include "consensus/types/mutant.hpp"

#include <algorithm>
#include <optional>

namespace consensus::safety {
namespace {

std::uint64_t number_at(ByteView bytes, std::size_t offset, std::size_t count) {
    return static_cast<std::uint64_t>(scale::Reader{bytes.subspan(offset, count)}.little_endian(count));
}

std::uint32_t checksum(ByteView head, ByteView payload) {
    return crc32c(payload, crc32c(head.subspan(8, 16), crc32c(head.first(4))));
}

std::optional<Frame> frame_at(ByteView file, std::uint64_t offset) {
    const ByteView rest = file.subspan(offset);
    if (rest.size() < frame_head_bytes) return std::nullopt;
    const std::uint64_t size = number_at(rest, 0, 4);
    if (size == 0 || size > frame_payload_bytes_max || size > rest.size() - frame_head_bytes) return std::nullopt;
    const Frame frame{.sequence = number_at(rest, 8, 8),
                      .synced = number_at(rest, 16, 8),
                      .payload = rest.subspan(frame_head_bytes, size),
                      .offset = offset};
    if (frame.synced >= frame.sequence) return std::nullopt;
    if (number_at(rest, 4, 4) != checksum(rest, frame.payload)) return std::nullopt;
    return frame;
}

/// The next whole frame behind a bad one that attests the bad one, or any after it: only such a frame makes a
/// difference.
std::optional<Frame> attesting_frame(ByteView file, std::uint64_t offset, std::uint64_t bad_sequence) {
    for (; offset < file.size(); ++offset) {
        // Most of a large file is quickly passed over: a frame begins with a length, which is not zero.
        const auto frame = frame_at(file, offset);
        if (frame && frame->sequence > bad_sequence && frame->synced >= bad_sequence) return frame;
    }
    return std::nullopt;
}

}  // namespace

bool is_blank(ByteView bytes) {
    return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

void append_frame(std::uint64_t sequence, std::uint64_t synced, ByteView payload, Bytes& out) {
    chain::check(!payload.empty() && payload.size() <= frame_payload_bytes_max && synced < sequence);
    Bytes head;
    scale::encode(static_cast<std::uint32_t>(payload.size()), head);
    scale::encode(std::uint32_t{0}, head);
    scale::encode(sequence, head);
    scale::encode(synced, head);
    const Bytes sum = scale::encode(checksum(head, payload));
    std::ranges::copy(sum, head.begin() + 4);
    chain::append(out, head);
    chain::append(out, payload);
}

Scan scan(ByteView file, std::uint64_t first_sequence) {
    Scan out;
    std::uint64_t offset = 0;
    std::uint64_t next_sequence = first_sequence;
    while (offset < file.size() && !is_blank(file.subspan(offset))) {
        auto frame = frame_at(file, offset);
        if (!frame || (!out.frames.empty() && frame->sequence != next_sequence)) {
            if (out.ending == Ending::Clean) out.good_bytes = offset;
            frame = attesting_frame(file, offset, next_sequence);
            if (!frame || mutant(Mutant::CorruptionIsTornTail)) {
                if (out.ending == Ending::Clean) out.ending = Ending::Torn;
                if (mutant(Mutant::TornTailIsCorruption)) out.ending = Ending::Corrupt;
                return out;
            }
            out.ending = Ending::Corrupt;
        }
        out.frames.push_back(*frame);
        offset = frame->offset + frame_head_bytes + frame->payload.size();
        next_sequence = frame->sequence + 1;
    }
    if (out.ending == Ending::Clean) out.good_bytes = offset;
    return out;
}

}  // namespace consensus::safety
