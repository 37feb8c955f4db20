#include "tools/metrics/endpoint.hpp"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <sys/socket.h>
#include <unistd.h>

using namespace metrics;

namespace {

int connect_to(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0);
    return socket;
}

std::string read_all(int socket) {
    std::string out;
    char piece[4'096];
    for (ssize_t got = 0; (got = ::read(socket, piece, sizeof piece)) > 0;)
        out.append(piece, static_cast<std::size_t>(got));
    ::close(socket);
    return out;
}

std::string ask(std::uint16_t port, const std::string& request) {
    const int socket = connect_to(port);
    REQUIRE(::write(socket, request.data(), request.size()) == static_cast<ssize_t>(request.size()));
    return read_all(socket);
}

}  // namespace

TEST_CASE("GET /metrics gives the page, anything else a reason") {
    const std::string page(1'000'000, 'x');
    const auto endpoint = Endpoint::open({}, [&] { return page; });
    REQUIRE(endpoint);
    const auto port = (*endpoint)->port();

    const auto answer = ask(port, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(answer.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: 1000000"));
    CHECK(answer.ends_with("\r\n\r\n" + page));
    CHECK(ask(port, "GET / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 404"));
    CHECK(ask(port, "POST /metrics HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 404"));
    CHECK(ask(port, std::string(9'000, 'x')).starts_with("HTTP/1.1 400"));
}

TEST_CASE("a scraper that says nothing is left, and the next one is served") {
    const auto endpoint = Endpoint::open({.timeout_ms = 50}, [] { return std::string{"ok\n"}; });
    REQUIRE(endpoint);
    const int silent = connect_to((*endpoint)->port());
    CHECK(ask((*endpoint)->port(), "GET /metrics HTTP/1.1\r\n\r\n").ends_with("ok\n"));
    CHECK(read_all(silent).starts_with("HTTP/1.1 400"));
}

TEST_CASE("an endpoint that cannot listen says why") {
    const auto first = Endpoint::open({}, [] { return std::string{}; });
    REQUIRE(first);
    const auto second = Endpoint::open({.port = (*first)->port()}, [] { return std::string{}; });
    REQUIRE_FALSE(second);
    CHECK_THAT(second.error().text, Catch::Contains("Address already in use"));
    CHECK_FALSE(Endpoint::open({.address = "nowhere"}, [] { return std::string{}; }));
}
