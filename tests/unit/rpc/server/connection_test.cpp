// Clients that send too much, nonsense, nothing, or do not read. The server stays, and says why it goes.

#include "tests/unit/rpc/server/raw_socket.hpp"
#include "tests/unit/rpc/server/world.hpp"

#include <boost/json/serialize.hpp>

using namespace test;
using namespace std::chrono_literals;
using rpc::json::value;

namespace {

/// The server still answers a proper client.
bool is_well(const World& world) {
    const auto answer = world.connect()->call("test_echo", {value("hi")});
    return answer && *answer == "hi";
}

/// A WebSocket after its handshake.
struct RawWebSocket : RawSocket {
    explicit RawWebSocket(std::uint16_t port, int receive_bytes = 0) : RawSocket(port, receive_bytes) {
        send(upgrade());
        REQUIRE(receive_until("\r\n\r\n").starts_with("HTTP/1.1 101"));
    }
};

}  // namespace

TEST_CASE("an oversized POST gets 413, with or without a length") {
    const World world{{.limits = {.request_bytes_max = 10'000}}};
    RawSocket client{world.server.port()};
    client.send(post(std::string(10'001, ' ')));
    const std::string answer = client.receive_all();
    CHECK(answer.starts_with("HTTP/1.1 413"));
    CHECK(answer.find("-32007") != std::string::npos);

    RawSocket chunked{world.server.port()};
    chunked.send(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 20 && chunked.send("400\r\n" + std::string(1'024, ' ') + "\r\n"); ++i) {
    }
    CHECK(chunked.receive_all().starts_with("HTTP/1.1 413"));
    CHECK(is_well(world));
}

TEST_CASE("an oversized header is cut off") {
    const World world;
    RawSocket client{world.server.port()};
    client.send("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(100'000, 'x'));
    CHECK(client.ends_within(10s));
    CHECK(is_well(world));
}

TEST_CASE("an oversized WebSocket message closes with 1009") {
    const World world{{.limits = {.request_bytes_max = 10'000}}};
    RawWebSocket client{world.server.port()};
    client.send(frame(std::string(10'001, ' ')));
    const std::string answer = client.receive_all();
    REQUIRE(answer.size() >= 4);
    CHECK(answer.substr(2, 2) == "\x03\xf1");
    CHECK(is_well(world));
}

TEST_CASE("text that is not UTF-8 closes the WebSocket with 1007 and is a parse error over HTTP") {
    const World world;
    RawWebSocket client{world.server.port()};
    client.send(frame("\"\xff\xfe\""));
    const std::string answer = client.receive_all();
    REQUIRE(answer.size() >= 4);
    CHECK(answer.substr(2, 2) == "\x03\xef");
    RawSocket http{world.server.port()};
    http.send(post("\"\xff\xfe\"", "Connection: close\r\n"));
    CHECK(http.receive_all().find("-32700") != std::string::npos);
    CHECK(is_well(world));
}

TEST_CASE("deep nesting is a parse error over both transports") {
    const World world;
    const std::string deep(1'000'000, '[');
    RawSocket http{world.server.port()};
    http.send(post(deep, "Connection: close\r\n"));
    CHECK(http.receive_all().find("-32700") != std::string::npos);
    RawWebSocket socket{world.server.port()};
    socket.send(frame(deep));
    CHECK(socket.receive_until("-32700").find("-32700") != std::string::npos);
    CHECK(is_well(world));
}

TEST_CASE("bytes that are neither HTTP nor WebSocket end the connection") {
    const World world{{.limits = {.http_timeout_ms = 500}}};
    for (const std::string_view noise : {std::string_view{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11},
                                         std::string_view{"\0\0\0\0", 4}, std::string_view{"GET\r\n\r\n"}}) {
        RawSocket client{world.server.port()};
        client.send(noise);
        CHECK(client.ends_within(10s));
    }
    RawWebSocket client{world.server.port()};
    client.send(std::string(20, '\xff'));
    CHECK(client.ends_within(10s));
    CHECK(is_well(world));
}

TEST_CASE("half-open clients are found out: before a request, inside one, and as a silent WebSocket") {
    const World world{{.limits = {.http_timeout_ms = 200, .websocket_idle_ms = 400}}};
    RawSocket nothing{world.server.port()};
    RawSocket header{world.server.port()};
    header.send("POST / HTTP/1.1\r\nHost: loc");
    RawSocket body{world.server.port()};
    body.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
    // Never answers a ping: its frames are read by nobody who would.
    RawWebSocket socket{world.server.port()};
    CHECK(nothing.ends_within(10s));
    CHECK(header.ends_within(10s));
    CHECK(body.ends_within(10s));
    CHECK(socket.ends_within(10s));
    CHECK(eventually([&] { return world.server.connections() == 0; }));
}

TEST_CASE("a WebSocket client that answers pings may be silent for ever") {
    const World world{{.limits = {.websocket_idle_ms = 200}}};
    const auto client = world.connect();
    std::this_thread::sleep_for(1s);
    CHECK(client->is_connected());
    CHECK(*client->call("test_echo", {value("a")}) == "a");
}

TEST_CASE("a slow reader is closed with a reason when too many notifications wait for it") {
    World world{{.limits = {.outgoing_bytes_max = 1u << 20, .close_grace_ms = 60'000}}};
    RawWebSocket client{world.server.port(), 4'096};
    client.send(frame(R"({"jsonrpc":"2.0","id":1,"method":"test_subscribeCount","params":[0]})"));
    client.receive_until("\"1\"}");
    const auto reader = world.connect();
    std::atomic<std::uint32_t> received{0};
    REQUIRE(reader->subscribe("test_subscribeCount", {value(0)}, [&](const value&) { ++received; }));

    // The kernel's buffers take some megabytes before the server's own queue fills.
    const std::string padding(100'000, 'x');
    std::uint32_t pushed = 0;
    while (pushed < 1'000 && world.bodies.open() == 2) {
        world.bodies.everybody({++pushed, padding});
        REQUIRE(eventually([&] { return received == pushed; }));
    }
    CHECK(world.bodies.open() == 1);
    // Whoever reads at last learns why.
    CHECK(client.receive_until("slow reader").find("slow reader") != std::string::npos);
    CHECK(is_well(world));
}

TEST_CASE("a slow reader who never reads is cut off after the grace") {
    World world{{.limits = {.outgoing_bytes_max = 1u << 20, .close_grace_ms = 100}}};
    RawWebSocket client{world.server.port(), 4'096};
    client.send(frame(R"({"jsonrpc":"2.0","id":1,"method":"test_subscribeCount","params":[0]})"));
    client.receive_until("\"1\"}");
    const std::string padding(100'000, 'x');
    for (std::uint32_t i = 0; i < 1'000 && world.bodies.open() == 1; ++i) {
        world.bodies.everybody({i, padding});
        std::this_thread::sleep_for(1ms);
    }
    CHECK(world.bodies.open() == 0);
    CHECK(eventually([&] { return world.server.connections() == 0; }));
}

TEST_CASE("a client that asks and never reads is not read either: the queue stays small and others are served") {
    const World world{
        {.limits = {.outgoing_bytes_max = 1u << 20, .calls_burst = 4'000'000, .websocket_idle_ms = 1'000}}};
    RawWebSocket client{world.server.port(), 4'096};
    const std::string request = frame(
        R"({"jsonrpc":"2.0","id":1,"method":"test_echo","params":["0123456789012345678901234567890123456789",2000]})");
    std::thread flood{[&] {
        // 80 kB an answer: ends when the server gives up on this client.
        for (int i = 0; i < 100'000 && client.send(request); ++i) {
        }
    }};
    CHECK(is_well(world));
    flood.join();
    CHECK(eventually([&] { return world.server.connections() == 0; }));
    CHECK(is_well(world));
}

TEST_CASE("connections beyond the limit are turned away, and welcome again when there is room") {
    const World world{{.limits = {.connections_max = 2}}};
    auto first = world.connect();
    const auto second = world.connect();
    RawSocket third{world.server.port()};
    CHECK(third.ends_within(10s));
    CHECK(*second->call("test_echo", {value("a")}) == "a");
    first.reset();
    REQUIRE(eventually([&] { return world.server.connections() == 1; }));
    CHECK(is_well(world));
}

TEST_CASE("subscriptions beyond the limit are an error; the connection stays") {
    const World world{{.limits = {.session = {.subscriptions_max = 3}}}};
    const auto client = world.connect();
    const auto nothing = [](const value&) {};
    for (int i = 0; i < 3; ++i) REQUIRE(client->subscribe("test_subscribeCount", {value(0)}, nothing));
    CHECK(client->subscribe("test_subscribeCount", {value(0)}, nothing).error().code == -32006);
    CHECK(*client->call("test_echo", {value("a")}) == "a");
}

TEST_CASE("calls beyond the rate are an error that says when to come back, over all connections of an address") {
    const World world{{.limits = {.calls_per_second = 1, .calls_burst = 5}}};
    const auto client = world.connect();
    for (int i = 0; i < 5; ++i) CHECK(client->call("test_echo", {value("a")}));
    const auto refused = client->call("test_echo", {value("a")});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == -32999);
    CHECK(std::string_view{refused.error().data->as_string()}.starts_with("try again in "));
    const auto other = world.connect();
    CHECK(other->call("test_echo", {value("a")}).error().code == -32999);
}
