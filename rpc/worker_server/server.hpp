#pragma once
// The node's side of node.proto: each registered machine's worker follows the finalized chain on one stream and hands
// in its extrinsics.
//
// A stream pulls: the next block is read from the ledger when the one before has been written, so a slow worker costs
// no memory, and one that is too far behind skips to a snapshot of the newest block. TLS keys are checked against the
// chain with every block.

#include "chain/base/result.hpp"
#include "chain/ledger/ledger.hpp"
#include "rpc/worker_api/limits.hpp"
#include "rpc/worker_api/tls.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace rpc::worker_server {

struct Config {
    std::string listen = "0.0.0.0:9950";    // port 0: the kernel chooses
    std::uint32_t streams_max = 4'096;      // workers at one time; beyond, new ones are told to come back
    std::uint32_t blocks_behind_max = 256;  // a stream that is further behind skips to a snapshot
    worker_api::KeepAlive keep_alive = {};  // a worker that vanished is let go after at most the sum of the two
};

/// What the workers' streams cost now.
struct Load {
    std::size_t streams = 0;
    std::size_t answers_waiting = 0;       // all streams together; at most submits_in_flight_max each, and a Welcome
    std::uint32_t blocks_behind_most = 0;  // of the stream that has read the least of the finalized chain
};

class Server {
public:
    /// Ledger and identity must outlive it. Workers pin the identity's key.
    Server(Config config, ledger::Ledger& ledger, const worker_api::Identity& identity);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Returns once the port listens.
    chain::Result<void> start();
    /// Ends every stream.
    void stop();
    std::uint16_t port() const;
    Load load() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Reads or makes the node's identity in `folder`/worker_key and writes its public half to `folder`/worker_key.pub, for
/// workers on the same host and for people to copy.
chain::Result<worker_api::Identity> node_identity(const std::filesystem::path& folder);

}  // namespace rpc::worker_server
