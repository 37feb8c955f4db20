#include "tests/unit/chain/network/node.hpp"

#include "chain/base/check.hpp"
#include "chain/network/control.hpp"
#include "chain/network/frame.hpp"

#include <algorithm>
#include <chrono>

namespace tests {

namespace {

constexpr std::chrono::minutes patience{1};

}  // namespace

crypto::Ed25519Key::Seed network_seed(std::uint8_t n) {
    crypto::Ed25519Key::Seed seed{};
    seed[0] = n;
    return seed;
}

crypto::Ed25519Key consensus_key(std::uint8_t n) {
    crypto::Ed25519Key::Seed seed{};
    seed[0] = n;
    seed[1] = 1;
    return crypto::Ed25519Key::from_seed(seed);
}

network::NetworkConfig loopback(std::uint8_t n) {
    network::NetworkConfig config;
    config.genesis.value[0] = 7;
    config.identity = network_seed(n);
    config.listen = "127.0.0.1:0";
    config.limits.redial_least_ms = 50;
    config.limits.redial_persistent_most_ms = 200;
    config.limits.ping_ms = 200;
    config.limits.yield_ms = 50;
    return config;
}

network::NetworkConfig validator(std::uint8_t n) {
    network::NetworkConfig config = loopback(n);
    config.validator = network::ValidatorIdentity{consensus_key(n).public_key(),
                                                  [n](chain::ByteView bytes) { return consensus_key(n).sign(bytes); }};
    return config;
}

Node::Node(network::NetworkConfig config) {
    const auto note = [this](auto change) {
        const std::scoped_lock lock{mutex_};
        change();
        changed_.notify_all();
    };
    network::NetworkCallbacks callbacks{
        .message = [=, this](
                       const PeerId& from, Channel channel,
                       network::Bytes bytes) { note([&] { heard_.push_back({from, channel, std::move(bytes)}); }); },
        .peer_up =
            [=, this](const network::PeerInfo& info, chain::ByteView greeting) {
                note([&] {
                    ups_.push_back(info);
                    greetings_.emplace_back(chain::as_text(greeting));
                });
            },
        .peer_down = [=, this](const PeerId&, std::string_view reason) { note([&] { downs_.emplace_back(reason); }); },
        .room = [=, this](const PeerId&, Channel) { note([&] { ++rooms_; }); },
        .greeting_for =
            [](const crypto::Ed25519Public& who) { return chain::to_bytes("vote of " + chain::to_hex(who.value)); }};
    net_ = std::make_unique<network::Network>(std::move(config), std::move(callbacks));
    chain::check(net_->start().has_value());
}

network::PeerAddress Node::address() const { return {net_->id(), "127.0.0.1", net_->port()}; }

bool Node::until(const std::function<bool()>& holds) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end) return false;
        // Some conditions change without an event, so it is looked at now and then too.
        std::unique_lock lock{mutex_};
        changed_.wait_for(lock, std::chrono::milliseconds{10});
    }
    return true;
}

bool Node::is_up(const PeerId& peer) const {
    for (const network::PeerStatus& status : net_->peers())
        if (status.info.peer == peer) return true;
    return false;
}

bool Node::has_heard_of(const PeerId& peer) const {
    const auto all = ups();
    return std::ranges::find(all, peer, &network::PeerInfo::peer) != all.end();
}

bool Node::until_up(const PeerId& peer) {
    // The snapshot knows it a moment before the callback tells.
    return until([&] { return is_up(peer) && has_heard_of(peer); });
}

bool Node::until_down(const PeerId& peer) {
    return until([&] { return !is_up(peer) && !downs().empty(); });
}

std::string Node::why_missing(std::string_view who) {
    std::string reason;
    until([&] {
        for (const network::MissingPeer& peer : net_->missing())
            if (peer.who.find(who) != std::string::npos && peer.failures > 0) reason = peer.reason;
        return !reason.empty();
    });
    return reason;
}

std::vector<Heard> Node::heard() const {
    const std::scoped_lock lock{mutex_};
    return heard_;
}

std::vector<Heard> Node::heard(Channel channel) const {
    std::vector<Heard> out = heard();
    std::erase_if(out, [&](const Heard& one) { return one.channel != channel; });
    return out;
}

std::vector<network::PeerInfo> Node::ups() const {
    const std::scoped_lock lock{mutex_};
    return ups_;
}

std::vector<std::string> Node::downs() const {
    const std::scoped_lock lock{mutex_};
    return downs_;
}

std::vector<std::string> Node::greetings() const {
    const std::scoped_lock lock{mutex_};
    return greetings_;
}

std::size_t Node::rooms() const {
    const std::scoped_lock lock{mutex_};
    return rooms_;
}

RawPeer::RawPeer(std::uint8_t n) : id_(network::peer_of_seed(network_seed(n))) {
    auto tls = network::make_tls_context(network_seed(n));
    chain::check(tls.has_value());
    transport_ = std::make_unique<network::Transport>(*std::move(tls), 5'000, 5'000);
    thread_ = std::thread{[this] { transport_->run(); }};
}

RawPeer::~RawPeer() {
    transport_->post([this] {
        if (link_) link_->close();
        transport_->finish();
    });
    thread_.join();
    link_.reset();
}

bool RawPeer::until(const std::function<bool()>& holds) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, patience, holds);
}

chain::Result<void> RawPeer::dial(const network::PeerAddress& to) {
    std::optional<chain::Result<network::LinkPointer>> result;
    transport_->post([&, to] {
        transport_->dial(to, [&](chain::Result<network::LinkPointer> made) {
            const std::scoped_lock lock{mutex_};
            result = std::move(made);
            changed_.notify_all();
        });
    });
    until([&] { return result.has_value(); });
    if (!*result) return std::unexpected{result->error()};
    link_ = **result;
    const auto assembler = std::make_shared<network::Assembler>();
    assembler->open();
    const auto received = [this, assembler](chain::ByteView bytes) -> std::uint64_t {
        while (const auto message = assembler->next(bytes)) {
            const std::scoped_lock lock{mutex_};
            if (message->channel != Channel::Control) continue;
            ++controls_;
            const auto control = network::decode_control(message->content);
            if (control && std::holds_alternative<network::Goodbye>(*control))
                farewell_ = text(std::get<network::Goodbye>(*control));
            changed_.notify_all();
        }
        return is_deaf_ ? 3'600'000 : 0;
    };
    const auto closed = [this](const std::string& reason) {
        const std::scoped_lock lock{mutex_};
        if (farewell_.empty()) farewell_ = reason;
        changed_.notify_all();
    };
    const auto written = [this] {
        if (outgoing_.empty()) return;
        link_->write(std::move(outgoing_.front()));
        outgoing_.erase(outgoing_.begin());
    };
    transport_->post([=, this] { link_->start({received, written, closed}); });
    return {};
}

void RawPeer::send(network::Bytes bytes) {
    transport_->post([this, bytes = std::move(bytes)] {
        outgoing_.push_back(bytes);
        if (link_->is_writing()) return;
        link_->write(std::move(outgoing_.front()));
        outgoing_.erase(outgoing_.begin());
    });
}

void RawPeer::send(Channel channel, const network::Bytes& message) {
    network::Bytes frames;
    chain::ByteView rest{message};
    do {
        const chain::ByteView chunk = rest.first(std::min(rest.size(), network::chunk_bytes_max));
        rest = rest.subspan(chunk.size());
        append_frame(frames, channel, chunk, rest.empty() ? network::More::No : network::More::Follows);
    } while (!rest.empty());
    send(std::move(frames));
}

bool RawPeer::greet(const chain::Hash& genesis, network::Bytes record) {
    network::Hello hello{.genesis = genesis, .instance = 1, .record = std::move(record), .agent = "raw"};
    send(Channel::Control, encode(network::ControlMessage{std::move(hello)}));
    send(Channel::Control, encode(network::ControlMessage{network::Welcome{}}));
    return until([&] { return controls_ >= 2 || !farewell_.empty(); }) && farewell_.empty();
}

std::string RawPeer::farewell() {
    until([&] { return !farewell_.empty(); });
    const std::scoped_lock lock{mutex_};
    return farewell_;
}

}  // namespace tests
