// kill -9 at random moments under load: whatever the node called final is there when it comes back, and the state is
// what its root says.

#include "load.hpp"
#include "node_process.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>
#include <fmt/core.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <random>

using namespace tests;

namespace {

int kills_wanted() {
    const char* text = std::getenv("TEPHRA_CRASH_KILLS");
    return text == nullptr ? 50 : std::atoi(text);
}

/// Every final block of the past still stands, by its number.
void check_nothing_lost(const NodeProcess& node, const Finals& finals) {
    auto client = rpc::Client::connect(node.url());
    REQUIRE(client);
    rpc::ChainClient chain{**client};
    const auto head = chain.finalized_head();
    REQUIRE(head);
    const auto header = chain.header(*head);
    REQUIRE(header);
    if (finals.empty()) return;
    CHECK(header->number.value >= finals.rbegin()->first);
    for (const auto& [number, hash] : finals) {
        const auto now = (*client)->get<std::optional<chain::Hash>>("chain_getBlockHash", {number});
        REQUIRE(now);
        CHECK(*now == hash);
    }
}

void check_state_root(const std::filesystem::path& data) {
    std::string text;
    const int status =
        run_node({"verify", "--data", data.string(), "--chain", TEPHRA_SOURCE_DIR "/genesis/dev.json"}, text);
    INFO(text);
    CHECK(status == 0);
    CHECK(text.find("equal to the root of the stored values") != std::string::npos);
}

}  // namespace

TEST_CASE("a node that is killed at any moment loses nothing that it called final") {
    const std::uint32_t seed = std::random_device{}();
    std::mt19937 random{seed};
    INFO("seed " << seed);
    TempFolder folder;
    const auto data = folder.path() / "node";
    Finals finals;
    std::size_t accepted = 0;
    const int kills = kills_wanted();
    for (int i = 0; i < kills; ++i) {
        NodeProcess node{data};
        INFO(node.log());
        REQUIRE(node.is_running());
        check_nothing_lost(node, finals);
        Load load{node.url(), finals};
        std::this_thread::sleep_for(std::chrono::milliseconds{std::uniform_int_distribution{1, 900}(random)});
        node.signal(SIGKILL);
        CHECK(node.wait() == -SIGKILL);
        load.join();
        CHECK_FALSE(load.has_contradiction());
        accepted += load.accepted();
        check_state_root(data);
    }
    NodeProcess node{data};
    check_nothing_lost(node, finals);
    node.signal(SIGTERM);
    CHECK(node.wait() == 0);
    check_state_root(data);
    REQUIRE_FALSE(finals.empty());
    fmt::print("{} kills, {} transfers accepted, {} final blocks seen of {}\n", kills, accepted, finals.size(),
               finals.rbegin()->first);
    CHECK(accepted > 0);
}

TEST_CASE("a node that is killed while it makes its data folder makes it anew") {
    const std::uint32_t seed = std::random_device{}();
    std::mt19937 random{seed};
    INFO("seed " << seed);
    TempFolder folder;
    for (int i = 0; i < 15; ++i) {
        const auto data = folder.path() / fmt::format("node-{}", i);
        for (int kill = 0; kill < 2; ++kill) {
            NodeProcess node{data, {}, NodeProcess::Return::AtOnce};
            std::this_thread::sleep_for(std::chrono::microseconds{std::uniform_int_distribution{500, 30'000}(random)});
            node.signal(SIGKILL);
            node.wait();
        }
        NodeProcess node{data};
        INFO(node.log());
        REQUIRE(node.is_running());
        node.signal(SIGTERM);
        CHECK(node.wait() == 0);
        check_state_root(data);
    }
}

TEST_CASE("a second node on the data folder is refused, and says what to do") {
    TempFolder folder;
    const auto data = folder.path() / "node";
    NodeProcess first{data};
    REQUIRE(first.is_running());
    std::string text;
    CHECK(
        run_node({"run", "--data", data.string(), "--chain", TEPHRA_SOURCE_DIR "/genesis/dev.json", "--rpc-port", "0"},
                 text) == 1);
    CHECK_THAT(text, Catch::Contains("another process uses the data folder") && Catch::Contains("--data"));
    first.signal(SIGINT);
    CHECK(first.wait() == 0);
}

TEST_CASE("the data folder of another chain is refused, and says what to do") {
    TempFolder folder;
    const auto data = folder.path() / "node";
    std::string text;
    REQUIRE(run_node({"init", "--data", data.string(), "--chain", TEPHRA_SOURCE_DIR "/genesis/dev.json"}, text) == 0);
    CHECK(run_node({"run", "--data", data.string(), "--chain", TEPHRA_SOURCE_DIR "/genesis/local.json"}, text) == 1);
    CHECK_THAT(text, Catch::Contains("belongs to another chain") && Catch::Contains("--chain"));
}
