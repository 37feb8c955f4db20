#pragma once
// The worker's half of node.proto: plain values, no gRPC in sight. Fields are explained in node.proto.

#include "chain/base/bytes.hpp"
#include "chain/base/result.hpp"
#include "rpc/worker_api/limits.hpp"
#include "rpc/worker_api/tls.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace rpc::worker_api {

using AccountBytes = std::array<std::uint8_t, 20>;

struct ChainFacts {
    chain::Hash genesis;
    std::uint32_t spec_version = 0;
    std::uint32_t transaction_version = 0;
    std::uint32_t finalized_number = 0;
    chain::Hash finalized_hash;
    std::uint32_t registration_counter = 0;
};

struct Welcome {
    chain::Hash genesis;
    std::uint32_t spec_version = 0;
    std::uint32_t transaction_version = 0;
    std::uint32_t next_nonce = 0;
    AccountBytes machine{};
};

struct LeaseUpdate {
    std::uint64_t id = 0;
    chain::Bytes record;                   // SCALE leases::Lease
    std::optional<chain::Bytes> workload;  // SCALE leases::Workload
};

struct Fate {
    chain::Hash extrinsic_hash;
    bool success = false;
    std::string error;
};

struct Finalized {
    std::uint32_t number = 0;
    chain::Hash hash;
    chain::Hash parent_hash;
    std::uint64_t timestamp_ms = 0;
    std::uint64_t live_now_ms = 0;
    bool snapshot = false;
    std::optional<chain::Bytes> machine;  // SCALE machines::Machine, where it, the probe or the interval changed
    std::optional<chain::Bytes> probe;    // SCALE machines::Probe; read it only with `machine`
    std::uint64_t heartbeat_interval_ms = 0;
    std::vector<LeaseUpdate> leases;
    std::vector<std::uint64_t> gone;
    std::vector<chain::Bytes> events;
    std::vector<Fate> fates;
    std::uint32_t next_nonce = 0;
};

struct Submitted {
    std::uint64_t id = 0;
    std::optional<chain::Hash> extrinsic_hash;  // nothing: refused
    std::int32_t code = 0;
    std::string refusal;
    std::uint32_t next_nonce = 0;
};

using Incoming = std::variant<Welcome, Finalized, Submitted>;

/// Why a line ended, as far as the worker acts differently on it.
enum class LineEnd : std::uint8_t {
    Lost,           // network, restart of the node: connect again
    NotRegistered,  // the chain knows no such machine (yet)
    WrongKey,       // our TLS key is not the machine's, or the node is not the pinned one
    Displaced,      // another worker of this machine has connected
};

struct LineFault {
    LineEnd kind = LineEnd::Lost;
    std::string text;
};

/// Where a node listens, and the key it must prove.
struct NodeAddress {
    std::string endpoint;  // "host:port"
    TlsKey key;
};

/// Asks what a registration needs to know. `owner` selects whose counter is told.
Result<ChainFacts> ask_chain(const NodeAddress& node, const Identity& own, const std::optional<AccountBytes>& owner);

/// One open line to a node. `next` is called by one thread; the others from any.
/// Back-pressure: what `next` has not taken fills gRPC's window, and the node then waits.
class NodeLine {
public:
    struct Hello {
        AccountBytes machine{};
        std::uint32_t from_number = 0;
        std::string worker_version;
    };

    /// Returns at once; the first `next` connects, and refusals come from it.
    NodeLine(const NodeAddress& node, const Identity& own, const Hello& hello, const KeepAlive& keep_alive = {});
    ~NodeLine();
    NodeLine(const NodeLine&) = delete;
    NodeLine& operator=(const NodeLine&) = delete;

    /// Waits for the next message.
    Result<Incoming, LineFault> next();
    /// False: the line has ended, and `next` says why.
    [[nodiscard]] bool submit(std::uint64_t id, const chain::Bytes& extrinsic);
    [[nodiscard]] bool report(std::uint64_t lease, const std::string& text);
    /// Makes `next` return, also while it waits.
    void close();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace rpc::worker_api
