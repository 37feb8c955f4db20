#pragma once
// A WebSocket to a node for whole texts: one message out, one in. A load generator must not spend its time in JSON.

#include "chain/base/result.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace load {

class Socket {
public:
    /// "ws://HOST:PORT".
    static chain::Result<Socket> connect(std::string_view url);
    Socket(Socket&&) noexcept;
    Socket& operator=(Socket&&) noexcept;
    ~Socket();

    /// The next message after this one was sent. Fault: the node closed the connection.
    chain::Result<std::string> exchange(std::string_view text);

private:
    struct Impl;
    explicit Socket(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace load
