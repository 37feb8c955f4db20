#include "tests/support/line/line.hpp"

#include "chain/base/check.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace tests {

namespace {

class Socket {
public:
    explicit Socket(int fd) : fd_(fd) { chain::check(fd >= 0); }
    Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Socket& operator=(Socket&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Socket() {
        if (fd_ >= 0) ::close(fd_);
    }
    int fd() const { return fd_; }

private:
    int fd_;
};

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return out;
}

const sockaddr* raw(const sockaddr_in& address) {
    return static_cast<const sockaddr*>(static_cast<const void*>(&address));
}

/// Blocking: a line carries a few connections, and what one cannot pass on may hold up the others.
Socket connect_to(std::uint16_t port) {
    Socket out{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const auto address = loopback(port);
    static_cast<void>(::connect(out.fd(), raw(address), sizeof address));  // refused: the first read says so
    return out;
}

struct Connection {
    Socket near;  // who connected
    Socket far;   // the target
    bool dead = false;
    bool over = false;
};

}  // namespace

struct Line::Impl {
    std::uint16_t target;
    Socket listener{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    Socket wake{::eventfd(0, EFD_CLOEXEC)};
    std::uint16_t port = 0;
    std::atomic<std::size_t> portion_bytes = 1 << 16;
    std::atomic<int> pause_ms = 0;
    std::atomic<std::uint64_t> down = 0;
    std::atomic<bool> stopping = false;
    std::mutex mutex;  // guards the connections
    std::vector<Connection> connections;
    std::thread thread;

    explicit Impl(std::uint16_t to) : target(to) {
        auto address = loopback(0);
        socklen_t size = sizeof address;
        chain::check(::bind(listener.fd(), raw(address), size) == 0 && ::listen(listener.fd(), 16) == 0);
        auto* out = static_cast<sockaddr*>(static_cast<void*>(&address));
        chain::check(::getsockname(listener.fd(), out, &size) == 0);
        port = ntohs(address.sin_port);
        thread = std::thread{[this] { run(); }};
    }
    ~Impl() {
        stopping = true;
        ring();
        thread.join();
    }
    void ring() const {
        const std::uint64_t one = 1;
        chain::check(::write(wake.fd(), &one, sizeof one) == sizeof one);
    }

    void run() {
        while (!stopping) {
            std::vector<pollfd> polled{{listener.fd(), POLLIN, 0}, {wake.fd(), POLLIN, 0}};
            {
                const std::scoped_lock lock{mutex};
                for (const auto& one : connections) {
                    const short wanted = one.dead ? 0 : POLLIN;
                    polled.push_back({one.dead ? -1 : one.near.fd(), wanted, 0});
                    polled.push_back({one.dead ? -1 : one.far.fd(), wanted, 0});
                }
            }
            ::poll(polled.data(), polled.size(), -1);
            pass(polled);
        }
    }

    void pass(const std::vector<pollfd>& polled) {
        const std::scoped_lock lock{mutex};
        if (polled[1].revents != 0) {
            std::uint64_t rings = 0;
            static_cast<void>(::read(wake.fd(), &rings, sizeof rings));
        }
        for (std::size_t i = 0; 2 * i + 3 < polled.size(); ++i) {
            auto& one = connections[i];
            if (one.dead) continue;
            if (polled[2 * i + 2].revents != 0) one.over = !carry(one.near, one.far, 1 << 16).has_value();
            if (polled[2 * i + 3].revents == 0 || one.over) continue;
            const auto carried = carry(one.far, one.near, portion_bytes);
            one.over = !carried.has_value();
            down += carried.value_or(0);
            if (pause_ms > 0) std::this_thread::sleep_for(std::chrono::milliseconds{pause_ms.load()});
        }
        std::erase_if(connections, [](const auto& one) { return one.over; });
        if (polled[0].revents != 0) accept_one();
    }

    void accept_one() {
        const int fd = ::accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) return;  // gone again
        const int on = 1;
        Connection made{.near = Socket{fd}, .far = connect_to(target)};
        for (const auto* end : {&made.near, &made.far})
            static_cast<void>(::setsockopt(end->fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
        connections.push_back(std::move(made));
    }

    /// How many bytes went over; nothing: one end has closed.
    static std::optional<std::size_t> carry(const Socket& from, const Socket& to, std::size_t most) {
        std::array<char, 1 << 16> bytes{};
        const auto got = ::recv(from.fd(), bytes.data(), std::min(most, bytes.size()), 0);
        if (got <= 0) return std::nullopt;
        for (ssize_t sent = 0; sent < got;) {
            const auto more = ::send(to.fd(), bytes.data() + sent, static_cast<std::size_t>(got - sent), MSG_NOSIGNAL);
            if (more <= 0) return std::nullopt;
            sent += more;
        }
        return static_cast<std::size_t>(got);
    }
};

Line::Line(std::uint16_t target) : impl_(std::make_unique<Impl>(target)) {}
Line::~Line() = default;

std::string Line::address() const { return "127.0.0.1:" + std::to_string(impl_->port); }

void Line::die() {
    {
        const std::scoped_lock lock{impl_->mutex};
        for (auto& one : impl_->connections) one.dead = true;
    }
    impl_->ring();
}

void Line::slow_down(std::size_t portion_bytes, int pause_ms) {
    impl_->portion_bytes = portion_bytes;
    impl_->pause_ms = pause_ms;
}

std::uint64_t Line::bytes_down() const { return impl_->down; }

}  // namespace tests
