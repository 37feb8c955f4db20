#pragma once
// Block sync as a running thing: the machine of chain/sync on a thread of its own, between the peers and the ledger. It
// also answers the peers that lack blocks.
//
//   sync's thread    the machine; answers peers; asks them where they stand, every two seconds
//   storing thread   executes and stores what was proved, block by block, so that agreement can go on between them

#include "chain/base/bound.hpp"
#include "chain/ledger/ledger.hpp"
#include "chain/network/channel.hpp"
#include "chain/network/peer.hpp"
#include "chain/network/score.hpp"
#include "chain/sync/sync.hpp"
#include "consensus/types/tip.hpp"

#include <functional>
#include <memory>

namespace node {

struct BlockSyncPorts {
    std::function<void(const network::PeerId&, network::Channel, chain::Bytes)> send;
    std::function<void(const network::PeerId&, network::Conduct)> report;
    /// This block, final by a certificate of this view, is stored, and so are its ancestors.
    std::function<void(const consensus::Tip&)> stored;
    /// The disk failed, or a final block is bad here: the node must stop.
    std::function<void(const chain::Fault&)> fault;
};

class BlockSyncRunner {
public:
    /// Questions of peers that may wait; beyond, they are dropped and asked again.
    static constexpr std::size_t questions_max = 256;
    static constexpr std::uint64_t poll_ms = 2'000;

    /// The ledger must outlive this. Ports are called from the threads above, without a lock.
    BlockSyncRunner(ledger::Ledger& ledger, BlockSyncPorts ports, block_sync::Limits limits = {});
    ~BlockSyncRunner();
    BlockSyncRunner(const BlockSyncRunner&) = delete;
    BlockSyncRunner& operator=(const BlockSyncRunner&) = delete;

    void start();
    /// Returns when both threads have ended. Not from a port.
    void stop();

    // From any thread, never waiting:

    void peer_up(const network::PeerId& peer);
    void peer_down(const network::PeerId& peer);
    /// A message of the channels SyncRequest or SyncResponse.
    void receive(const network::PeerId& peer, network::Channel channel, chain::Bytes message);
    /// Agreement knows of a final block that is not here.
    void wanted();

    /// For metrics and the log.
    block_sync::Report report() const;
    chain::Bounds bounds() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace node
