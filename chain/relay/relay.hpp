#pragma once
// Transactions between the pool and the peers: one that enters here is forwarded whole to the next leaders and
// announced to others by its hash; one that a peer brings is checked, pooled and announced on. What gossip decides is
// pure (network/gossip.hpp); this gives it the clock, the pool and a thread.

#include "chain/base/bound.hpp"
#include "chain/ledger/ledger.hpp"
#include "chain/network/network.hpp"

#include <functional>
#include <memory>

namespace relay {

using chain::Hash;

struct Config {
    /// For the choice of peers. Any number.
    std::uint64_t seed = 0;
    /// Peers' messages that wait for the relay's thread; beyond, they are dropped and announced again by others.
    std::size_t inbox_bytes_max = 16 << 20;
    /// Transactions of a leader's visit, and of those that did not enter here; the rest finds him by announcement.
    std::size_t forwarded_max = 1'024;
    std::size_t forwarded_of_others_max = 64;
    /// What entered here and still waits after so long is sent again, so many a visit, all in turn.
    std::uint64_t again_after_ms = 1'000;
    std::size_t again_max = 256;
};

/// Where messages go: Network::send on the channel Transactions.
using Send = std::function<void(const network::PeerId&, chain::Bytes)>;
/// The peers who get transactions whole: the next leaders, or more. From any thread.
using NextLeaders = std::function<std::vector<network::PeerId>()>;
/// What a peer did that costs it.
using Report = std::function<void(const network::PeerId&, network::Conduct)>;

struct Ports {
    Send send;
    NextLeaders next_leaders;
    Report report;
};

class Relay {
public:
    /// The ledger must outlive the relay, and so must what the ports refer to.
    Relay(ledger::Ledger& ledger, Ports ports, Config config = {});
    /// Finishes the transaction at hand.
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    // From any thread, never waiting:

    void peer_up(const network::PeerId& peer);
    void peer_down(const network::PeerId& peer);
    /// A message of the channel Transactions.
    void receive(const network::PeerId& from, chain::Bytes message);
    /// Which ready transactions go to a leader: all of them where he idles; those that entered here and have waited for
    /// long before each of his views. The latter is what heals lost messages and nonces that came in another order.
    enum class What : std::uint8_t { Everything, Own };
    void forward(const network::PeerId& leader, What what);

    struct Counts {
        std::uint64_t received = 0;  ///< transactions that peers delivered
        std::uint64_t refused = 0;   ///< of these, what the pool did not take
        std::uint64_t dropped = 0;   ///< messages beyond inbox_bytes_max
    };
    Counts counts() const;
    chain::Bounds bounds() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace relay
