#pragma once
// One client of the server, from its first byte to its last. Internal to rpc/server: server.cpp accepts, this serves.

#include "rpc/server/rate.hpp"
#include "rpc/server/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <list>
#include <mutex>

namespace rpc {

using Socket = boost::asio::generic::stream_protocol::socket;

/// Errors come back as values beside what was read or written.
inline constexpr auto awaited = boost::asio::as_tuple(boost::asio::use_awaitable);

/// An open connection, for Server::stop.
class Connection {
public:
    virtual ~Connection() = default;
    /// Says good-bye and closes. From any thread.
    virtual void shut_down() = 0;
};

/// What the connections of one server share.
struct Hall {
    Hall(ServerConfig server_config, const MethodTable& table)
        : config(std::move(server_config)),
          methods(table),
          rate(config.limits.calls_per_second, config.limits.calls_burst) {}

    ServerConfig config;
    const MethodTable& methods;
    RateLimiter rate;

    // Guards what follows: connections come and go on every thread.
    std::mutex mutex;
    std::list<std::weak_ptr<Connection>> open;
    /// Whoever enters from now on is shown out.
    bool is_closing = false;
};

struct Caller {
    /// The peer's IP address; "local" on the Unix socket.
    std::string address;
    Access access = Access::Public;
};

/// Serves one client until it leaves; runs on the socket's own strand.
boost::asio::awaitable<void> serve(std::shared_ptr<Hall> hall, Socket socket, Caller caller);

}  // namespace rpc
