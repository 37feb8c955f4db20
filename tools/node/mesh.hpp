#pragma once
// The peers as the node's parts see them: one Network, whose messages go to agreement, to the relay of transactions and
// to block sync by their channel. Agreement counts connections where the network names peers: the map between the two
// is here.

#include "chain/network/network.hpp"
#include "consensus/engine/transport.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>

namespace node {

/// Who hears what comes in. On the network's thread: hand over, do not work.
struct MeshListeners {
    std::function<void(std::uint64_t id, const std::optional<crypto::Ed25519Public>& validator)> arrived;
    std::function<void(std::uint64_t id)> gone;
    std::function<void(std::uint64_t id, chain::Bytes message)> consensus;
    /// Peers by name, for those who do not count connections.
    std::function<void(const network::PeerId&)> peer_up;
    std::function<void(const network::PeerId&)> peer_down;
    std::function<void(const network::PeerId&, chain::Bytes message)> transactions;
    std::function<void(const network::PeerId&, network::Channel, chain::Bytes message)> sync;
};

class Mesh : public consensus::Transport {
public:
    explicit Mesh(network::NetworkConfig config);

    /// Connects; before that, nothing is heard.
    chain::Result<void> start(MeshListeners listeners);
    void stop() { network_.stop(); }

    network::Network& network() { return network_; }
    const network::Network& network() const { return network_; }

    void to_peer(std::uint64_t peer, consensus::Lane lane, const consensus::Payload& bytes) override;
    void to_validator(const crypto::Ed25519Public& key, consensus::Lane lane, const consensus::Payload& bytes) override;
    void to_everybody(consensus::Lane lane, const consensus::Payload& bytes) override;
    void set_validators(const std::vector<crypto::Ed25519Public>& keys) override { network_.set_validators(keys); }
    void misbehaved(std::uint64_t peer, consensus::effect::Misdeed misdeed) override;
    void malformed(std::uint64_t peer, std::string_view why) override;

private:
    network::NetworkCallbacks callbacks();
    void up(const network::PeerInfo& info);
    void down(const network::PeerId& peer, std::string_view reason);
    void hear(const network::PeerId& from, network::Channel channel, chain::Bytes message);
    std::optional<network::PeerId> peer_of(std::uint64_t id) const;
    std::optional<std::uint64_t> id_of(const network::PeerId& peer) const;

    MeshListeners listeners_;
    // Guards the three below: connections come on the network's thread, messages go out on the engine's.
    mutable std::mutex mutex_;
    std::map<std::uint64_t, network::PeerId> peers_;
    std::map<network::PeerId, std::uint64_t> ids_;
    std::uint64_t next_id_ = 1;
    network::Network network_;
};

}  // namespace node
