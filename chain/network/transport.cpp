#include "chain/network/transport.hpp"

#include "chain/base/check.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <chrono>
#include <set>

namespace network {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr auto awaited = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t read_bytes = 32 << 10;
// What the kernel holds and has not sent is out of our hands: a vote cannot overtake it.
constexpr int unsent_bytes_max = 64 << 10;
constexpr milliseconds closing_max{500};

SocketAddress from_asio(const tcp::endpoint& endpoint) {
    const auto address = endpoint.address();
    SocketAddress out{.port = endpoint.port()};
    const auto v6 = address.is_v6() ? address.to_v6() : asio::ip::make_address_v6(asio::ip::v4_mapped, address.to_v4());
    out.ip.value = v6.to_bytes();
    return out;
}

tcp::endpoint to_asio(const SocketAddress& address) {
    const asio::ip::address_v6 v6{address.ip.value};
    if (v6.is_v4_mapped()) return {asio::ip::make_address_v4(asio::ip::v4_mapped, v6), address.port};
    return {v6, address.port};
}

/// Cancels what a coroutine waits for when time is up.
template <class Cancel>
class Deadline {
public:
    Deadline(const asio::any_io_executor& executor, milliseconds after, Cancel cancel) : timer_(executor, after) {
        timer_.async_wait([state = state_, cancel](error_code failed) {
            // The handler may be on its way when the deadline is called off.
            if (failed || state->is_over) return;
            state->has_passed = true;
            cancel();
        });
    }
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;
    ~Deadline() { state_->is_over = true; }
    bool has_passed() const { return state_->has_passed; }

private:
    struct State {
        bool is_over = false;
        bool has_passed = false;
    };
    std::shared_ptr<State> state_ = std::make_shared<State>();
    asio::steady_timer timer_;
};

}  // namespace

struct Transport::Impl {
    Impl(TlsContext context, milliseconds connect, milliseconds handshake)
        : tls(context.release()), resolver(io), connect_timeout(connect), handshake_timeout(handshake) {}

    asio::awaitable<void> accept_all();
    asio::awaitable<void> welcome(std::shared_ptr<TcpLink> link);
    asio::awaitable<void> call(PeerAddress to, std::function<void(chain::Result<LinkPointer>)> done);
    asio::awaitable<chain::Result<std::vector<tcp::endpoint>>> resolve(const PeerAddress& to);
    asio::awaitable<void> tick(milliseconds pause, std::function<void()> work);
    void link_ended(TcpLink* link);

    // Above the context: its end destroys coroutines that hold links.
    std::set<TcpLink*> links;
    bool is_finishing = false;
    asio::io_context io{1};
    asio::ssl::context tls;
    tcp::resolver resolver;
    std::optional<tcp::acceptor> acceptor;
    Doorman doorman;
    milliseconds connect_timeout;
    milliseconds handshake_timeout;
};

/// One socket from before its handshake to its end.
class TcpLink : public Link, public std::enable_shared_from_this<TcpLink> {
public:
    TcpLink(Transport::Impl& home, tcp::socket socket) : home_(home), stream_(std::move(socket), home.tls) {
        home_.links.insert(this);
    }
    ~TcpLink() override { home_.link_ended(this); }

    const PeerId& peer() const override { return peer_; }
    const SocketAddress& remote() const override { return remote_; }
    bool is_writing() const override { return is_writing_; }

    tcp::socket& socket() { return stream_.next_layer(); }

    /// The socket is connected: the reason why the handshake failed, or nothing.
    asio::awaitable<std::optional<std::string>> shake_hands(asio::ssl::stream_base::handshake_type role,
                                                            std::optional<PeerId> expected);

    void start(Handlers handlers) override {
        handlers_ = std::move(handlers);
        asio::co_spawn(stream_.get_executor(), read_all(shared_from_this()), asio::detached);
    }

    void write(Bytes bytes) override {
        chain::check(!is_writing_);
        is_writing_ = true;
        outgoing_ = std::move(bytes);
        asio::async_write(stream_, asio::buffer(outgoing_),
                          [self = shared_from_this()](error_code failed, std::size_t) {
                              self->is_writing_ = false;
                              if (failed) return self->fail(failed);
                              if (self->is_closing_) return self->finish_writing();
                              if (self->handlers_.written) self->handlers_.written();
                          });
    }

    void close(Bytes last) override {
        handlers_ = {};
        if (is_closing_) return;
        is_closing_ = true;
        last_ = std::move(last);
        wake_.cancel();
        closing_.expires_after(closing_max);
        closing_.async_wait([self = shared_from_this()](error_code) { self->drop(); });
        if (!is_writing_) finish_writing();
    }

    /// At once.
    void drop() {
        error_code ignored;
        socket().close(ignored);
        wake_.cancel();
        closing_.cancel();
    }

private:
    static asio::awaitable<void> read_all(std::shared_ptr<TcpLink> self);

    std::uint64_t hand_over(ByteView bytes) {
        // A copy, for the handler may close the link, which clears the handlers.
        const auto received = handlers_.received;
        return received ? received(bytes) : 0;
    }

    /// The last words, then the end of our side. What the other side says from here on is read and thrown away, because
    /// closing with unread bytes would take back what is on its way.
    void finish_writing() {
        if (!last_.empty()) return write(std::exchange(last_, {}));
        error_code ignored;
        socket().shutdown(tcp::socket::shutdown_send, ignored);
    }

    void fail(const error_code& why) {
        const auto closed = std::exchange(handlers_, {}).closed;
        drop();
        if (closed) closed(why == asio::error::eof ? "the other side closed the connection" : why.message());
    }

    Transport::Impl& home_;
    asio::ssl::stream<tcp::socket> stream_;
    asio::steady_timer wake_{stream_.get_executor()};
    asio::steady_timer closing_{stream_.get_executor()};
    PeerId peer_;
    SocketAddress remote_;
    Handlers handlers_;
    Bytes incoming_;
    Bytes outgoing_;
    Bytes last_;
    bool is_writing_ = false;
    bool is_closing_ = false;
};

asio::awaitable<std::optional<std::string>> TcpLink::shake_hands(asio::ssl::stream_base::handshake_type role,
                                                                 std::optional<PeerId> expected) {
    error_code ignored;
    remote_ = from_asio(socket().remote_endpoint(ignored));
    socket().set_option(tcp::no_delay{true}, ignored);
    // After a cut the kernel tries again soon, not after twice the time that the cut took.
    const int yes = 1;
    ::setsockopt(socket().native_handle(), IPPROTO_TCP, TCP_THIN_LINEAR_TIMEOUTS, &yes, sizeof yes);
    ::setsockopt(socket().native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent_bytes_max, sizeof unsent_bytes_max);
    const Deadline deadline{stream_.get_executor(), home_.handshake_timeout, [this] { drop(); }};
    const auto [failed] = co_await stream_.async_handshake(role, awaited);
    if (deadline.has_passed()) co_return "the TLS handshake took too long";
    if (failed) co_return "the TLS handshake failed: " + failed.message();
    const auto proven = proven_peer(stream_.native_handle());
    if (!proven) co_return "the other side speaks another protocol";
    peer_ = *proven;
    if (expected && *expected != peer_) co_return "another key answered: " + to_text(peer_);
    co_return std::nullopt;
}

asio::awaitable<void> TcpLink::read_all(std::shared_ptr<TcpLink> self) {
    self->incoming_.resize(read_bytes);
    for (;;) {
        const auto [failed, count] = co_await self->stream_.async_read_some(asio::buffer(self->incoming_), awaited);
        if (failed) {
            self->fail(failed);
            co_return;
        }
        std::uint64_t pause_ms = self->hand_over(ByteView{self->incoming_}.first(count));
        while (pause_ms > 0 && !self->is_closing_) {
            self->wake_.expires_after(milliseconds{pause_ms});
            co_await self->wake_.async_wait(awaited);
            pause_ms = self->hand_over({});
        }
    }
}

void Transport::Impl::link_ended(TcpLink* link) {
    links.erase(link);
    if (is_finishing && links.empty()) io.stop();
}

asio::awaitable<void> Transport::Impl::welcome(std::shared_ptr<TcpLink> link) {
    const auto refused = co_await link->shake_hands(asio::ssl::stream_base::server, std::nullopt);
    if (!refused) {
        doorman.arrived(link->remote(), LinkPointer{link});
        co_return;
    }
    link->drop();
    doorman.arrived(link->remote(), chain::fault(*refused));
}

asio::awaitable<void> Transport::Impl::accept_all() {
    while (acceptor->is_open()) {
        tcp::socket socket{io};
        const auto [failed] = co_await acceptor->async_accept(socket, awaited);
        if (failed == asio::error::operation_aborted || failed == asio::error::bad_descriptor) co_return;
        if (failed) {
            // Out of file descriptors, most likely: whoever waits is still there in a moment.
            asio::steady_timer pause{io, milliseconds{100}};
            co_await pause.async_wait(awaited);
            continue;
        }
        error_code gone;
        const auto remote = socket.remote_endpoint(gone);
        if (gone || !doorman.admits(from_asio(remote))) continue;
        asio::co_spawn(io, welcome(std::make_shared<TcpLink>(*this, std::move(socket))), asio::detached);
    }
}

asio::awaitable<chain::Result<std::vector<tcp::endpoint>>> Transport::Impl::resolve(const PeerAddress& to) {
    if (const auto ip = ip_from_text(to.host)) co_return std::vector{to_asio({*ip, to.port})};
    const std::string port = std::to_string(to.port);
    const auto [failed, found] = co_await resolver.async_resolve(to.host, port, awaited);
    if (failed) co_return chain::fault(to.host + ": " + failed.message());
    std::vector<tcp::endpoint> out;
    for (const auto& entry : found) out.push_back(entry.endpoint());
    co_return out;
}

asio::awaitable<void> Transport::Impl::call(PeerAddress to, std::function<void(chain::Result<LinkPointer>)> done) {
    const auto endpoints = co_await resolve(to);
    if (!endpoints) {
        done(std::unexpected{endpoints.error()});
        co_return;
    }
    std::string reason = "the name has no address";
    for (const tcp::endpoint& endpoint : *endpoints) {
        if (is_finishing) co_return;
        const auto link = std::make_shared<TcpLink>(*this, tcp::socket{io});
        {
            const Deadline deadline{io.get_executor(), connect_timeout, [&link] { link->drop(); }};
            const auto [failed] = co_await link->socket().async_connect(endpoint, awaited);
            if (failed) {
                reason = deadline.has_passed() ? "nobody answers" : failed.message();
                continue;
            }
        }
        const auto refused = co_await link->shake_hands(asio::ssl::stream_base::client, to.peer);
        if (!refused) {
            done(LinkPointer{link});
            co_return;
        }
        reason = *refused;
        link->drop();
    }
    done(chain::fault(reason));
}

asio::awaitable<void> Transport::Impl::tick(milliseconds pause, std::function<void()> work) {
    asio::steady_timer timer{io};
    while (!is_finishing) {
        timer.expires_after(pause);
        co_await timer.async_wait(awaited);
        if (!is_finishing) work();
    }
}

Transport::Transport(TlsContext tls, std::uint32_t connect_timeout_ms, std::uint32_t handshake_timeout_ms)
    : impl_(std::make_unique<Impl>(std::move(tls), milliseconds{connect_timeout_ms},
                                   milliseconds{handshake_timeout_ms})) {}

Transport::~Transport() = default;

chain::Result<std::uint16_t> Transport::listen(const SocketAddress& address, Doorman doorman) {
    const tcp::endpoint endpoint = to_asio(address);
    error_code failed;
    tcp::acceptor acceptor{impl_->io};
    acceptor.open(endpoint.protocol(), failed);
    if (!failed) acceptor.set_option(tcp::acceptor::reuse_address{true}, failed);
    if (!failed) acceptor.bind(endpoint, failed);
    if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
    if (failed) return chain::fault("cannot listen for peers on " + to_text(address) + ": " + failed.message());
    const std::uint16_t port = acceptor.local_endpoint().port();
    impl_->acceptor.emplace(std::move(acceptor));
    impl_->doorman = std::move(doorman);
    asio::co_spawn(impl_->io, impl_->accept_all(), asio::detached);
    return port;
}

void Transport::dial(const PeerAddress& to, std::function<void(chain::Result<LinkPointer>)> done) {
    asio::co_spawn(impl_->io, impl_->call(to, std::move(done)), asio::detached);
}

void Transport::every(std::uint32_t ms, std::function<void()> work) {
    asio::co_spawn(impl_->io, impl_->tick(milliseconds{ms}, std::move(work)), asio::detached);
}

void Transport::post(std::function<void()> work) { asio::post(impl_->io, std::move(work)); }

void Transport::run() {
    const auto keep = asio::make_work_guard(impl_->io);
    impl_->io.run();
}

void Transport::finish() {
    impl_->is_finishing = true;
    error_code ignored;
    if (impl_->acceptor) impl_->acceptor->close(ignored);
    impl_->resolver.cancel();
    if (impl_->links.empty()) return impl_->io.stop();
    const auto open = impl_->links;
    for (TcpLink* link : open) link->close({});
    // Links that do not end by themselves within their half second do not hold up the end.
    const auto last = std::make_shared<asio::steady_timer>(impl_->io, 2 * closing_max);
    last->async_wait([this, last](error_code) { impl_->io.stop(); });
}

}  // namespace network
