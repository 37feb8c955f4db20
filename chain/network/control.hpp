#pragma once
// The network's own messages: who a peer is, whether it lives, why it leaves, and what addresses it knows.

#include "chain/network/peer.hpp"

#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace network {

/// Peers of another number cannot talk.
inline constexpr std::uint32_t protocol_version = 1;
inline constexpr std::size_t greeting_bytes_max = 4 << 10;
inline constexpr std::size_t records_per_message_max = 16;

/// Why a side ends the connection. The numbers travel.
enum class Goodbye : std::uint8_t {
    Stopping = 0,
    WrongProtocol = 1,
    WrongGenesis = 2,
    Myself = 3,
    AlreadyConnected = 4,
    TooManyPeers = 5,
    Banned = 6,
    Misbehaved = 7,
    BadRecord = 8,
    Silent = 9,
    Busy = 10
};
inline constexpr std::size_t goodbye_count = 11;
/// What a person reads on the side that hears it.
std::string_view text(Goodbye why);

struct Hello {
    std::uint32_t protocol = protocol_version;
    Hash genesis;
    NodeKind kind{};
    /// Drawn when the process began: tells a restarted peer from a second connection of the same process.
    std::uint64_t instance = 0;
    /// 0: none.
    std::uint16_t listen_port = 0;
    /// SCALE of the sender's AddressRecord; empty: none.
    Bytes record;
    std::string agent;
    bool operator==(const Hello&) const = default;
};
struct Welcome {
    Bytes greeting;
    bool operator==(const Welcome&) const = default;
};
struct Ping {
    std::uint64_t number = 0;
    bool operator==(const Ping&) const = default;
};
struct Pong {
    std::uint64_t number = 0;
    bool operator==(const Pong&) const = default;
};
using ControlMessage = std::variant<Hello, Welcome, Ping, Pong, Goodbye>;

Bytes encode(const ControlMessage& message);
/// Nothing for bytes that are no such message or go over a bound.
std::optional<ControlMessage> decode_control(ByteView bytes);

/// Whether a peer with this hello may stay, as far as the hello alone tells.
std::optional<Goodbye> objection(const Hello& theirs, const Hello& ours);

/// Records of addresses, each in SCALE and not checked; `is_request` asks for the other's.
struct DiscoveryMessage {
    bool is_request = false;
    std::vector<Bytes> records;
    bool operator==(const DiscoveryMessage&) const = default;
};
Bytes encode(const DiscoveryMessage& message);
std::optional<DiscoveryMessage> decode_discovery(ByteView bytes);

}  // namespace network
