#include "tests/delay_proxy/proxy.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <deque>
#include <list>
#include <random>

namespace delay_proxy {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr auto awaited = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t read_bytes = 64 << 10;
// A gigabit for a fifth of a second, and more than any window that TCP opens by itself.
constexpr std::size_t under_way_bytes_max = 24 << 20;

/// Bytes of one direction on their way. An empty piece is the end.
struct Line {
    struct Piece {
        Clock::time_point due;
        std::vector<std::uint8_t> bytes;
    };
    explicit Line(asio::io_context& io) : changed(io, Clock::time_point::max()) {}

    std::deque<Piece> pieces;
    std::size_t bytes = 0;
    /// Never expires; cancelled whenever the line changes.
    asio::steady_timer changed;
};

struct Connection {
    Connection(asio::io_context& io, tcp::socket arrived, const Link& place)
        : near(std::move(arrived)), far(io), there(io), back(io), link(place) {}

    void end() {
        error_code ignored;
        near.close(ignored);
        far.close(ignored);
        there.changed.cancel();
        back.changed.cancel();
    }

    tcp::socket near;
    tcp::socket far;
    Line there;
    Line back;
    Link link;
};
using ConnectionPointer = std::shared_ptr<Connection>;

asio::awaitable<void> wait_for_change(Line& line) {
    line.changed.expires_at(Clock::time_point::max());
    co_await line.changed.async_wait(awaited);
}

}  // namespace

struct Proxy::Impl {
    asio::awaitable<void> accept_all(tcp::acceptor& acceptor, Link link);
    asio::awaitable<void> serve(ConnectionPointer connection);
    asio::awaitable<void> take(ConnectionPointer connection, tcp::socket& from, Line& line);
    asio::awaitable<void> give(ConnectionPointer connection, Line& line, tcp::socket& to);

    asio::io_context io{1};
    std::list<tcp::acceptor> acceptors;
    // The same jitter in every run: a test that fails should fail again.
    std::minstd_rand random{1};
};

asio::awaitable<void> Proxy::Impl::take(ConnectionPointer connection, tcp::socket& from, Line& line) {
    const Link& link = connection->link;
    Clock::time_point last{};
    for (;;) {
        while (line.bytes >= under_way_bytes_max && from.is_open()) co_await wait_for_change(line);
        std::vector<std::uint8_t> bytes(read_bytes);
        const auto [failed, count] = co_await from.async_read_some(asio::buffer(bytes), awaited);
        if (failed && failed != asio::error::eof) co_return connection->end();
        bytes.resize(count);
        bytes.shrink_to_fit();
        const std::uint32_t jitter_us = link.jitter_us == 0 ? 0 : static_cast<std::uint32_t>(random() % link.jitter_us);
        last = std::max(last, Clock::now() + std::chrono::microseconds{link.delay_us + jitter_us});
        line.bytes += count;
        line.pieces.push_back({last, std::move(bytes)});
        line.changed.cancel();
        if (failed) co_return;
    }
}

asio::awaitable<void> Proxy::Impl::give(ConnectionPointer connection, Line& line, tcp::socket& to) {
    asio::steady_timer timer{io};
    while (to.is_open()) {
        if (line.pieces.empty()) {
            co_await wait_for_change(line);
            continue;
        }
        timer.expires_at(line.pieces.front().due);
        co_await timer.async_wait(awaited);
        const Line::Piece piece = std::move(line.pieces.front());
        line.pieces.pop_front();
        line.bytes -= piece.bytes.size();
        line.changed.cancel();
        if (piece.bytes.empty()) {
            error_code ignored;
            to.shutdown(tcp::socket::shutdown_send, ignored);
            co_return;
        }
        const auto [failed, count] = co_await asio::async_write(to, asio::buffer(piece.bytes), awaited);
        if (failed) co_return connection->end();
    }
}

asio::awaitable<void> Proxy::Impl::serve(ConnectionPointer connection) {
    const tcp::endpoint target{asio::ip::address_v4::loopback(), connection->link.target_port};
    const auto [failed] = co_await connection->far.async_connect(target, awaited);
    if (failed) co_return connection->end();
    error_code ignored;
    connection->near.set_option(tcp::no_delay{true}, ignored);
    connection->far.set_option(tcp::no_delay{true}, ignored);
    asio::co_spawn(io, take(connection, connection->near, connection->there), asio::detached);
    asio::co_spawn(io, give(connection, connection->there, connection->far), asio::detached);
    asio::co_spawn(io, take(connection, connection->far, connection->back), asio::detached);
    asio::co_spawn(io, give(connection, connection->back, connection->near), asio::detached);
}

asio::awaitable<void> Proxy::Impl::accept_all(tcp::acceptor& acceptor, Link link) {
    for (;;) {
        tcp::socket socket{io};
        const auto [failed] = co_await acceptor.async_accept(socket, awaited);
        if (failed == asio::error::operation_aborted) co_return;
        if (failed) {
            asio::steady_timer pause{io, std::chrono::milliseconds{100}};
            co_await pause.async_wait(awaited);
            continue;
        }
        asio::co_spawn(io, serve(std::make_shared<Connection>(io, std::move(socket), link)), asio::detached);
    }
}

Proxy::Proxy() : impl_(std::make_unique<Impl>()) {}

Proxy::~Proxy() = default;

chain::Result<std::uint16_t> Proxy::add(const Link& link) {
    error_code failed;
    tcp::acceptor acceptor{impl_->io};
    const tcp::endpoint endpoint{asio::ip::address_v4::loopback(), link.listen_port};
    acceptor.open(endpoint.protocol(), failed);
    if (!failed) acceptor.set_option(tcp::acceptor::reuse_address{true}, failed);
    if (!failed) acceptor.bind(endpoint, failed);
    if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
    if (failed) return chain::fault("port " + std::to_string(link.listen_port) + ": " + failed.message());
    const std::uint16_t port = acceptor.local_endpoint().port();
    impl_->acceptors.push_back(std::move(acceptor));
    asio::co_spawn(impl_->io, impl_->accept_all(impl_->acceptors.back(), link), asio::detached);
    return port;
}

void Proxy::run() { impl_->io.run(); }

void Proxy::stop() { impl_->io.stop(); }

}  // namespace delay_proxy
