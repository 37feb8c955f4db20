#include "tests/delay_proxy/proxy.hpp"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>

using delay_proxy::Link;

namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return out;
}

/// Sends back what one client sends, until that one ends.
class Echo {
public:
    Echo() : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address = loopback(0);
        socklen_t size = sizeof address;
        REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
        REQUIRE(::listen(listener_, 1) == 0);
        REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
        port = ntohs(address.sin_port);
        thread_ = std::thread{[this] {
            const int client = ::accept(listener_, nullptr, nullptr);
            char bytes[4096];
            for (ssize_t n = 0; (n = ::read(client, bytes, sizeof bytes)) > 0;)
                if (::write(client, bytes, static_cast<std::size_t>(n)) != n) break;
            ::close(client);
        }};
    }
    ~Echo() {
        thread_.join();
        ::close(listener_);
    }
    std::uint16_t port = 0;

private:
    int listener_;
    std::thread thread_;
};

int dial(std::uint16_t port) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in address = loopback(port);
    REQUIRE(::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    return descriptor;
}

std::string read_all(int descriptor, std::size_t size) {
    std::string out;
    char bytes[4096];
    for (ssize_t n = 0; out.size() < size && (n = ::read(descriptor, bytes, sizeof bytes)) > 0;)
        out.append(bytes, static_cast<std::size_t>(n));
    return out;
}

}  // namespace

TEST_CASE("bytes take their delay both ways, arrive whole and in order, and the end arrives too") {
    Echo echo;
    delay_proxy::Proxy proxy;
    const auto port = proxy.add({0, echo.port, 30'000, 20'000});
    REQUIRE(port);
    std::thread runner{[&] { proxy.run(); }};
    const int client = dial(*port);
    const auto begin = std::chrono::steady_clock::now();
    REQUIRE(::write(client, "x", 1) == 1);
    CHECK(read_all(client, 1) == "x");
    CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds{60});
    std::string much;
    for (int i = 0; i < 200'000; ++i) much += static_cast<char>('a' + i % 23);
    std::thread writer{[&] {
        for (std::size_t at = 0; at < much.size();)
            at += static_cast<std::size_t>(
                ::write(client, much.data() + at, std::min<std::size_t>(much.size() - at, 999)));
        ::shutdown(client, SHUT_WR);
    }};
    CHECK(read_all(client, much.size() + 1) == much);
    writer.join();
    ::close(client);
    proxy.stop();
    runner.join();
}

TEST_CASE("links are read from text") {
    const auto link = delay_proxy::link_from_text("1000:2000:40:5");
    REQUIRE(link);
    CHECK(link->listen_port == 1000);
    CHECK(link->target_port == 2000);
    CHECK(link->delay_us == 40'000);
    CHECK(link->jitter_us == 5'000);
    CHECK(delay_proxy::link_from_text("0:2000:40")->jitter_us == 0);
    for (const char* text : {"", "1:2", "1:2:", "1:2:3:4:5", "1:2:x", "70000:2:3", "1:2:60001"})
        CHECK_FALSE(delay_proxy::link_from_text(text));
}

TEST_CASE("nodes of ten regions have a link for each ordered pair, the same delay both ways") {
    const auto links = delay_proxy::wan10({1, 2, 3});
    REQUIRE(links.size() == 6);
    CHECK(links[0].target_port == 2);
    CHECK(links[1].target_port == 3);
    CHECK(links[2].target_port == 1);
    CHECK(links[0].delay_us == links[2].delay_us);
    CHECK(links[0].delay_us > 10'000);
    CHECK(links[0].jitter_us == links[0].delay_us / 20);
}
