#include "rpc/server/server.hpp"

#include "chain/base/check.hpp"
#include "chain/base/log.hpp"
#include "rpc/server/connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <filesystem>
#include <thread>

namespace rpc {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Local = asio::local::stream_protocol;
using boost::system::error_code;

constexpr chain::log::Channel server_log{"rpc-server"};

std::string address_of(const tcp::socket& socket) {
    error_code failed;
    const auto peer = socket.remote_endpoint(failed);
    return failed ? std::string{"gone"} : peer.address().to_string();
}

void tune(tcp::socket& socket) {
    error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
}
void tune(Local::socket&) {}

}  // namespace

struct Server::Impl {
    Impl(ServerConfig config, const MethodTable& methods) : hall(std::make_shared<Hall>(std::move(config), methods)) {}

    chain::Result<void> listen_tcp();
    chain::Result<void> listen_local();
    template <class Acceptor>
    asio::awaitable<void> accept_all(Acceptor& acceptor);
    std::size_t open_connections() const {
        const std::scoped_lock lock{hall->mutex};
        return hall->open.size();
    }
    void show_everybody_out();

    std::shared_ptr<Hall> hall;
    asio::io_context io;
    // The acceptors live on one strand, so that stop() can close them.
    asio::strand<asio::io_context::executor_type> porter = asio::make_strand(io);
    std::optional<tcp::acceptor> public_door;
    std::optional<Local::acceptor> local_door;
    std::uint16_t port = 0;
    std::vector<std::thread> threads;
};

chain::Result<void> Server::Impl::listen_tcp() {
    const ServerConfig& config = hall->config;
    const auto refuse = [&](std::string_view what, const error_code& why) {
        return chain::fault(
            fmt::format("cannot {} {} port {} for JSON-RPC: {}", what, config.address, config.port, why.message()));
    };
    error_code failed;
    const auto address = asio::ip::make_address(config.address, failed);
    if (failed) return refuse("understand address", failed);
    tcp::acceptor acceptor{porter};
    const tcp::endpoint endpoint{address, config.port};
    if (acceptor.open(endpoint.protocol(), failed)) return refuse("open", failed);
    acceptor.set_option(asio::socket_base::reuse_address{true}, failed);
    if (acceptor.bind(endpoint, failed)) return refuse("listen on", failed);
    if (acceptor.listen(asio::socket_base::max_listen_connections, failed)) return refuse("listen on", failed);
    port = acceptor.local_endpoint(failed).port();
    public_door.emplace(std::move(acceptor));
    return {};
}

chain::Result<void> Server::Impl::listen_local() {
    const std::string& path = hall->config.local_socket;
    const auto refuse = [&](const error_code& why) {
        return chain::fault(fmt::format("cannot listen on the Unix socket {}: {}", path, why.message()));
    };
    // A socket that a killed node left behind; its data folder's lock says that no other node is there.
    std::error_code ignored;
    if (std::filesystem::is_socket(path, ignored)) std::filesystem::remove(path, ignored);
    if (path.size() >= sizeof(sockaddr_un::sun_path))
        return refuse(make_error_code(boost::system::errc::filename_too_long));
    error_code failed;
    Local::acceptor acceptor{porter};
    if (acceptor.open(Local{}, failed)) return refuse(failed);
    // Created for its owner alone, from the first moment on.
    const mode_t before = ::umask(0177);
    acceptor.bind(Local::endpoint{path}, failed);
    ::umask(before);
    if (failed) return refuse(failed);
    if (acceptor.listen(asio::socket_base::max_listen_connections, failed)) return refuse(failed);
    local_door.emplace(std::move(acceptor));
    return {};
}

template <class Acceptor>
asio::awaitable<void> Server::Impl::accept_all(Acceptor& acceptor) {
    using Arrived = typename Acceptor::protocol_type::socket;
    constexpr bool is_local = std::is_same_v<typename Acceptor::protocol_type, Local>;
    while (acceptor.is_open()) {
        // Each connection lives on a strand of its own.
        Arrived socket{asio::make_strand(io)};
        const auto [failed] = co_await acceptor.async_accept(socket, awaited);
        if (failed == asio::error::operation_aborted || failed == asio::error::bad_descriptor) co_return;
        if (failed) {
            // Out of file descriptors, most likely: the waiting client is still there in a moment.
            server_log.warn("cannot accept a connection: {}", failed.message());
            asio::steady_timer pause{porter, std::chrono::milliseconds{100}};
            co_await pause.async_wait(awaited);
            continue;
        }
        Caller caller{"local", Access::Local};
        if constexpr (!is_local) caller = {address_of(socket), Access::Public};
        if (open_connections() >= hall->config.limits.connections_max) {
            server_log.debug("{} turned away: {} connections are open", caller.address, open_connections());
            continue;
        }
        tune(socket);
        const auto strand = socket.get_executor();
        asio::co_spawn(strand, serve(hall, Socket{std::move(socket)}, std::move(caller)), asio::detached);
    }
}

void Server::Impl::show_everybody_out() {
    asio::post(porter, [this] {
        error_code ignored;
        if (public_door) public_door->close(ignored);
        if (local_door) local_door->close(ignored);
    });
    const std::scoped_lock lock{hall->mutex};
    hall->is_closing = true;
    for (const auto& weak : hall->open)
        if (const auto connection = weak.lock()) connection->shut_down();
}

Server::Server(ServerConfig config, const MethodTable& methods)
    : impl_(std::make_unique<Impl>(std::move(config), methods)) {}

Server::~Server() { stop(); }

chain::Result<void> Server::start() {
    chain::check(impl_->threads.empty());
    TRY_VOID(impl_->listen_tcp());
    if (!impl_->hall->config.local_socket.empty()) TRY_VOID(impl_->listen_local());
    asio::co_spawn(impl_->porter, impl_->accept_all(*impl_->public_door), asio::detached);
    if (impl_->local_door) asio::co_spawn(impl_->porter, impl_->accept_all(*impl_->local_door), asio::detached);
    for (unsigned i = 0; i < std::max(1u, impl_->hall->config.threads); ++i)
        impl_->threads.emplace_back([this] { impl_->io.run(); });
    server_log.info("JSON-RPC on {}:{}", impl_->hall->config.address, impl_->port);
    return {};
}

void Server::stop() {
    if (impl_->threads.empty()) return;
    impl_->show_everybody_out();
    // Each connection ends within its own deadline; the threads return when nothing is left to do.
    for (std::thread& thread : impl_->threads) thread.join();
    impl_->threads.clear();
    std::error_code ignored;
    if (impl_->local_door) std::filesystem::remove(impl_->hall->config.local_socket, ignored);
}

std::uint16_t Server::port() const { return impl_->port; }

std::size_t Server::connections() const { return impl_->open_connections(); }

chain::Bounds Server::bounds() const {
    return {{"rpc_connections", connections(), impl_->hall->config.limits.connections_max},
            {"rpc_addresses", impl_->hall->rate.addresses(), RateLimiter::addresses_max}};
}

}  // namespace rpc
