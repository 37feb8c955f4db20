// What a running node shows of its bounds, and what it answers when it waits.

#include "node_process.hpp"
#include "tests/support/temp_folder.hpp"
#include "tools/metrics/bounds.hpp"

#include <boost/asio.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <thread>

using namespace tests;

namespace {

/// The Prometheus text of a node that was started with --metrics-port 0.
std::string scrape(const NodeProcess& node) {
    namespace asio = boost::asio;
    const std::string log = node.log();
    const std::string before = "metrics on http://127.0.0.1:";
    const auto at = log.find(before);
    REQUIRE(at != std::string::npos);
    const auto port = static_cast<std::uint16_t>(std::stoul(log.substr(at + before.size())));
    asio::io_context io;
    asio::ip::tcp::socket socket{io};
    socket.connect({asio::ip::make_address("127.0.0.1"), port});
    asio::write(socket, asio::buffer(std::string{"GET /metrics HTTP/1.1\r\nHost: localhost\r\n"
                                                 "Connection: close\r\n\r\n"}));
    std::string out;
    boost::system::error_code ended;
    asio::read(socket, asio::dynamic_buffer(out), ended);
    return out;
}

/// The value of one series; nothing where it is not there.
std::optional<double> value(const std::string& text, const std::string& series) {
    const auto at = text.find("\n" + series + " ");
    if (at == std::string::npos) return std::nullopt;
    return std::stod(text.substr(at + series.size() + 2));
}

}  // namespace

TEST_CASE("every declared bound of a running node has a gauge, and its limit beside it") {
    TempFolder folder;
    NodeProcess node{folder.path() / "node", {"--metrics-port", "0"}};
    REQUIRE(node.is_running());
    while (node.is_running() && !node.log().contains("final number=3 "))
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    const std::string text = scrape(node);
    for (const metrics::BoundedThing& thing : metrics::bounded_things) {
        const std::string label = "{what=\"" + std::string{thing.what} + "\"}";
        INFO(label);
        const auto held = value(text, "tephra_held" + label);
        const auto max = value(text, "tephra_held_max" + label);
        REQUIRE(held);
        REQUIRE(max);
        CHECK(*max > 0);
        CHECK(*held <= *max);
    }
    // None is shown that is not declared.
    std::size_t shown = 0;
    for (auto at = text.find("\ntephra_held{"); at != std::string::npos; at = text.find("\ntephra_held{", at + 1))
        ++shown;
    CHECK(shown == metrics::bounded_things.size());
    // What this node's votes relied on is kept.
    CHECK(value(text, "tephra_proofs").value_or(0) >= 2);
    CHECK(value(text, "tephra_proof_bytes").value_or(0) > 100);
}
