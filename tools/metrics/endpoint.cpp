#include "tools/metrics/endpoint.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <string_view>
#include <thread>

namespace metrics {
namespace {

using Clock = std::chrono::steady_clock;

// A request line and the headers that Prometheus sends are far below.
constexpr std::size_t request_bytes_max = 8u << 10;

/// A file descriptor that is closed with its owner.
class Descriptor {
public:
    explicit Descriptor(int number = -1) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    int number() const { return number_; }
    bool is_open() const { return number_ >= 0; }

private:
    int number_;
};

std::string http(std::string_view status, std::string_view type, std::string_view body) {
    return fmt::format("HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}", status,
                       type, body.size(), body);
}

std::uint16_t port_of(int socket) {
    sockaddr_storage at{};
    socklen_t size = sizeof at;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&at), &size) != 0) return 0;
    if (at.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(&at)->sin6_port);
    return ntohs(reinterpret_cast<const sockaddr_in*>(&at)->sin_port);
}

chain::Result<Descriptor> listen_on(const EndpointConfig& config) {
    addrinfo wish{};
    wish.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
    wish.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(config.address.c_str(), std::to_string(config.port).c_str(), &wish, &found) != 0)
        return chain::fault("--metrics-address " + config.address + " is no IP address");
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> address{found, ::freeaddrinfo};
    Descriptor door{::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    const int yes = 1;
    ::setsockopt(door.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (!door.is_open() || ::bind(door.number(), address->ai_addr, address->ai_addrlen) != 0 ||
        ::listen(door.number(), 16) != 0)
        return chain::fault(fmt::format("cannot listen on {} port {} for metrics: {}", config.address, config.port,
                                        std::strerror(errno)));
    return door;
}

}  // namespace

struct Endpoint::Impl {
    EndpointConfig config;
    std::function<std::string()> scrape;
    Descriptor door;
    Descriptor stopped;  // readable once the endpoint ends
    std::uint16_t port = 0;
    std::thread thread;

    bool wait(int socket, short events, Clock::time_point deadline) const;
    void run();
    void serve(const Descriptor& client) const;
    std::string read_request(const Descriptor& client, Clock::time_point deadline) const;
    std::string answer(std::string_view request) const;
};

/// False at the deadline, or when the endpoint ends.
bool Endpoint::Impl::wait(int socket, short events, Clock::time_point deadline) const {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    pollfd both[] = {{socket, events, 0}, {stopped.number(), POLLIN, 0}};
    return ::poll(both, 2, static_cast<int>(left)) > 0 && both[1].revents == 0;
}

void Endpoint::Impl::run() {
    for (;;) {
        pollfd both[] = {{door.number(), POLLIN, 0}, {stopped.number(), POLLIN, 0}};
        if (::poll(both, 2, -1) < 0 && errno != EINTR) return;
        if (both[1].revents != 0) return;
        const Descriptor client{::accept4(door.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
        if (client.is_open()) serve(client);
    }
}

std::string Endpoint::Impl::read_request(const Descriptor& client, Clock::time_point deadline) const {
    std::string request;
    while (!request.contains("\r\n\r\n") && request.size() < request_bytes_max) {
        char piece[2'048];
        if (!wait(client.number(), POLLIN, deadline)) break;
        const auto got = ::recv(client.number(), piece, sizeof piece, 0);
        if (got <= 0) break;
        request.append(piece, static_cast<std::size_t>(got));
    }
    return request;
}

std::string Endpoint::Impl::answer(std::string_view request) const {
    if (!request.contains("\r\n\r\n")) return http("400 Bad Request", "text/plain", "the request did not end\n");
    if (request.starts_with("GET /metrics ")) return http("200 OK", "text/plain; version=0.0.4", scrape());
    return http("404 Not Found", "text/plain", "GET /metrics is all there is\n");
}

void Endpoint::Impl::serve(const Descriptor& client) const {
    const std::chrono::milliseconds patience{config.timeout_ms};
    const std::string page = answer(read_request(client, Clock::now() + patience));
    const auto deadline = Clock::now() + patience;
    for (std::size_t sent = 0; sent < page.size();) {
        if (!wait(client.number(), POLLOUT, deadline)) return;
        const auto wrote = ::send(client.number(), page.data() + sent, page.size() - sent, MSG_NOSIGNAL);
        if (wrote <= 0) return;
        sent += static_cast<std::size_t>(wrote);
    }
    ::shutdown(client.number(), SHUT_WR);
}

Endpoint::Endpoint(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {
    impl_->thread = std::thread{[this] { impl_->run(); }};
}

Endpoint::~Endpoint() {
    const std::uint64_t one = 1;
    if (::write(impl_->stopped.number(), &one, sizeof one) == sizeof one) impl_->thread.join();
}

chain::Result<std::unique_ptr<Endpoint>> Endpoint::open(const EndpointConfig& config,
                                                        std::function<std::string()> scrape) {
    auto impl = std::make_unique<Impl>();
    impl->config = config;
    impl->scrape = std::move(scrape);
    TRY(impl->door, listen_on(config));
    impl->stopped = Descriptor{::eventfd(0, EFD_CLOEXEC)};
    if (!impl->stopped.is_open()) return chain::fault(std::string{"no event descriptor: "} + std::strerror(errno));
    impl->port = port_of(impl->door.number());
    return std::unique_ptr<Endpoint>{new Endpoint{std::move(impl)}};
}

std::uint16_t Endpoint::port() const { return impl_->port; }

}  // namespace metrics
