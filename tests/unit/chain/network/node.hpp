#pragma once
// A node of a network on loopback that writes down what its network tells it.

#include "chain/network/network.hpp"
#include "chain/network/transport.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace tests {

using network::Channel;
using network::PeerId;

struct Heard {
    PeerId from;
    Channel channel{};
    network::Bytes bytes;
};

/// The secret of node number n, the same in every run.
crypto::Ed25519Key::Seed network_seed(std::uint8_t n);
/// The consensus key of validator number n.
crypto::Ed25519Key consensus_key(std::uint8_t n);

/// Listens on a port of loopback that the kernel chose; impatient, so that tests are short.
network::NetworkConfig loopback(std::uint8_t n);
/// The same with a consensus key.
network::NetworkConfig validator(std::uint8_t n);

class Node {
public:
    explicit Node(network::NetworkConfig config);
    ~Node() { stop(); }

    network::Network& operator*() { return *net_; }
    network::Network* operator->() { return net_.get(); }
    network::PeerAddress address() const;
    void stop() { net_->stop(); }

    /// Waits until it holds; false after a minute, which only a failing test takes.
    bool until(const std::function<bool()>& holds);
    bool until_up(const PeerId& peer);
    bool until_down(const PeerId& peer);
    /// Why the peer cannot be reached; waits for the first reason.
    std::string why_missing(std::string_view who);

    std::vector<Heard> heard() const;
    std::vector<Heard> heard(Channel channel) const;
    std::vector<network::PeerInfo> ups() const;
    std::vector<std::string> downs() const;
    std::vector<std::string> greetings() const;
    bool is_up(const PeerId& peer) const;
    bool has_heard_of(const PeerId& peer) const;
    std::size_t rooms() const;

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Heard> heard_;
    std::vector<network::PeerInfo> ups_;
    std::vector<std::string> downs_;
    std::vector<std::string> greetings_;
    std::size_t rooms_ = 0;
    std::unique_ptr<network::Network> net_;
};

/// Speaks TLS and frames, and nothing that the test does not say.
class RawPeer {
public:
    explicit RawPeer(std::uint8_t n);
    ~RawPeer();

    /// Connects; the fault if it cannot.
    chain::Result<void> dial(const network::PeerAddress& to);
    PeerId id() const { return id_; }
    /// Hello and welcome, as any node says them; returns once the other side has said both.
    bool greet(const chain::Hash& genesis, network::Bytes record = {});
    void send(network::Bytes bytes);
    void send(Channel channel, const network::Bytes& message);
    /// Does not read from here on.
    void stop_reading() { is_deaf_ = true; }
    /// Waits for the reason with which the other side says good-bye or closes.
    std::string farewell();

private:
    bool until(const std::function<bool()>& holds);

    PeerId id_;
    std::unique_ptr<network::Transport> transport_;
    std::thread thread_;
    std::mutex mutex_;
    std::condition_variable changed_;
    network::LinkPointer link_;
    std::vector<network::Bytes> outgoing_;
    std::size_t controls_ = 0;
    std::string farewell_;
    std::atomic<bool> is_deaf_ = false;
};

}  // namespace tests
