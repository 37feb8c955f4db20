#include "tools/node/mesh.hpp"

#include "chain/base/log.hpp"

namespace node {

using network::Channel;
using network::PeerId;

namespace {

constexpr chain::log::Channel network_log{"network"};

Channel channel_of(consensus::Lane lane) {
    return lane == consensus::Lane::Votes ? Channel::Consensus : Channel::Proposal;
}

network::Conduct conduct_of(consensus::effect::Misdeed misdeed) {
    using consensus::effect::Misdeed;
    switch (misdeed) {
        case Misdeed::BadSignature:
        case Misdeed::BadCertificate: return network::Conduct::InvalidSignature;
        case Misdeed::BadProposal: return network::Conduct::Malformed;
        case Misdeed::AnotherBlock: return network::Conduct::InvalidBlock;
    }
    return network::Conduct::Malformed;
}

}  // namespace

Mesh::Mesh(network::NetworkConfig config) : network_(std::move(config), callbacks()) {}

network::NetworkCallbacks Mesh::callbacks() {
    return {.message = [this](const PeerId& from, Channel channel,
                              chain::Bytes bytes) { hear(from, channel, std::move(bytes)); },
            .peer_up = [this](const network::PeerInfo& info, chain::ByteView) { up(info); },
            .peer_down = [this](const PeerId& peer, std::string_view reason) { down(peer, reason); },
            .room = [](const PeerId&, Channel) {},
            .greeting_for = [](const crypto::Ed25519Public&) { return chain::Bytes{}; }};
}

chain::Result<void> Mesh::start(MeshListeners listeners) {
    listeners_ = std::move(listeners);
    return network_.start();
}

void Mesh::up(const network::PeerInfo& info) {
    std::uint64_t id = 0;
    {
        const std::lock_guard lock{mutex_};
        id = next_id_++;
        peers_[id] = info.peer;
        ids_[info.peer] = id;
    }
    network_log.info("peer {} {} {} up{}", network::short_text(info.peer), network::to_text(info.address),
                     info.direction == network::Direction::Inbound ? "inbound" : "outbound",
                     info.validator ? " validator " + chain::to_hex(info.validator->value).substr(0, 10) : "");
    listeners_.arrived(id, info.validator);
    listeners_.peer_up(info.peer);
}

void Mesh::down(const PeerId& peer, std::string_view reason) {
    std::optional<std::uint64_t> id;
    {
        const std::lock_guard lock{mutex_};
        if (const auto known = ids_.find(peer); known != ids_.end()) {
            id = known->second;
            peers_.erase(known->second);
            ids_.erase(known);
        }
    }
    network_log.info("peer {} down: {}", network::short_text(peer), reason);
    listeners_.peer_down(peer);
    if (id) listeners_.gone(*id);
}

void Mesh::hear(const PeerId& from, Channel channel, chain::Bytes message) {
    switch (channel) {
        case Channel::Consensus:
        case Channel::Proposal:
            if (const auto id = id_of(from)) listeners_.consensus(*id, std::move(message));
            return;
        case Channel::SyncRequest:
        case Channel::SyncResponse: return listeners_.sync(from, channel, std::move(message));
        case Channel::Transactions: return listeners_.transactions(from, std::move(message));
        case Channel::Control:
        case Channel::Discovery: return;  // the network's own
    }
}

std::optional<PeerId> Mesh::peer_of(std::uint64_t id) const {
    const std::lock_guard lock{mutex_};
    const auto known = peers_.find(id);
    return known == peers_.end() ? std::nullopt : std::optional{known->second};
}

std::optional<std::uint64_t> Mesh::id_of(const PeerId& peer) const {
    const std::lock_guard lock{mutex_};
    const auto known = ids_.find(peer);
    return known == ids_.end() ? std::nullopt : std::optional{known->second};
}

// What cannot be queued is lost, and agreement says it again.
void Mesh::to_peer(std::uint64_t peer, consensus::Lane lane, const consensus::Payload& bytes) {
    if (const auto to = peer_of(peer)) network_.send(*to, channel_of(lane), bytes);
}

void Mesh::to_validator(const crypto::Ed25519Public& key, consensus::Lane lane, const consensus::Payload& bytes) {
    network_.send_to_validator(key, channel_of(lane), bytes);
}

void Mesh::to_everybody(consensus::Lane lane, const consensus::Payload& bytes) {
    network_.broadcast(network::Network::Audience::Everybody, channel_of(lane), bytes);
}

void Mesh::misbehaved(std::uint64_t peer, consensus::effect::Misdeed misdeed) {
    if (const auto who = peer_of(peer)) network_.report(*who, conduct_of(misdeed));
}

void Mesh::malformed(std::uint64_t peer, std::string_view why) {
    const auto who = peer_of(peer);
    if (!who) return;
    network_log.warn("peer {} sent no message of agreement: {}", network::short_text(*who), why);
    network_.report(*who, network::Conduct::Malformed);
}

}  // namespace node
