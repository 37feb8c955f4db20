#pragma once
// The port to the peers. Called from the engine's thread; never waits.

#include "chain/crypto/ed25519.hpp"
#include "consensus/core/effect.hpp"

#include <vector>

namespace consensus {

/// Which way a message takes: a vote must never wait behind a block.
enum class Lane : std::uint8_t { Votes, Blocks };

class Transport {
public:
    virtual ~Transport() = default;
    /// To the connection that Engine::peer_arrived named. `bytes` is one encoded message.
    virtual void to_peer(std::uint64_t peer, Lane lane, const Payload& bytes) = 0;
    virtual void to_validator(const crypto::Ed25519Public& key, Lane lane, const Payload& bytes) = 0;
    virtual void to_everybody(Lane lane, const Payload& bytes) = 0;
    /// Whom to stay connected with from now on: the validators of the epoch, but for us.
    virtual void set_validators(const std::vector<crypto::Ed25519Public>& keys) = 0;
    virtual void misbehaved(std::uint64_t peer, effect::Misdeed misdeed) = 0;
    /// It sent bytes that are no message.
    virtual void malformed(std::uint64_t peer, std::string_view why) = 0;

protected:
    Transport() = default;
    Transport(const Transport&) = default;
    Transport& operator=(const Transport&) = default;
};

}  // namespace consensus
