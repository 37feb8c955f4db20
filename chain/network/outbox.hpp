#pragma once
// What waits to be sent to one peer: a queue for each channel, bounded in bytes, and the order in which they are
// served. A lower channel is served first; but when 256 kB have gone out while another one waited, that one is given
// one chunk, so that votes delay transactions and do not stop them.

#include "chain/network/frame.hpp"

#include <array>
#include <deque>
#include <memory>
#include <vector>

namespace network {

class Outbox {
public:
    using Payload = std::shared_ptr<const Bytes>;
    static constexpr std::size_t share_after_bytes = 256 << 10;

    enum class Put : std::uint8_t { Queued, Dropped, Full, TooLarge };
    Put put(Channel channel, Payload message);

    /// Appends frames to `out` until it holds `bytes` or nothing is left; the last frame may go over by its own length.
    void take(Bytes& out, std::size_t bytes);
    bool is_empty() const;
    /// Channels that answered Full and are less than half full; each is told once.
    std::vector<Channel> take_room();

    struct Counts {
        std::uint64_t bytes = 0;  // content that was taken
        std::uint64_t messages = 0;
        std::uint64_t dropped = 0;
        std::size_t queued_bytes = 0;
    };
    const Counts& counts(Channel channel) const { return queues_[static_cast<std::size_t>(channel)].counts; }

private:
    struct Queue {
        std::deque<Payload> messages;
        std::size_t sent_of_first = 0;
        bool has_refused = false;
        Counts counts;
    };

    static bool make_room(Queue& queue, std::size_t bytes, std::size_t most);
    std::size_t choose();
    void take_chunk(std::size_t index, Bytes& out);

    std::array<Queue, channel_count> queues_;
    std::size_t since_share_ = 0;  // bytes that went out while a lower channel waited
    std::size_t shared_last_ = 0;  // which one had the last share
};

}  // namespace network
