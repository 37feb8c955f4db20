// What comes from peers and what goes to them.

#include "chain/base/check.hpp"
#include "chain/clock/clock.hpp"
#include "chain/network/mesh.hpp"

#include <fmt/format.h>

namespace network {

namespace {

// One write: what a vote waits for at most, beside what the kernel has not sent yet.
constexpr std::size_t write_bytes = 64 << 10;
// A sender over its budget is read again after so long at the latest; what it owes stays.
constexpr std::uint64_t pause_max_ms = 5'000;
constexpr std::size_t scores_max = 4'096;

bool is_internal(Channel channel) { return channel == Channel::Control || channel == Channel::Discovery; }

}  // namespace

/// How long not to read from it.
std::uint64_t Mesh::received(const SessionPointer& session, ByteView bytes) {
    const std::uint64_t now_ms = chain::monotonic_ms();
    session->heard_ms = now_ms;
    std::uint64_t pause_ms = bytes.empty() ? 0 : session->allowance.read(bytes.size(), now_ms);
    const Bytes waiting = std::exchange(session->unread, {});
    ByteView rest = waiting.empty() ? bytes : ByteView{waiting};
    chain::check(waiting.empty() || bytes.empty());
    while (session->stage != Stage::Closed) {
        auto message = session->assembler.next(rest);
        if (const auto fault = session->assembler.fault()) {
            const bool is_large = fault == FrameFault::ChunkTooLarge || fault == FrameFault::MessageTooLarge;
            punish(session, is_large ? Conduct::Oversize : Conduct::Malformed, text(*fault));
            close(session, Goodbye::Misbehaved, text(*fault));
            return 0;
        }
        if (!message) break;
        const std::uint64_t owed_ms = handle(session, *std::move(message));
        pause_ms = std::max(pause_ms, owed_ms);
        if (owed_ms == 0) continue;
        session->unread = chain::to_bytes(rest);
        break;
    }
    if (session->stage == Stage::Closed || !is_memory_left(session)) return 0;
    pause_ms = std::min(pause_ms, pause_max_ms);
    // It is not silent: it is not being listened to.
    session->heard_ms += pause_ms;
    return pause_ms;
}

/// Counts what its unfinished messages take; ends the connection where all of them take too much.
bool Mesh::is_memory_left(const SessionPointer& session) {
    if (session->shared.is_validator) return true;
    partial_bytes_ += session->assembler.partial_bytes() - session->partial_bytes;
    session->partial_bytes = session->assembler.partial_bytes();
    if (partial_bytes_ <= config_.limits.partial_bytes_max || session->partial_bytes == 0) return true;
    close(session, Goodbye::Busy, "unfinished messages of all peers take too much memory");
    return false;
}

std::uint64_t Mesh::handle(const SessionPointer& session, Message message) {
    const std::uint64_t now_ms = chain::monotonic_ms();
    const auto verdict = session->allowance.message(message.channel, now_ms);
    {
        const std::scoped_lock lock{mutex_};
        ChannelCounts& counts = session->shared.in[static_cast<std::size_t>(message.channel)];
        counts.bytes_in += message.content.size();
        ++counts.messages_in;
        counts.dropped_in += verdict.is_dropped;
    }
    if (verdict.is_dropped) {
        punish(session, Conduct::Flood, "more than its channel allows");
        return 0;
    }
    if (message.channel == Channel::Control) control(session, message.content);
    else if (message.channel == Channel::Discovery) discovery(session, message.content);
    else if (message.channel == Channel::SyncResponse && !is_solicited(*session))
        punish(session, Conduct::Unsolicited, "a sync response that nobody asked for");
    else if (callbacks_.message) callbacks_.message(session->peer(), message.channel, std::move(message.content));
    return verdict.pause_ms;
}

bool Mesh::is_solicited(Session& session) {
    const std::scoped_lock lock{mutex_};
    if (session.shared.answers_due == 0) return false;
    --session.shared.answers_due;
    return true;
}

void Mesh::control(const SessionPointer& session, ByteView content) {
    auto message = decode_control(content);
    const auto broken = [&] {
        punish(session, Conduct::Malformed, "a control message out of order");
        close(session, Goodbye::Misbehaved, "a control message out of order");
    };
    if (!message) return broken();
    if (auto* theirs = std::get_if<Hello>(&*message))
        return session->stage == Stage::AwaitsHello ? hello(session, std::move(*theirs)) : broken();
    if (auto* theirs = std::get_if<Welcome>(&*message))
        return session->stage == Stage::AwaitsWelcome ? welcome(session, std::move(*theirs)) : broken();
    if (const auto* why = std::get_if<Goodbye>(&*message)) {
        session->link->close();
        return forget(session, fmt::format("it said good-bye: {}", text(*why)));
    }
    if (!session->is_open()) return broken();
    if (const auto* ping = std::get_if<Ping>(&*message)) {
        say(*session, Channel::Control, encode(ControlMessage{Pong{ping->number}}));
        return flush(session);
    }
    pong(*session, std::get<Pong>(*message).number);
}

void Mesh::pong(Session& session, std::uint64_t number) {
    if (number != session.ping_us || number == 0) return;
    const auto took = static_cast<std::uint32_t>(std::min<std::uint64_t>(chain::monotonic_us() - number, 60'000'000));
    session.ping_us = 0;
    const std::scoped_lock lock{mutex_};
    // An eighth of each new one, as TCP does it (RFC 6298).
    std::uint32_t& rtt = session.shared.rtt_us;
    rtt = rtt == 0 ? took : rtt - rtt / 8 + took / 8;
}

void Mesh::punish(const SessionPointer& session, Conduct conduct, std::string_view what) {
    if (session->stage == Stage::Closed) return;
    const std::uint64_t now_ms = chain::monotonic_ms();
    if (scores_.size() >= scores_max && !scores_.contains(session->peer())) scores_.erase(scores_.begin());
    const std::int32_t score = scores_[session->peer()].add(conduct, now_ms);
    {
        const std::scoped_lock lock{mutex_};
        session->shared.score = score;
    }
    if (conduct != Conduct::UsefulBlock && conduct != Conduct::Flood)
        network_log.info("peer {}: {} ({}), score {}", short_text(session->peer()), text(conduct), what, score);
    if (score > Score::banned_at) return;
    // A validator on a bad day still has to vote; only what cannot happen by accident costs it its place.
    const bool is_spared = is_privileged(*session) && !is_cryptographic(conduct);
    if (is_spared) return;
    bans_.ban(session->peer(), now_ms + config_.limits.ban_ms);
    is_book_changed_ = true;
    network_log.warn("peer {} is banned for {} s: {}", short_text(session->peer()), config_.limits.ban_ms / 1'000,
                     what);
    close(session, Goodbye::Banned, fmt::format("it is banned: {}", what));
}

void Mesh::report(const PeerId& peer, Conduct conduct) {
    if (const auto found = peers_.find(peer); found != peers_.end())
        return punish(SessionPointer{found->second}, conduct, text(conduct));
    // It has left, or is on its way back: a ban holds all the same.
    if (!is_cryptographic(conduct)) return;
    bans_.ban(peer, chain::monotonic_ms() + config_.limits.ban_ms);
    is_book_changed_ = true;
    const auto all = sessions_;
    for (const SessionPointer& session : all)
        if (session->peer() == peer) close(session, Goodbye::Banned, "it is banned");
}

/// A message of the network's own.
void Mesh::say(Session& session, Channel channel, Bytes message) {
    const std::scoped_lock lock{mutex_};
    session.shared.outbox.put(channel, std::make_shared<const Bytes>(std::move(message)));
}

void Mesh::flush(const SessionPointer& session) {
    if (session->stage == Stage::Closed || session->link->is_writing()) return;
    Bytes out;
    std::vector<Channel> room;
    {
        const std::scoped_lock lock{mutex_};
        if (session->shared.outbox.is_empty()) return;
        out.reserve(write_bytes + chunk_bytes_max + frame_header_bytes);
        session->shared.outbox.take(out, write_bytes);
        room = session->shared.outbox.take_room();
    }
    session->writing_since_ms = chain::monotonic_ms();
    session->link->write(std::move(out));
    for (const Channel channel : room)
        if (callbacks_.room && session->is_open()) callbacks_.room(session->peer(), channel);
}

void Mesh::flush_all() {
    {
        const std::scoped_lock lock{mutex_};
        is_woken_ = false;
    }
    const auto all = peers_;
    for (const auto& [peer, session] : all) flush(session);
}

/// Under the mutex.
Sent Mesh::put(Session& session, Channel channel, const Payload& message) {
    switch (session.shared.outbox.put(channel, message)) {
        case Outbox::Put::Queued: break;
        case Outbox::Put::Dropped: return Sent::Dropped;
        case Outbox::Put::Full: return Sent::Full;
        case Outbox::Put::TooLarge: return Sent::TooLarge;
    }
    if (channel == Channel::SyncRequest) ++session.shared.answers_due;
    wake();
    return Sent::Queued;
}

/// Under the mutex: the network's thread looks at all queues once.
void Mesh::wake() {
    if (std::exchange(is_woken_, true)) return;
    transport_->post([this] { flush_all(); });
}

Sent Mesh::send(const PeerId& to, Channel channel, const Payload& message) {
    chain::check(!is_internal(channel) && message != nullptr);
    const std::scoped_lock lock{mutex_};
    const auto found = peers_.find(to);
    return found == peers_.end() ? Sent::NoPeer : put(*found->second, channel, message);
}

Sent Mesh::send_to_validator(const crypto::Ed25519Public& to, Channel channel, const Payload& message) {
    chain::check(!is_internal(channel) && message != nullptr);
    const std::scoped_lock lock{mutex_};
    const auto speaker = speakers_.find(to);
    if (speaker == speakers_.end()) return Sent::NoPeer;
    const auto found = peers_.find(speaker->second);
    return found == peers_.end() ? Sent::NoPeer : put(*found->second, channel, message);
}

std::size_t Mesh::broadcast(Network::Audience audience, Channel channel, const Payload& message) {
    chain::check(!is_internal(channel) && message != nullptr);
    const std::scoped_lock lock{mutex_};
    std::size_t count = 0;
    for (const auto& [peer, session] : peers_) {
        if (audience == Network::Audience::Validators && !session->shared.is_validator) continue;
        count += put(*session, channel, message) == Sent::Queued;
    }
    return count;
}

}  // namespace network
