#pragma once
// JSON-RPC 2.0 over HTTP (POST) and WebSocket on one TCP port, and on a Unix socket for the machine's own tools, where
// Access::Local methods answer too. Knows the methods only as a table.
//
// Every bound below has a test that goes over it. What a client sees when it does: HTTP status 413, 415, 403, 429, or a
// JSON-RPC error, or a WebSocket close frame with a reason; never silence.

#include "chain/base/bound.hpp"
#include "chain/base/ports.hpp"
#include "rpc/schema/session.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace rpc {

struct ServerLimits {
    SessionLimits session;
    /// Open at once over all clients; beyond: the newest is closed.
    std::size_t connections_max = 1'000;
    /// Body of a POST, or one WebSocket message.
    std::size_t request_bytes_max = 4u << 20;
    /// Notifications that wait for a client to read; beyond: it is closed as a slow reader (1008).
    std::size_t outgoing_bytes_max = 8u << 20;
    std::size_t outgoing_messages_max = 4'096;
    /// Calls of one address: so many a second on average, so many at once. Local clients are not counted.
    std::uint32_t calls_per_second = 1'000;
    std::uint32_t calls_burst = 10'000;
    /// Time for a whole HTTP request or answer, and to wait for the next request of a kept connection.
    std::uint32_t http_timeout_ms = 30'000;
    /// A WebSocket that answers no ping for so long is closed.
    std::uint32_t websocket_idle_ms = 60'000;
    /// How long a closed client may take to read the reason.
    std::uint32_t close_grace_ms = 2'000;
};

struct ServerConfig {
    /// An IP address of this machine; "0.0.0.0" and "::" mean all.
    std::string address = "127.0.0.1";
    /// 0 lets the kernel choose; Server::port says what.
    std::uint16_t port = chain::ports::rpc;
    /// Path of the Unix socket; empty for none. The file is readable by its owner only.
    std::string local_socket;
    /// Web pages that may call: "https://polkadot.js.org", "http://localhost:*" (any port), or "*" for all.
    std::vector<std::string> origins{"http://localhost:*", "http://127.0.0.1:*", "https://localhost:*",
                                     "https://127.0.0.1:*", "https://polkadot.js.org"};
    /// Names that may stand in a request's Host header beside IP addresses and "localhost"; "*" for all. A foreign
    /// name there means that a web page has pointed its own name at this node (DNS rebinding).
    std::vector<std::string> hosts;
    unsigned threads = 2;
    ServerLimits limits;
};

class Server {
public:
    /// The table must outlive the server.
    Server(ServerConfig config, const MethodTable& methods);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Returns once the port listens. The fault says which address is taken or may not be used.
    chain::Result<void> start();
    /// Tells every client and returns once all are gone.
    void stop();

    /// The TCP port that it listens on.
    std::uint16_t port() const;
    /// Open connections.
    std::size_t connections() const;
    chain::Bounds bounds() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace rpc
