// From a finished handshake to a peer, and its end.

#include "chain/clock/clock.hpp"
#include "chain/network/mesh.hpp"

#include <fmt/format.h>

namespace network {

void Mesh::link_up(LinkPointer link, Direction direction, std::string target) {
    const std::uint64_t now_ms = chain::monotonic_ms();
    const auto session = std::make_shared<Session>(std::move(link), direction, std::move(target), now_ms);
    session->has_handshake_place = direction == Direction::Inbound;
    sessions_.insert(session);
    session->link->start({
        .received = [this, session](ByteView bytes) { return received(session, bytes); },
        .written = [this, session] { flush(session); },
        .closed = [this, session](std::string reason) { ended(session, std::move(reason)); },
    });
    if (is_stopping_) return close(session, Goodbye::Stopping, "this node stops");
    if (session->peer() == self_) return close(session, Goodbye::Myself, "it is this node itself");
    if (bans_.is_banned(session->peer(), now_ms)) return close(session, Goodbye::Banned, "it is banned");
    Hello ours{.genesis = config_.genesis,
               .kind = config_.validator ? NodeKind::Validator : NodeKind::Full,
               .instance = instance_,
               .listen_port = port_,
               .agent = config_.agent};
    if (own_record_) ours.record = encode_record(*own_record_);
    say(*session, Channel::Control, encode(ControlMessage{std::move(ours)}));
    flush(session);
}

/// Its reserved address or its validator's record: such a peer takes nobody's place.
bool Mesh::is_privileged(const Session& session) const {
    if (reserved_ids_.contains(session.peer())) return true;
    return session.record && validators_.contains(session.record->body.signer);
}

/// Reads the record of a hello that is otherwise in order.
std::optional<Goodbye> Mesh::judge(Session& session) const {
    const Hello ours{.genesis = config_.genesis};
    if (const auto why = objection(*session.theirs, ours)) return why;
    if (session.theirs->record.empty()) return std::nullopt;
    auto record = decode_record(session.theirs->record, config_.genesis, chain::unix_ms());
    if (!record || record->body.peer != session.peer()) return Goodbye::BadRecord;
    session.record = *std::move(record);
    return std::nullopt;
}

/// Whether there is room for this inbound peer.
bool Mesh::find_place(const SessionPointer& session) {
    if (session->direction == Direction::Outbound || is_privileged(*session)) return true;
    const auto refusal = admission_.joins(session->link->remote().ip);
    if (refusal) {
        ++refused_;
        close(session, Goodbye::TooManyPeers, text(*refusal));
        return false;
    }
    session->has_inbound_place = true;
    return true;
}

/// Whether there is a connection with it that was heard of lately.
bool Mesh::has_live(const PeerId& peer) const {
    const auto known = peers_.find(peer);
    return known != peers_.end() && chain::monotonic_ms() <= known->second->heard_ms + stale_ms();
}

/// Of two connections with one peer one stays. Whether this is it.
bool Mesh::settle_duplicate(const SessionPointer& session) {
    const auto known = peers_.find(session->peer());
    if (known == peers_.end() || known->second == session) return true;
    const SessionPointer old = known->second;
    if (replaces(*session, *old, self_, chain::monotonic_ms(), stale_ms())) {
        // The place of the old one is free only when it is gone, so it goes first.
        close(old, Goodbye::AlreadyConnected, "another connection takes its place");
        return true;
    }
    if (!session->target.empty()) redial_.succeeded(session->target);
    close(session, Goodbye::AlreadyConnected, "there is another connection");
    return false;
}

void Mesh::hello(const SessionPointer& session, Hello theirs) {
    session->theirs = std::move(theirs);
    if (const auto why = judge(*session)) {
        // The other side is wrong about the chain, or lies about itself: either way it says so to its operator.
        return close(session, *why, text(*why));
    }
    if (!settle_duplicate(session) || !find_place(session)) return;
    Welcome ours;
    if (session->record && callbacks_.greeting_for && !session->record->is_plain())
        ours.greeting = callbacks_.greeting_for(session->record->body.signer);
    if (ours.greeting.size() > greeting_bytes_max) ours.greeting.clear();
    session->stage = Stage::AwaitsWelcome;
    say(*session, Channel::Control, encode(ControlMessage{std::move(ours)}));
    flush(session);
}

void Mesh::welcome(const SessionPointer& session, Welcome theirs) {
    if (!settle_duplicate(session)) return;
    if (std::exchange(session->has_handshake_place, false)) admission_.handshake_ended();
    session->stage = Stage::Open;
    session->assembler.open();
    session->pinged_ms = 0;
    session->shared.is_reserved = reserved_ids_.contains(session->peer());
    set_rank(*session, session->record && validators_.contains(session->record->body.signer));
    session->shared.score =
        scores_.contains(session->peer()) ? scores_[session->peer()].value(chain::monotonic_ms()) : 0;
    const PeerInfo info = info_of(*session);
    {
        const std::scoped_lock lock{mutex_};
        peers_[session->peer()] = session;
        if (info.validator) speakers_[*info.validator] = session->peer();
    }
    redial_.succeeded(to_text(session->peer()));
    if (!session->target.empty()) {
        redial_.succeeded(session->target);
        if (session->target != to_text(session->peer())) found_at_[session->target] = session->peer();
    }
    if (session->record) {
        learn(session, session->theirs->record);
        if (session->direction == Direction::Outbound) book_.answered(session->record->body.signer, chain::unix_ms());
    }
    network_log.debug("peer {} {} {} at {}{}", short_text(session->peer()),
                      session->direction == Direction::Inbound ? "came" : "reached", info.agent, to_text(info.address),
                      session->shared.is_validator ? ", a validator" : "");
    if (callbacks_.peer_up) callbacks_.peer_up(info, theirs.greeting);
    ask_for_records(*session);
    flush(session);
}

void Mesh::set_rank(Session& session, bool is_validator) {
    // Only what strangers leave unfinished is counted.
    if (is_validator) partial_bytes_ -= std::exchange(session.partial_bytes, 0);
    session.shared.is_validator = is_validator;
    session.allowance = Allowance{is_privileged(session)};
}

PeerInfo Mesh::info_of(const Session& session) const {
    PeerInfo info{.peer = session.peer(),
                  .kind = session.theirs->kind,
                  .address = session.link->remote(),
                  .direction = session.direction,
                  .agent = session.theirs->agent};
    if (session.record && !session.record->is_plain()) info.validator = session.record->body.signer;
    return info;
}

void Mesh::close(const SessionPointer& session, Goodbye why, std::string_view reason) {
    if (session->stage == Stage::Closed) return;
    Bytes last;
    append_frame(last, Channel::Control, encode(ControlMessage{why}), More::No);
    session->link->close(std::move(last));
    forget(session, std::string{reason});
}

void Mesh::ended(const SessionPointer& session, std::string reason) { forget(session, reason); }

void Mesh::forget(const SessionPointer& session, const std::string& reason) {
    if (session->stage == Stage::Closed) return;
    const bool was_open = session->is_open();
    session->stage = Stage::Closed;
    sessions_.erase(session);
    if (session->has_handshake_place) admission_.handshake_ended();
    if (session->has_inbound_place) admission_.left(session->link->remote().ip);
    partial_bytes_ -= session->partial_bytes;
    const std::string key = session->target.empty() ? to_text(session->peer()) : session->target;
    if (!was_open) {
        // A second connection that gives way is no failure: the first one stands.
        if (!session->target.empty() && !peers_.contains(session->peer()))
            could_not_reach(key, session->target, reason);
        else network_log.debug("no peer {}: {}", short_text(session->peer()), reason);
        dialling_.erase(session->target);
        return;
    }
    {
        const std::scoped_lock lock{mutex_};
        peers_.erase(session->peer());
        if (session->record)
            if (const auto speaker = speakers_.find(session->record->body.signer);
                speaker != speakers_.end() && speaker->second == session->peer())
                speakers_.erase(speaker);
    }
    redial_.ended(key, reason, chain::monotonic_ms());
    network_log.debug("peer {} is gone: {}", short_text(session->peer()), reason);
    if (callbacks_.peer_down) callbacks_.peer_down(session->peer(), reason);
}

}  // namespace network
