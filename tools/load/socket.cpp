// Sees Beast: slow to compile, rarely touched.
#include "tools/load/socket.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/url/parse.hpp>
#include <fmt/format.h>

namespace load {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

struct Socket::Impl {
    asio::io_context io;
    beast::websocket::stream<tcp::socket> stream{io};
    beast::flat_buffer buffer;
};

Socket::Socket(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Socket::Socket(Socket&&) noexcept = default;
Socket& Socket::operator=(Socket&&) noexcept = default;
Socket::~Socket() = default;

chain::Result<Socket> Socket::connect(std::string_view url) {
    const auto refuse = [&](std::string_view why) {
        return chain::fault(fmt::format("cannot connect to {}: {}", url, why));
    };
    const auto parsed = boost::urls::parse_uri(url);
    if (!parsed || parsed->scheme() != "ws" || parsed->host().empty()) return refuse("expected ws://HOST:PORT");
    const std::string port{parsed->port()};
    auto impl = std::make_unique<Impl>();
    error_code failed;
    const auto found = tcp::resolver{impl->io}.resolve(parsed->host_address(), port, failed);
    if (failed) return refuse(failed.message());
    asio::connect(impl->stream.next_layer(), found, failed);
    if (failed) return refuse(failed.message());
    impl->stream.next_layer().set_option(tcp::no_delay{true}, failed);
    impl->stream.handshake(parsed->host_address() + ":" + port, "/", failed);
    if (failed) return refuse(failed.message());
    impl->stream.auto_fragment(false);
    return Socket{std::move(impl)};
}

chain::Result<std::string> Socket::exchange(std::string_view text) {
    error_code failed;
    impl_->stream.write(asio::buffer(text), failed);
    if (!failed) {
        impl_->buffer.clear();
        impl_->stream.read(impl_->buffer, failed);
    }
    if (failed) return chain::fault("the node closed the connection: " + failed.message());
    const auto answer = impl_->buffer.data();
    return std::string{static_cast<const char*>(answer.data()), answer.size()};
}

}  // namespace load
