#include "chain/network/network.hpp"

#include "chain/clock/clock.hpp"
#include "chain/network/mesh.hpp"

namespace network {

struct Network::Impl : Mesh {
    using Mesh::Mesh;
};

Network::Network(NetworkConfig config, NetworkCallbacks callbacks)
    : impl_(std::make_unique<Impl>(std::move(config), std::move(callbacks))) {}

Network::~Network() = default;

chain::Result<void> Network::start() { return impl_->start(); }

void Network::stop() { impl_->stop(); }

PeerId Network::id() const { return impl_->id(); }

std::uint16_t Network::port() const { return impl_->port(); }

Sent Network::send(const PeerId& to, Channel channel, Payload message) { return impl_->send(to, channel, message); }

Sent Network::send_to_validator(const crypto::Ed25519Public& to, Channel channel, Payload message) {
    return impl_->send_to_validator(to, channel, message);
}

std::size_t Network::broadcast(Audience audience, Channel channel, const Payload& message) {
    return impl_->broadcast(audience, channel, message);
}

void Network::set_validators(std::vector<crypto::Ed25519Public> validators) {
    impl_->post([impl = impl_.get(), validators = std::move(validators)] { impl->set_validators(validators); });
}

void Network::report(const PeerId& peer, Conduct conduct) {
    impl_->post([impl = impl_.get(), peer, conduct] { impl->report(peer, conduct); });
}

void Network::add_reserved(PeerAddress address) {
    impl_->post([impl = impl_.get(), address = std::move(address)] { impl->add_reserved(address); });
}

void Network::remove_reserved(const PeerId& peer) {
    impl_->post([impl = impl_.get(), peer] { impl->remove_reserved(peer); });
}

std::vector<PeerStatus> Network::peers() const { return impl_->peers(); }

std::optional<PeerId> Network::peer_of(const crypto::Ed25519Public& validator) const {
    return impl_->peer_of(validator);
}

std::vector<MissingPeer> Network::missing() const { return impl_->missing(); }

NetworkStatus Network::status() const { return impl_->status(); }

void Network::post(std::function<void()> work) { impl_->post(std::move(work)); }

std::vector<PeerStatus> Mesh::peers() const {
    const std::uint64_t now_ms = chain::monotonic_ms();
    const std::scoped_lock lock{mutex_};
    std::vector<PeerStatus> out;
    for (const auto& [peer, session] : peers_) {
        const Session::Shared& shared = session->shared;
        PeerStatus row{.info = info_of(*session),
                       .score = shared.score,
                       .rtt_us = shared.rtt_us,
                       .connected_ms = now_ms - session->since_ms,
                       .is_reserved = shared.is_reserved,
                       .is_validator = shared.is_validator,
                       .channels = shared.in};
        for (std::size_t i = 0; i < channel_count; ++i) {
            const Outbox::Counts& counts = shared.outbox.counts(static_cast<Channel>(i));
            row.channels[i].bytes_out = counts.bytes;
            row.channels[i].messages_out = counts.messages;
            row.channels[i].dropped_out = counts.dropped;
            row.channels[i].queued_bytes = counts.queued_bytes;
        }
        out.push_back(std::move(row));
    }
    return out;
}

std::optional<PeerId> Mesh::peer_of(const crypto::Ed25519Public& validator) const {
    const std::scoped_lock lock{mutex_};
    const auto found = speakers_.find(validator);
    return found == speakers_.end() ? std::nullopt : std::optional{found->second};
}

std::vector<MissingPeer> Mesh::missing() const {
    const std::scoped_lock lock{mutex_};
    return missing_;
}

NetworkStatus Mesh::status() const {
    const std::scoped_lock lock{mutex_};
    return status_;
}

}  // namespace network
