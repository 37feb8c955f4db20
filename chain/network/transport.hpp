#pragma once
// Encrypted connections and timers on one thread: the only page of this folder with sockets. Knows bytes and whose they
// are, nothing of frames or peers. Everything but post() is for the thread that runs run(), or for before it runs.

#include "chain/base/result.hpp"
#include "chain/network/address.hpp"
#include "chain/network/tls.hpp"

#include <functional>
#include <memory>
#include <string>

namespace network {

/// A connection whose handshake proved the peer.
class Link {
public:
    struct Handlers {
        /// Bytes came. How many milliseconds to wait before more are read; after the wait it is called with no bytes,
        /// until it says 0.
        std::function<std::uint64_t(ByteView)> received;
        /// What write() took is with the kernel.
        std::function<void()> written;
        /// It is over, by the other side or by a failure. The last call.
        std::function<void(std::string reason)> closed;
    };
    virtual ~Link() = default;

    virtual const PeerId& peer() const = 0;
    virtual const SocketAddress& remote() const = 0;

    /// Begins to read.
    virtual void start(Handlers handlers) = 0;
    /// Only while nothing is being written.
    virtual void write(Bytes bytes) = 0;
    virtual bool is_writing() const = 0;
    /// Ends it once what is being written and these bytes are out, or after half a second. No handler is called from
    /// here on.
    virtual void close(Bytes last = {}) = 0;
};
using LinkPointer = std::shared_ptr<Link>;

struct Doorman {
    /// Whether a handshake with this address may begin.
    std::function<bool(const SocketAddress&)> admits;
    /// The end of each handshake that was admitted.
    std::function<void(const SocketAddress&, chain::Result<LinkPointer>)> arrived;
};

class TcpLink;

class Transport {
public:
    Transport(TlsContext tls, std::uint32_t connect_timeout_ms, std::uint32_t handshake_timeout_ms);
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;
    ~Transport();

    /// Fault: the port cannot be opened. The port that was.
    chain::Result<std::uint16_t> listen(const SocketAddress& address, Doorman doorman);
    /// Tries the addresses of the host, which may be a name, in turn. Fault: nobody answered, another key than the
    /// address names answered, or the handshake failed.
    void dial(const PeerAddress& to, std::function<void(chain::Result<LinkPointer>)> done);

    void every(std::uint32_t ms, std::function<void()> work);
    /// From any thread.
    void post(std::function<void()> work);

    /// Until finish() was called and all links are closed.
    void run();
    /// Closes every link and the port. Takes at most a second.
    void finish();

private:
    friend class TcpLink;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace network
