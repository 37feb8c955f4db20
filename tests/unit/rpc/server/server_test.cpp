#include "rpc/server/server.hpp"

#include "tests/support/temp_folder.hpp"
#include "tests/unit/rpc/server/raw_socket.hpp"
#include "tests/unit/rpc/server/world.hpp"

#include <boost/json/serialize.hpp>
#include <sys/stat.h>

#include <atomic>

using namespace test;
using rpc::json::value;

TEST_CASE("HTTP: a call, a batch, and the next request on the same connection") {
    const World world;
    RawSocket client{world.server.port()};
    client.send(post(echo));
    const std::string first = client.receive_until(echoed);
    CHECK(first.starts_with("HTTP/1.1 200"));
    CHECK(first.find("application/json") != std::string::npos);
    CHECK(first.ends_with(echoed));
    client.send(post("[" + std::string{echo} + "," + std::string{echo} + "]"));
    const std::string both = "[" + std::string{echoed} + "," + std::string{echoed} + "]";
    CHECK(client.receive_until(both).ends_with(both));
    client.send(post(R"({"jsonrpc":"2.0","method":"test_echo","params":["hi"]})"));
    CHECK(client.receive_until("\r\n\r\n").starts_with("HTTP/1.1 204"));
}

TEST_CASE("HTTP: a hundred calls in one array, as ethers sends them; a hundred and one are refused") {
    const World world;
    for (const std::size_t count : {100u, 101u}) {
        std::string batch = "[" + std::string{echo};
        for (std::size_t i = 1; i < count; ++i) batch += "," + std::string{echo};
        RawSocket client{world.server.port()};
        client.send(post(batch + "]", "Connection: close\r\n"));
        const std::string answer = client.receive_all();
        CHECK((answer.find("-32010") == std::string::npos) == (count == 100));
    }
}

TEST_CASE("HTTP: subscriptions are said to need a WebSocket") {
    const World world;
    RawSocket client{world.server.port()};
    client.send(post(R"({"jsonrpc":"2.0","id":1,"method":"test_subscribeCount","params":[0]})"));
    CHECK(client.receive_until("}}").find("subscriptions need a WebSocket") != std::string::npos);
}

TEST_CASE("HTTP: a browser's preflight is answered for allowed origins only") {
    const World world;
    const auto ask = [&](std::string_view origin) {
        RawSocket client{world.server.port()};
        client.send("OPTIONS / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nOrigin: " + std::string{origin} +
                    "\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Private-Network: true\r\n\r\n");
        return client.receive_all();
    };
    const std::string good = ask("https://polkadot.js.org");
    CHECK(good.starts_with("HTTP/1.1 204"));
    CHECK(good.find("Access-Control-Allow-Origin: https://polkadot.js.org") != std::string::npos);
    CHECK(good.find("Access-Control-Allow-Headers: content-type") != std::string::npos);
    CHECK(good.find("Access-Control-Allow-Private-Network: true") != std::string::npos);
    CHECK(ask("https://evil.com").starts_with("HTTP/1.1 403"));
}

TEST_CASE("foreign pages and rebound names reach neither HTTP nor WebSocket") {
    const World world;
    const auto answer = [&](const std::string& request) {
        RawSocket client{world.server.port()};
        client.send(request);
        return client.receive_until("\r\n");
    };
    CHECK(answer(post(echo, "Origin: https://evil.com\r\n")).starts_with("HTTP/1.1 403"));
    CHECK(answer(post(echo, {}, "evil.com")).starts_with("HTTP/1.1 403"));
    CHECK(answer(upgrade("Origin: https://evil.com\r\n")).starts_with("HTTP/1.1 403"));
    CHECK(answer(upgrade({}, "evil.com:9944")).starts_with("HTTP/1.1 403"));
    CHECK(answer(upgrade("Origin: http://localhost:3000\r\n")).starts_with("HTTP/1.1 101"));
    // A form can send text/plain without a preflight: it is not taken.
    CHECK(answer("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}")
              .starts_with("HTTP/1.1 415"));
}

TEST_CASE("a server that stops while a client becomes a WebSocket ends both cleanly") {
    for (int i = 0; i < 300; ++i) {
        const World world;
        RawSocket client{world.server.port()};
        client.send(upgrade({}));
        // Every other client has its answer before the server goes.
        if (i % 2 == 0) CHECK(client.receive_until("\r\n").starts_with("HTTP/1.1 101"));
    }
}

TEST_CASE("HTTP: GET says what this is; other verbs are refused") {
    const World world;
    RawSocket get{world.server.port()};
    get.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    CHECK(get.receive_all().find("Tephra JSON-RPC") != std::string::npos);
    RawSocket put{world.server.port()};
    put.send("PUT / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    CHECK(put.receive_all().starts_with("HTTP/1.1 405"));
}

TEST_CASE("WebSocket: calls, errors, and a subscription whose answer comes before its first item") {
    World world;
    const auto client = world.connect();
    CHECK(*client->call("test_echo", {value("a"), value(3)}) == "aaa");
    const auto refused = client->call("test_refuse", {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == 1010);
    CHECK(refused.error().message == "Invalid Transaction");
    CHECK(*refused.error().data == "Transaction is outdated");
    CHECK(client->call("no_such", {}).error().code == -32601);

    // Items come on the client's thread, where Catch may not be asked.
    std::atomic<std::int64_t> last{0};
    std::atomic<bool> in_order{true};
    const auto subscription = client->subscribe("test_subscribeCount", {value(3)}, [&](const value& item) {
        const auto number = item.at("number").as_int64();
        if (number != last + 1) in_order = false;
        last = number;
    });
    REQUIRE(subscription);
    CHECK(eventually([&] { return last == 3; }));
    world.bodies.everybody({4, {}});
    CHECK(eventually([&] { return last == 4; }));
    CHECK(in_order);
    CHECK(client->unsubscribe("test_unsubscribeCount", *subscription));
    CHECK(world.bodies.open() == 0);

    RawSocket raw{world.server.port()};
    raw.send(upgrade());
    raw.receive_until("\r\n\r\n");
    raw.send(frame(R"({"jsonrpc":"2.0","id":1,"method":"test_subscribeCount","params":[1]})"));
    const std::string heard = raw.receive_until("test_count");
    CHECK(heard.find(R"("result":"1")") < heard.find("test_count"));
}

TEST_CASE("a client that leaves ends its subscriptions and frees its place") {
    World world;
    {
        const auto client = world.connect();
        REQUIRE(client->subscribe("test_subscribeCount", {value(0)}, [](const value&) {}));
        CHECK(world.bodies.open() == 1);
        CHECK(world.server.connections() == 1);
    }
    CHECK(eventually([&] { return world.bodies.open() == 0 && world.server.connections() == 0; }));
}

TEST_CASE("the Unix socket answers local methods, is its owner's alone, and goes with the server") {
    const tests::TempFolder folder;
    const std::string path = folder / "rpc.sock";
    {
        const World world{{.local_socket = path}};
        struct stat about{};
        REQUIRE(::stat(path.c_str(), &about) == 0);
        CHECK((about.st_mode & 0777) == 0600);
        const auto local = rpc::Client::connect("unix:" + path);
        REQUIRE(local);
        CHECK(*(*local)->call("test_shut", {}) == true);
        const auto stranger = world.connect();
        CHECK(stranger->call("test_shut", {}).error().code == -32601);
    }
    CHECK_FALSE(std::filesystem::exists(path));
    {
        // What a killed node leaves behind does not stand in the way.
        World first{{.local_socket = path}};
        std::filesystem::rename(path, path + ".old");
        std::filesystem::rename(path + ".old", path);
        const World second{{.local_socket = path}};
        CHECK(rpc::Client::connect("unix:" + path));
    }
}

TEST_CASE("a taken port is a fault that names it") {
    const World world;
    rpc::Server second{{.port = world.server.port()}, world.table};
    const auto started = second.start();
    REQUIRE_FALSE(started);
    CHECK(started.error().text.find(std::to_string(world.server.port())) != std::string::npos);
}

TEST_CASE("stopping tells open clients and ends their subscriptions") {
    World world;
    const auto client = world.connect();
    REQUIRE(client->subscribe("test_subscribeCount", {value(0)}, [](const value&) {}));
    RawSocket idle{world.server.port()};
    world.server.stop();
    CHECK(world.bodies.open() == 0);
    const auto after = client->call("test_echo", {value("a")});
    REQUIRE_FALSE(after);
    CHECK(after.error().code == rpc::connection_failed);
    CHECK(idle.ends_within(std::chrono::seconds{10}));
}

TEST_CASE("many clients at once, each with its own answers") {
    const World world{{.threads = 4}};
    std::vector<std::thread> clients;
    std::atomic<int> right{0};
    for (int i = 0; i < 8; ++i)
        clients.emplace_back([&, i] {
            const auto client = world.connect();
            for (int j = 0; j < 100; ++j) {
                const std::string text = std::to_string(i * 1'000 + j);
                const auto answer = client->call("test_echo", {value(text)});
                if (answer && *answer == value(text)) ++right;
            }
        });
    for (std::thread& client : clients) client.join();
    CHECK(right == 800);
}
