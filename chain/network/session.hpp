#pragma once
// One connection, from the end of its TLS handshake to its own end. It belongs to the network's thread, but for what
// stands under `shared`, which the mesh's mutex guards.

#include "chain/network/control.hpp"
#include "chain/network/network.hpp"
#include "chain/network/outbox.hpp"
#include "chain/network/transport.hpp"

namespace network {

enum class Stage : std::uint8_t {
    AwaitsHello,    ///< theirs has not come
    AwaitsWelcome,  ///< ours is sent: the peer is acceptable to us; theirs has not come
    Open,
    Closed
};

/// What one peer may send in a second.
class Allowance {
public:
    /// Validators and reserved peers may send more.
    explicit Allowance(bool is_privileged);

    /// How long not to read after so many bytes.
    std::uint64_t read(std::size_t bytes, std::uint64_t now_ms) {
        return bytes_.owe(static_cast<std::uint32_t>(bytes), now_ms);
    }
    struct Verdict {
        bool is_dropped = false;
        std::uint64_t pause_ms = 0;
    };
    Verdict message(Channel channel, std::uint64_t now_ms);

private:
    chain::Bucket bytes_;
    std::vector<chain::Bucket> channels_;
};

struct Session {
    Session(LinkPointer connection, Direction who_dialled, std::string redial_key, std::uint64_t now_ms)
        : link(std::move(connection)),
          direction(who_dialled),
          target(std::move(redial_key)),
          since_ms(now_ms),
          heard_ms(now_ms) {}

    const PeerId& peer() const { return link->peer(); }
    bool is_open() const { return stage == Stage::Open; }

    LinkPointer link;
    Direction direction;
    /// Under which name it was dialled; empty for inbound.
    std::string target;
    Stage stage = Stage::AwaitsHello;
    std::optional<Hello> theirs;
    std::optional<AddressRecord> record;
    Bytes greeting;
    Assembler assembler;
    /// Bytes that came and wait until its allowance lets them be read.
    Bytes unread;
    Allowance allowance{false};
    std::uint64_t since_ms;
    std::uint64_t heard_ms;
    std::uint64_t writing_since_ms = 0;
    std::uint64_t pinged_ms = 0;
    std::uint64_t ping_us = 0;
    std::uint64_t records_asked_ms = 0;
    std::size_t partial_bytes = 0;
    bool has_handshake_place = false;
    bool has_inbound_place = false;

    struct Shared {
        Outbox outbox;
        std::array<ChannelCounts, channel_count> in{};
        std::int32_t score = 0;
        std::uint32_t rtt_us = 0;
        std::uint32_t answers_due = 0;  // sync requests that were sent and have no response
        bool is_reserved = false;
        bool is_validator = false;
    };
    Shared shared;
};
using SessionPointer = std::shared_ptr<Session>;

/// Which of two connections with one peer stays: both sides must come to the same answer. `self` is this node.
bool replaces(const Session& fresh, const Session& old, const PeerId& self, std::uint64_t now_ms,
              std::uint64_t stale_ms);

}  // namespace network
