#pragma once
// How records lie in a file of the journal, and what a damaged file still says.
//
//   frame: payload length (4) ‖ CRC-32C of everything else (4) ‖ sequence (8) ‖ synced (8) ‖ payload
//
// Sequence numbers grow by one from frame to frame. `synced` attests that all frames up to that number were durable
// when this one was made. So a bad frame that a later one attests is corruption, and any other is what a crash left of
// writes that nobody relied on (consensus.md A2). Zeros to the end of the file are reserved space.

#include "chain/base/bytes.hpp"

#include <cstdint>
#include <vector>

namespace consensus::safety {

using chain::Bytes;
using chain::ByteView;

struct Frame {
    std::uint64_t sequence = 0;
    std::uint64_t synced = 0;
    ByteView payload;
    std::uint64_t offset = 0;  ///< of its first byte, in the file
};

inline constexpr std::size_t frame_head_bytes = 24;
/// Larger than any record: the length of a frame is believed up to here.
inline constexpr std::size_t frame_payload_bytes_max = std::size_t{16} << 20;

void append_frame(std::uint64_t sequence, std::uint64_t synced, ByteView payload, Bytes& out);

enum class Ending : std::uint8_t {
    Clean,   ///< every frame is whole
    Torn,    ///< the last writes are not: nobody relied on them
    Corrupt  ///< a frame that was durable is bad
};

struct Scan {
    std::vector<Frame> frames;     ///< whole ones, ascending; after corruption the ones behind it too
    std::uint64_t good_bytes = 0;  ///< before the first bad frame
    Ending ending = Ending::Clean;
};

/// Nothing but zeros: reserved space, or a file whose first write never reached the disk.
bool is_blank(ByteView bytes);

/// Never fails; the views point into `file`. `first_sequence` is what the first frame should have; 0: unknown.
Scan scan(ByteView file, std::uint64_t first_sequence);
/// The frames found look into the file: it must outlive them.
Scan scan(Bytes&& file, std::uint64_t first_sequence) = delete;

}  // namespace consensus::safety
