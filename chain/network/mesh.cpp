#include "chain/network/mesh.hpp"

#include "chain/base/check.hpp"
#include "chain/clock/clock.hpp"

#include <fmt/format.h>
#include <openssl/rand.h>

namespace network {

namespace {

constexpr std::uint32_t tick_ms = 100;
constexpr std::uint32_t snapshot_every_ms = 500;
constexpr std::uint32_t save_every_ms = 60'000;

std::uint64_t random_number() {
    std::uint64_t out = 0;
    chain::check(RAND_bytes(reinterpret_cast<unsigned char*>(&out), sizeof out) == 1);
    return out;
}

AdmissionLimits admission_limits(const NetworkLimits& limits) {
    return {.inbound_max = limits.inbound_max,
            .per_ip_max = limits.per_ip_max,
            .per_subnet_max = limits.per_subnet_max,
            .handshakes_max = limits.handshakes_max,
            .handshakes_per_second = limits.handshakes_per_second,
            .are_private_addresses_limited = limits.are_private_addresses_limited};
}

}  // namespace

Mesh::Mesh(NetworkConfig config, NetworkCallbacks callbacks)
    : config_(std::move(config)),
      callbacks_(std::move(callbacks)),
      self_(peer_of_seed(config_.identity)),
      instance_(random_number()),
      admission_(admission_limits(config_.limits)),
      redial_(config_.limits.redial_least_ms, random_number()),
      book_(self_, random_number()) {
    for (const PeerAddress& address : config_.reserved)
        if (address.peer) reserved_ids_.insert(*address.peer);
}

Mesh::~Mesh() { stop(); }

chain::Result<void> Mesh::start() {
    chain::check(!thread_.joinable() && transport_ == nullptr);
    TRY(TlsContext tls, make_tls_context(config_.identity));
    transport_ = std::make_unique<Transport>(std::move(tls), config_.limits.connect_timeout_ms,
                                             config_.limits.handshake_timeout_ms);
    if (!config_.listen.empty()) {
        const auto address = socket_address_from_text(config_.listen);
        if (!address) return chain::fault(config_.listen + " is no address to listen on: write IP:PORT");
        Doorman doorman{.admits =
                            [this](const SocketAddress& from) {
                                const auto refusal = admission_.arrived(from.ip, chain::monotonic_ms());
                                if (!refusal) return true;
                                ++refused_;
                                network_log.debug("turned {} away: {}", to_text(from), text(*refusal));
                                return false;
                            },
                        .arrived =
                            [this](const SocketAddress& from, chain::Result<LinkPointer> link) {
                                if (link) return link_up(*std::move(link), Direction::Inbound, {});
                                admission_.handshake_ended();
                                ++failed_handshakes_;
                                network_log.debug("no handshake with {}: {}", to_text(from), link.error().text);
                            }};
        TRY(port_, transport_->listen(*address, std::move(doorman)));
    }
    load_book();
    renew_record();
    transport_->every(tick_ms, [this] { tick(); });
    transport_->post([this] { tick(); });
    thread_ = std::thread{[this] { transport_->run(); }};
    network_log.info("peer {} listens on port {}", to_text(self_), port_);
    return {};
}

void Mesh::stop() {
    if (!thread_.joinable()) return;
    transport_->post([this] {
        is_stopping_ = true;
        const auto all = sessions_;
        for (const SessionPointer& session : all) close(session, Goodbye::Stopping, "this node stops");
        save_book();
        transport_->finish();
    });
    thread_.join();
    sessions_.clear();
    const std::scoped_lock lock{mutex_};
    peers_.clear();
    speakers_.clear();
}

void Mesh::post(std::function<void()> work) {
    if (transport_ != nullptr) transport_->post(std::move(work));
}

void Mesh::tick() {
    if (is_stopping_) return;
    const std::uint64_t now_ms = chain::monotonic_ms();
    if (record_due_ms_ <= now_ms) renew_record();
    const auto all = sessions_;
    for (const SessionPointer& session : all) watch(session);
    dial_due();
    relay_records();
    if (now_ms - snapshot_ms_ >= snapshot_every_ms) {
        snapshot_ms_ = now_ms;
        bans_.tidy(now_ms);
        std::erase_if(scores_, [&](const auto& entry) { return entry.second.value(now_ms) == 0; });
        book_.expire(chain::unix_ms());
        take_snapshots();
    }
    if (is_book_changed_ && now_ms - saved_ms_ >= save_every_ms) save_book();
}

/// Pings, and ends what is dead.
void Mesh::watch(const SessionPointer& session) {
    const NetworkLimits& limits = config_.limits;
    const std::uint64_t now_ms = chain::monotonic_ms();
    const auto is_older = [&](std::uint64_t since_ms, std::uint64_t most_ms) {
        return now_ms > since_ms && now_ms - since_ms > most_ms;
    };
    if (!session->is_open() && is_older(session->since_ms, limits.handshake_timeout_ms))
        return close(session, Goodbye::Silent, "its hello took too long");
    if (is_older(session->heard_ms, limits.silence_max_ms))
        return close(session, Goodbye::Silent, "it was silent for too long");
    if (session->link->is_writing() && is_older(session->writing_since_ms, limits.stalled_write_ms))
        return close(session, Goodbye::Silent, "it did not read for too long");
    if (!session->is_open()) return;
    if (is_older(session->pinged_ms, limits.ping_ms - 1)) {
        session->pinged_ms = now_ms;
        session->ping_us = chain::monotonic_us();
        say(*session, Channel::Control, encode(ControlMessage{Ping{session->ping_us}}));
        flush(session);
    }
    ask_for_records(*session);
    flush(session);
}

std::size_t Mesh::open_count(Direction direction) const {
    std::size_t count = 0;
    for (const auto& [peer, session] : peers_) count += session->direction == direction;
    return count;
}

void Mesh::take_snapshots() {
    const std::uint64_t now_ms = chain::monotonic_ms();
    std::vector<MissingPeer> missing;
    for (const Wanted& target : wanted()) {
        if (target.is_connected || !target.is_persistent) continue;
        const Redial::State state = redial_.state(target.key);
        std::string reason = state.reason;
        if (target.addresses.empty()) reason = "no address of it is known";
        if (reason.empty()) reason = state.is_dialling ? "being dialled" : "not dialled yet";
        const std::uint64_t wait_ms = state.next_ms > now_ms ? state.next_ms - now_ms : 0;
        missing.push_back({target.who, std::move(reason), state.failures, wait_ms});
    }
    const std::scoped_lock lock{mutex_};
    missing_ = std::move(missing);
    status_ = {.inbound = static_cast<std::uint32_t>(open_count(Direction::Inbound)),
               .outbound = static_cast<std::uint32_t>(open_count(Direction::Outbound)),
               .refused = refused_,
               .failed_handshakes = failed_handshakes_,
               .banned = bans_.size(),
               .known_addresses = book_.size(),
               .partial_bytes = partial_bytes_};
    for (const auto& [peer, session] : peers_) status_.validators += session->shared.is_validator;
}

}  // namespace network
