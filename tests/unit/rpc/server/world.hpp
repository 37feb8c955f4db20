#pragma once
// A server on a port of the kernel's choice, over the fake methods.

#include "rpc/client/client.hpp"
#include "rpc/server/server.hpp"
#include "tests/support/fake_methods.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <filesystem>
#include <thread>

namespace test {

struct World {
    explicit World(rpc::ServerConfig config = {}) : server(with_free_port(std::move(config)), table) {
        table.add(FakeMethods{}, bodies);
        const auto started = server.start();
        if (!started) FAIL(started.error().text);
    }

    std::string url() const { return "ws://127.0.0.1:" + std::to_string(server.port()); }
    std::unique_ptr<rpc::Client> connect() const {
        auto client = rpc::Client::connect(url());
        if (!client) FAIL(client.error().message);
        return *std::move(client);
    }

    static rpc::ServerConfig with_free_port(rpc::ServerConfig config) {
        config.port = 0;
        return config;
    }

    FakeBodies bodies;
    rpc::MethodTable table{"1.2.3"};
    rpc::Server server;
};

/// Waits for something that another thread does. The bound only ends a broken test.
inline bool eventually(auto&& holds) {
    for (int i = 0; i < 2'000; ++i) {
        if (holds()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return false;
}

inline constexpr std::string_view echo = R"({"jsonrpc":"2.0","id":1,"method":"test_echo","params":["hi"]})";
inline constexpr std::string_view echoed = R"({"jsonrpc":"2.0","id":1,"result":"hi"})";

}  // namespace test
