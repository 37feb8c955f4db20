#pragma once
// The worker's line to the chain: finalized blocks in, the machine's calls out. It reconnects by itself, resumes where
// it stopped, and hands over decoded records. Everything it tells is finalized.

#include "chain/crypto/signature.hpp"
#include "gpu-worker/link/news.hpp"
#include "gpu-worker/link/outbox.hpp"
#include "rpc/worker_api/node_client.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace worker {

struct LinkConfig {
    rpc::worker_api::NodeAddress node;
    std::string worker_version;
    rpc::worker_api::KeepAlive keep_alive = {};
    std::uint64_t reconnect_first_ms = 250;    // pause after a line broke, doubled each time …
    std::uint64_t reconnect_most_ms = 10'000;  // … up to this
};

/// Called from the link's one thread, one after the other.
struct LinkHandler {
    std::function<void(const BlockNews&)> on_block;
    std::function<void(const Settled&)> on_settled;
    /// For logs: the line came up, broke, or is refused.
    std::function<void(const std::string&)> on_line;
};

class Link {
public:
    /// `identity` proves the machine's tls_key; `key` signs its calls.
    Link(LinkConfig config, const rpc::worker_api::Identity& identity, crypto::SecretKey key, LinkHandler handler);
    ~Link();
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    void start();
    /// Returns once no handler runs any more. Calls that were not sent are lost: the chain's state asks for them again.
    void stop();

    /// See Outbox. From any thread.
    void want(std::string key, chain::Bytes call);
    void withdraw(const std::string& key);
    /// A line for the node's operator about a lease.
    void report(leases::LeaseId lease, const std::string& text);
    bool is_up() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace worker
