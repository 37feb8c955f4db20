#pragma once
// The peers of a node: TLS 1.3 connections between nodes that know each other by key, on which opaque messages travel
// in channels of different priority. A message of an upper layer goes to one peer or to many; it arrives whole or not
// at all, in order within its channel, at most once. Nothing is repeated: a connection that ends loses what was on its
// way, and peer_down tells.
//
// One thread of its own does all the work and makes all the callbacks; the other functions are for any thread and never
// wait for the network.

#include "chain/base/result.hpp"
#include "chain/crypto/ed25519.hpp"
#include "chain/network/address.hpp"
#include "chain/network/channel.hpp"
#include "chain/network/peer.hpp"
#include "chain/network/score.hpp"

#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace network {

/// One message, shared by all peers it goes to.
using Payload = std::shared_ptr<const Bytes>;

struct NetworkLimits {
    std::uint32_t inbound_max = 50;   ///< without validators and reserved peers, which are always admitted
    std::uint32_t outbound_max = 10;  ///< peers of our choice, beyond validators and reserved ones
    std::uint32_t per_ip_max = 2;
    std::uint32_t per_subnet_max = 4;          ///< a /24 or /48
    std::uint32_t handshakes_max = 64;         ///< unfinished at once, over all addresses
    std::uint32_t handshakes_per_second = 16;  ///< of one address
    bool are_private_addresses_limited =
        false;  ///< whether the limits per address hold for loopback and private ranges
    std::uint32_t connect_timeout_ms = 2'500;
    std::uint32_t handshake_timeout_ms = 5'000;  ///< TLS and hello, each
    std::uint32_t ping_ms = 2'000;               ///< how often a peer is pinged
    std::uint32_t silence_max_ms = 6'000;        ///< a peer that says nothing for so long is gone
    std::uint32_t stalled_write_ms = 20'000;     ///< a peer that reads nothing for so long is gone
    std::uint32_t redial_least_ms = 500;         ///< first pause before another try; doubles, with jitter
    std::uint32_t redial_most_ms = 30'000;
    /// The longest pause for reserved peers and, between validators, for validators: a network that was cut is whole
    /// again this soon after.
    std::uint32_t redial_persistent_most_ms = 1'000;
    std::uint32_t yield_ms = 400;  ///< how long the larger id lets the smaller one dial first
    std::uint32_t ban_ms = 4 * 3'600'000;
    std::size_t partial_bytes_max = 64u << 20;  ///< unfinished messages of all peers that are no validators
};

/// What a node that validates signs its address record with. `sign` is called on the network's thread, at start and
/// every few hours, with bytes that begin with "tephra/address/1".
struct ValidatorIdentity {
    crypto::Ed25519Public key;
    std::function<crypto::Ed25519Signature(ByteView)> sign;
};

struct NetworkConfig {
    Hash genesis;
    /// Secret of the key that names this node.
    crypto::Ed25519Key::Seed identity{};
    std::optional<ValidatorIdentity> validator;
    /// "IP:PORT"; port 0 lets the kernel choose; empty: no inbound connections.
    std::string listen = "0.0.0.0:30333";
    /// Where others reach this node, for its address record; empty: the listening address, where it is a usable one.
    std::vector<SocketAddress> public_addresses;
    /// Dialled for ever, always admitted.
    std::vector<PeerAddress> reserved;
    /// Dialled while there are few peers.
    std::vector<PeerAddress> bootstrap;
    /// Whether peers other than reserved ones are dialled. Off for sentries and for networks behind a proxy.
    bool is_discovering = true;
    /// Where known addresses outlive the process; empty: nowhere.
    /// Bans are kept beside it, in a file of the same name and "-banned".
    std::filesystem::path address_book;
    /// Says which program this is: "tephra/0.1.0".
    std::string agent = "tephra";
    NetworkLimits limits;
};

enum class Direction : std::uint8_t { Inbound, Outbound };

struct PeerInfo {
    PeerId peer;
    NodeKind kind{};
    /// The consensus key that the peer proved to speak for, by its address record.
    std::optional<crypto::Ed25519Public> validator;
    SocketAddress address;
    Direction direction{};
    std::string agent;
};

struct ChannelCounts {
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    std::uint64_t messages_in = 0;
    std::uint64_t messages_out = 0;
    std::uint64_t dropped_in = 0;   ///< came faster than allowed
    std::uint64_t dropped_out = 0;  ///< found no room in the queue, or gave way
    std::uint64_t queued_bytes = 0;
};

/// One row of system_peers and of the metrics.
struct PeerStatus {
    PeerInfo info;
    std::int32_t score = 0;
    /// Smoothed round trip in microseconds; 0 before the first pong.
    std::uint32_t rtt_us = 0;
    std::uint64_t connected_ms = 0;
    bool is_reserved = false;
    /// Whether it is in the set given to set_validators.
    bool is_validator = false;
    std::array<ChannelCounts, channel_count> channels{};
};

/// Somebody whom this node wants as a peer and does not have.
struct MissingPeer {
    std::string who;
    /// What a person reads: "connection refused", "wrong genesis", …
    std::string reason;
    std::uint64_t failures = 0;
    std::uint64_t next_try_in_ms = 0;
};

struct NetworkStatus {
    std::uint32_t inbound = 0;
    std::uint32_t outbound = 0;
    std::uint32_t validators = 0;  ///< connected ones of the set
    std::uint64_t refused = 0;     ///< inbound connections that a limit turned away
    std::uint64_t failed_handshakes = 0;
    std::uint64_t banned = 0;  ///< peers under a ban
    std::uint64_t known_addresses = 0;
    std::uint64_t partial_bytes = 0;
};

/// What became of a message.
enum class Sent : std::uint8_t {
    Queued,
    Dropped,  ///< no room, and its channel drops the newest
    Full,     ///< no room: wait for `room`
    NoPeer,
    TooLarge
};

/// Made on the network's thread, one after another, and never after stop() has returned. They must be short: while one
/// runs, no message moves.
struct NetworkCallbacks {
    /// A whole message of Consensus, Proposal, SyncRequest, SyncResponse or Transactions.
    std::function<void(const PeerId&, Channel, Bytes)> message;
    /// `greeting` is what the peer's own `greeting_for` returned about this node.
    std::function<void(const PeerInfo&, ByteView greeting)> peer_up;
    std::function<void(const PeerId&, std::string_view reason)> peer_down;
    /// A queue that had answered Full is less than half full.
    std::function<void(const PeerId&, Channel)> room;
    /// What to tell a validator when it connects: the highest vote of its own that this node has seen (amendment A2),
    /// in the form of consensus/types; at most 4 kB. Empty: nothing.
    std::function<Bytes(const crypto::Ed25519Public& validator)> greeting_for;
};

class Network {
public:
    Network(NetworkConfig config, NetworkCallbacks callbacks);
    Network(const Network&) = delete;
    Network& operator=(const Network&) = delete;
    /// Stops.
    ~Network();

    /// Returns once the port listens and the thread runs. Fault: the port cannot be opened, and why.
    chain::Result<void> start();
    /// Says good-bye to every peer; returns when the thread has ended. Not from a callback.
    void stop();

    PeerId id() const;
    /// The port that start() opened; 0 where none is open.
    std::uint16_t port() const;

    Sent send(const PeerId& to, Channel channel, Payload message);
    Sent send(const PeerId& to, Channel channel, Bytes message) {
        return send(to, channel, std::make_shared<const Bytes>(std::move(message)));
    }
    /// To the peer that speaks for a validator.
    Sent send_to_validator(const crypto::Ed25519Public& to, Channel channel, Payload message);
    enum class Audience : std::uint8_t { Validators, Everybody };
    /// How many peers it was queued for.
    std::size_t broadcast(Audience audience, Channel channel, const Payload& message);

    /// The consensus keys of this and the next epoch: whom to connect with, and who has a validator's allowance.
    void set_validators(std::vector<crypto::Ed25519Public> validators);
    /// What an upper layer thinks of a peer's behaviour (score.hpp).
    void report(const PeerId& peer, Conduct conduct);
    /// Dials it for ever, from this moment on.
    void add_reserved(PeerAddress address);
    /// It is admitted like any other peer from this moment on; an existing connection stays.
    void remove_reserved(const PeerId& peer);

    std::vector<PeerStatus> peers() const;
    std::optional<PeerId> peer_of(const crypto::Ed25519Public& validator) const;
    /// Reserved peers and validators that are not connected, each with the reason.
    std::vector<MissingPeer> missing() const;
    NetworkStatus status() const;
    /// Runs it on the network's thread.
    void post(std::function<void()> work);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace network
