#include "chain/network/outbox.hpp"

#include "chain/base/check.hpp"

#include <algorithm>

namespace network {

/// Drops the oldest messages that have not begun, until `bytes` fit.
bool Outbox::make_room(Queue& queue, std::size_t bytes, std::size_t most) {
    while (queue.counts.queued_bytes + bytes > most) {
        const std::size_t oldest = queue.sent_of_first > 0 ? 1 : 0;
        if (queue.messages.size() <= oldest) return false;
        queue.counts.queued_bytes -= queue.messages[oldest]->size();
        ++queue.counts.dropped;
        queue.messages.erase(queue.messages.begin() + static_cast<std::ptrdiff_t>(oldest));
    }
    return true;
}

Outbox::Put Outbox::put(Channel channel, Payload message) {
    Queue& queue = queues_[static_cast<std::size_t>(channel)];
    const ChannelRules& rule = rules(channel);
    if (message->size() > rule.message_bytes_max) return Put::TooLarge;
    if (queue.counts.queued_bytes + message->size() > rule.queue_bytes_max) {
        if (rule.overflow == Overflow::Refuse) {
            queue.has_refused = true;
            return Put::Full;
        }
        if (rule.overflow == Overflow::DropNewest || !make_room(queue, message->size(), rule.queue_bytes_max)) {
            ++queue.counts.dropped;
            return Put::Dropped;
        }
    }
    queue.counts.queued_bytes += message->size();
    queue.messages.push_back(std::move(message));
    return Put::Queued;
}

bool Outbox::is_empty() const {
    return std::ranges::all_of(queues_, [](const Queue& queue) { return queue.messages.empty(); });
}

/// The channel to serve next, or channel_count where nothing waits.
std::size_t Outbox::choose() {
    const auto waits = [&](std::size_t i) { return !queues_[i].messages.empty(); };
    std::size_t first = 0;
    while (first < channel_count && !waits(first)) ++first;
    if (first == channel_count) return first;
    bool do_others_wait = false;
    for (std::size_t i = first + 1; i < channel_count; ++i) do_others_wait |= waits(i);
    if (!do_others_wait) since_share_ = 0;
    if (since_share_ < share_after_bytes) return first;
    since_share_ = 0;
    // In turn, so that two waiting channels both get their shares.
    for (std::size_t step = 1; step <= channel_count; ++step) {
        const std::size_t i = (shared_last_ + step) % channel_count;
        if (i <= first || !waits(i)) continue;
        shared_last_ = i;
        return i;
    }
    return first;
}

void Outbox::take_chunk(std::size_t index, Bytes& out) {
    Queue& queue = queues_[index];
    const Payload message = queue.messages.front();
    const ByteView rest = ByteView{*message}.subspan(queue.sent_of_first);
    const ByteView chunk = rest.first(std::min(rest.size(), chunk_bytes_max));
    const bool is_last = chunk.size() == rest.size();
    append_frame(out, static_cast<Channel>(index), chunk, is_last ? More::No : More::Follows);
    queue.counts.bytes += chunk.size();
    since_share_ += chunk.size() + frame_header_bytes;
    queue.sent_of_first += chunk.size();
    if (!is_last) return;
    queue.counts.queued_bytes -= message->size();
    ++queue.counts.messages;
    queue.messages.pop_front();
    queue.sent_of_first = 0;
}

void Outbox::take(Bytes& out, std::size_t bytes) {
    while (out.size() < bytes) {
        const std::size_t index = choose();
        if (index == channel_count) return;
        take_chunk(index, out);
    }
}

std::vector<Channel> Outbox::take_room() {
    std::vector<Channel> out;
    for (std::size_t i = 0; i < channel_count; ++i) {
        Queue& queue = queues_[i];
        if (!queue.has_refused || queue.counts.queued_bytes * 2 >= rules(static_cast<Channel>(i)).queue_bytes_max)
            continue;
        queue.has_refused = false;
        out.push_back(static_cast<Channel>(i));
    }
    return out;
}

}  // namespace network
