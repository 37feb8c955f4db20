#pragma once
// The channels of one connection, in the order of their priority: a lower number never waits for a higher one, but for
// the share that keeps the higher ones from starving (outbox.hpp). Every channel says how large a message may be, how
// much may wait to be sent, what happens beyond, and how much a peer may send in a second.

#include "chain/base/bucket.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace network {

enum class Channel : std::uint8_t {
    Control,       ///< hello, ping, good-bye: the network's own
    Consensus,     ///< votes, certificates, status: opaque here
    Proposal,      ///< proposals and blocks for consensus: opaque here
    SyncRequest,   ///< sync_messages.hpp
    SyncResponse,  ///< sync_messages.hpp
    Transactions,  ///< transaction_messages.hpp
    Discovery      ///< address records: the network's own
};
inline constexpr std::size_t channel_count = 7;

/// For logs and metrics.
std::string_view name(Channel channel);

/// What happens to a message for which the queue of its channel has no room.
enum class Overflow : std::uint8_t {
    DropOldest,  ///< the oldest that is not on its way yet gives way: a newer vote says more
    DropNewest,  ///< it is dropped: transactions come again
    Refuse       ///< the sender is told to wait for `room`
};

/// What happens to a message that comes faster than its channel allows.
enum class Excess : std::uint8_t {
    Wait,  ///< the connection is not read until it may come: the sender slows down, nothing is lost
    Drop
};

struct ChannelRules {
    std::string_view name;
    std::size_t message_bytes_max;
    std::size_t queue_bytes_max;
    Overflow overflow;
    Excess excess;
    /// How many messages a second from a validator, and from any other peer.
    chain::Rate validator;
    chain::Rate other;
};

const ChannelRules& rules(Channel channel);

/// A frame's content is at most this long; longer messages travel in several.
inline constexpr std::size_t chunk_bytes_max = (64 << 10) - 5;

}  // namespace network
