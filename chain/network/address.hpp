#pragma once
// Where a peer is reached, and the signed record that says so.

#include "chain/base/result.hpp"
#include "chain/codec/scale.hpp"
#include "chain/crypto/ed25519.hpp"
#include "chain/network/peer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace network {

using chain::Result;

/// The port that a node listens on for peers unless told otherwise.
inline constexpr std::uint16_t default_port = 30'333;

/// An IP address; IPv4 as ::ffff:a.b.c.d.
struct Ip {
    std::array<std::uint8_t, 16> value{};
    auto operator<=>(const Ip&) const = default;
};

std::string to_text(const Ip& ip);
std::optional<Ip> ip_from_text(std::string_view text);
/// Loopback, link-local and the private ranges (RFC 1918, RFC 4193).
bool is_private(const Ip& ip);
/// The unspecified address, multicast and broadcast: nobody is reached there.
bool is_unusable(const Ip& ip);
/// The /24 of an IPv4 address, the /48 of an IPv6 one: who owns one of its addresses usually owns them all.
Ip subnet(const Ip& ip);
/// The /16 or /32: for choosing peers that one owner can hardly all be.
Ip region(const Ip& ip);

struct SocketAddress {
    Ip ip;
    std::uint16_t port = 0;
    auto operator<=>(const SocketAddress&) const = default;
};
/// "1.2.3.4:30333" or "[2001:db8::1]:30333".
std::string to_text(const SocketAddress& address);
std::optional<SocketAddress> socket_address_from_text(std::string_view text);

/// What an operator writes: "PEER@HOST:PORT" or "HOST:PORT"; the host may be a name. Without PEER, whoever answers
/// there is accepted. Without PORT, the default port.
struct PeerAddress {
    std::optional<PeerId> peer;
    std::string host;
    std::uint16_t port = default_port;
    auto operator<=>(const PeerAddress&) const = default;
};
std::string to_text(const PeerAddress& address);
/// Fault: a text that is no such address, with what is wrong.
Result<PeerAddress> peer_address_from_text(std::string_view text);

/// "This peer is reached there, and speaks for me", signed by a validator's consensus key; by the peer's own key where
/// it is no validator. Signed bytes: "tephra/address/1" ‖ genesis hash ‖ SCALE of the record without the signature. A
/// greater `sequence` replaces an older record of the same signer.
struct AddressRecord {
    struct Body {
        crypto::Ed25519Public signer;
        PeerId peer;
        scale::Bounded<std::vector<SocketAddress>, 4> addresses;
        std::uint64_t sequence = 0;
        /// Unix time. Records live at most a day, so that an address that moved does not haunt the network.
        std::uint64_t expires_ms = 0;
        bool operator==(const Body&) const = default;
    };
    Body body;
    crypto::Ed25519Signature signature;
    bool operator==(const AddressRecord&) const = default;

    /// Whether the signer is the peer itself, not a validator.
    bool is_plain() const { return body.signer.value == body.peer.value; }
};

inline constexpr std::uint64_t record_lifetime_ms = 24 * 3'600'000;
inline constexpr std::size_t record_bytes_max = 256;

Bytes signing_bytes(const AddressRecord::Body& body, const Hash& genesis);

enum class RecordFault : std::uint8_t { Malformed, BadSignature, Expired, TooFarAhead };
std::string_view text(RecordFault fault);

/// Reads a record off the wire and checks everything about it that its reader can check alone.
Result<AddressRecord, RecordFault> decode_record(ByteView bytes, const Hash& genesis, std::uint64_t unix_ms);
inline Bytes encode_record(const AddressRecord& record) { return scale::encode(record); }

}  // namespace network
