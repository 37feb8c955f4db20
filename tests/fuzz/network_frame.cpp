// However a peer's bytes are cut by the wire, the same messages come out, none over its bound; what a queue hands out
// is read back as it was put in.

#include "chain/base/check.hpp"
#include "chain/network/outbox.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using namespace network;

struct Read {
    std::vector<Message> messages;
    std::optional<FrameFault> fault;
    bool operator==(const Read&) const = default;
};

Read read(chain::ByteView bytes, std::size_t piece) {
    Assembler assembler;
    assembler.open();
    Read out;
    while (!bytes.empty()) {
        chain::ByteView view = bytes.first(std::min(piece, bytes.size()));
        bytes = bytes.subspan(view.size());
        while (auto message = assembler.next(view)) out.messages.push_back(*std::move(message));
        std::size_t most = 0;
        for (std::size_t i = 0; i < channel_count; ++i) most += rules(static_cast<Channel>(i)).message_bytes_max;
        chain::check(assembler.partial_bytes() <= most);
    }
    out.fault = assembler.fault();
    return out;
}

void network_frame(fuzz::Input input) {
    const std::size_t piece = 1 + input.below(256);
    const Read whole = read(input.rest(), input.rest().size() + 1);
    chain::check(read(input.rest(), piece) == whole);
    for (const Message& message : whole.messages)
        chain::check(message.content.size() <= rules(message.channel).message_bytes_max);
}

/// Puts and takes in any order: each channel's messages arrive in the order in which they were put, but for those that
/// the queue says it dropped.
void network_outbox(fuzz::Input input) {
    Outbox outbox;
    Assembler assembler;
    assembler.open();
    std::array<std::uint64_t, channel_count> put{};
    std::array<std::uint64_t, channel_count> got{};
    std::array<std::uint8_t, channel_count> last{};
    while (!input.empty() || !outbox.is_empty()) {
        if (!input.empty() && input.byte() % 2 == 0) {
            const auto channel = static_cast<Channel>(input.below(channel_count));
            const std::size_t i = static_cast<std::size_t>(channel);
            const std::size_t size = 1 + input.below(256) * 700;
            const auto message = std::make_shared<const chain::Bytes>(size, static_cast<std::uint8_t>(put[i]));
            put[i] += outbox.put(channel, message) == Outbox::Put::Queued;
            chain::check(outbox.counts(channel).queued_bytes <= rules(channel).queue_bytes_max);
            continue;
        }
        chain::Bytes taken;
        outbox.take(taken, 1 + input.below(256) * 500);
        chain::ByteView view{taken};
        while (const auto message = assembler.next(view)) {
            const auto i = static_cast<std::size_t>(message->channel);
            for (const std::uint8_t byte : message->content) chain::check(byte == message->content.front());
            // The content is the message's number in its channel, modulo 256.
            if (got[i] > 0 && outbox.counts(message->channel).dropped == 0)
                chain::check(message->content.front() == static_cast<std::uint8_t>(last[i] + 1));
            last[i] = message->content.front();
            ++got[i];
        }
        chain::check(!assembler.fault());
    }
    for (std::size_t i = 0; i < channel_count; ++i) {
        const Outbox::Counts& counts = outbox.counts(static_cast<Channel>(i));
        const bool drops_oldest = rules(static_cast<Channel>(i)).overflow == Overflow::DropOldest;
        chain::check(got[i] + (drops_oldest ? counts.dropped : 0) == put[i]);
        chain::check(counts.queued_bytes == 0);
    }
}

const fuzz::Target frame_target{"network_frame", network_frame};
const fuzz::Target outbox_target{"network_outbox", network_outbox};

}  // namespace
