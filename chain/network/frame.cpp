#include "chain/network/frame.hpp"

#include "chain/base/check.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace network {

namespace {

constexpr std::uint8_t more_bit = 0x80;

}  // namespace

void append_frame(Bytes& out, Channel channel, ByteView content, More more) {
    chain::check(content.size() <= chunk_bytes_max);
    const auto size = static_cast<std::uint32_t>(content.size());
    for (unsigned shift = 0; shift < 32; shift += 8) out.push_back(static_cast<std::uint8_t>(size >> shift));
    out.push_back(
        static_cast<std::uint8_t>(static_cast<std::uint8_t>(channel) | (more == More::Follows ? more_bit : 0)));
    chain::append(out, content);
}

std::string_view text(FrameFault fault) {
    switch (fault) {
        case FrameFault::UnknownChannel: return "a frame names no channel";
        case FrameFault::NotYet: return "a frame came before the hello";
        case FrameFault::ChunkTooLarge: return "a frame is longer than 64 kB";
        case FrameFault::MessageTooLarge: return "a message is longer than its channel allows";
        case FrameFault::EmptyChunk: return "a frame that another follows is empty";
    }
    std::unreachable();
}

bool Assembler::read_header(ByteView& input) {
    const std::size_t take = std::min(input.size(), frame_header_bytes - header_have_);
    std::copy_n(input.begin(), take, header_.begin() + static_cast<std::ptrdiff_t>(header_have_));
    header_have_ += take;
    input = input.subspan(take);
    return header_have_ == frame_header_bytes;
}

std::optional<FrameFault> Assembler::judge_header() {
    std::uint32_t size = 0;
    for (unsigned i = 0; i < 4; ++i) size |= std::uint32_t{header_[i]} << (8 * i);
    more_follows_ = (header_[4] & more_bit) != 0;
    const auto channel = static_cast<std::uint8_t>(header_[4] & ~more_bit);
    if (channel >= channel_count) return FrameFault::UnknownChannel;
    channel_ = static_cast<Channel>(channel);
    if (!is_open_ && channel_ != Channel::Control) return FrameFault::NotYet;
    if (size > chunk_bytes_max) return FrameFault::ChunkTooLarge;
    if (size == 0 && more_follows_) return FrameFault::EmptyChunk;
    if (partial_[channel].size() + size > rules(channel_).message_bytes_max) return FrameFault::MessageTooLarge;
    content_left_ = size;
    return std::nullopt;
}

std::optional<Message> Assembler::next(ByteView& input) {
    while (!fault_) {
        if (header_have_ < frame_header_bytes) {
            if (!read_header(input)) return std::nullopt;
            fault_ = judge_header();
            if (fault_) return std::nullopt;
        }
        Bytes& partial = partial_[static_cast<std::size_t>(channel_)];
        const std::size_t take = std::min(input.size(), content_left_);
        chain::append(partial, input.first(take));
        input = input.subspan(take);
        content_left_ -= take;
        partial_bytes_ += take;
        if (content_left_ > 0) return std::nullopt;
        header_have_ = 0;
        if (more_follows_) continue;
        partial_bytes_ -= partial.size();
        return Message{channel_, std::exchange(partial, {})};
    }
    return std::nullopt;
}

}  // namespace network
