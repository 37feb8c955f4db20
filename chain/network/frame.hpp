#pragma once
// What travels inside TLS: frames of length (4 bytes, little-endian) ‖ channel (1 byte) ‖ content. A message that is
// longer than a chunk travels in several frames of its channel, all but the last with the top bit of the channel byte
// set; frames of other channels may stand between them.

#include "chain/network/channel.hpp"
#include "chain/network/peer.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace network {

inline constexpr std::size_t frame_header_bytes = 5;

enum class More : std::uint8_t { No, Follows };

/// Appends one frame. `content` is at most a chunk.
void append_frame(Bytes& out, Channel channel, ByteView content, More more);

struct Message {
    Channel channel{};
    Bytes content;
    bool operator==(const Message&) const = default;
};

enum class FrameFault : std::uint8_t { UnknownChannel, NotYet, ChunkTooLarge, MessageTooLarge, EmptyChunk };
std::string_view text(FrameFault fault);

/// Makes messages of the bytes of one connection. Lengths are checked before anything is allocated, and memory grows
/// only with bytes that have come.
class Assembler {
public:
    /// Takes bytes off the front of `input` until a message is whole, a fault is found or the input is used up. After a
    /// fault nothing more is read.
    std::optional<Message> next(ByteView& input);
    std::optional<FrameFault> fault() const { return fault_; }
    /// Until then only Control is heard.
    void open() { is_open_ = true; }
    /// Held for messages that are not whole.
    std::size_t partial_bytes() const { return partial_bytes_; }

private:
    bool read_header(ByteView& input);
    std::optional<FrameFault> judge_header();

    std::array<std::uint8_t, frame_header_bytes> header_{};
    std::size_t header_have_ = 0;
    std::size_t content_left_ = 0;
    Channel channel_{};
    bool more_follows_ = false;
    std::array<Bytes, channel_count> partial_;
    std::size_t partial_bytes_ = 0;
    bool is_open_ = false;
    std::optional<FrameFault> fault_;
};

}  // namespace network
