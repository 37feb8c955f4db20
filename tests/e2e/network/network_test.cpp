// Real nodes on loopback. What is measured is printed; docs/benchmarks.md says where and when.

#include "network.hpp"

#include "chain/crypto/dev_keys.hpp"
#include "tests/e2e/crash/load.hpp"

#include <catch2/catch.hpp>
#include <fmt/core.h>

#include <chrono>
#include <csignal>
#include <thread>

using namespace tests;
using Clock = std::chrono::steady_clock;

namespace {

double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Balances.transfer_keep_alive(dest, 1 milli-TPH).
chain::Bytes transfer_to(const crypto::AccountId& dest) {
    chain::Bytes call{2, 3};
    chain::append(call, dest.value);
    scale::encode_compact(chain::tph / 1'000, call);
    return call;
}

/// Milliseconds from a transfer's submission to one node until that node calls it final.
double finality_ms(NodeProcess& node, std::string_view sender) {
    auto client = rpc::Client::connect(node.url());
    REQUIRE(client);
    rpc::ChainClient chain{**client};
    const auto key = crypto::dev_key(sender).value();
    const auto extrinsic = chain.sign(key, transfer_to(crypto::dev_key("Faith")->account()), {.period = 0});
    REQUIRE(extrinsic);
    const auto start = Clock::now();
    const auto included = chain.submit_and_wait(*extrinsic, rpc::Until::Finalized, 20'000);
    INFO((included ? "" : included.error().message));
    REQUIRE(included);
    return ms_since(start);
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

}  // namespace

TEST_CASE("four nodes finalize the same blocks, and a transfer that came to one is final on all") {
    Network network{4, 0, {"--block-interval-ms", "500", "--empty-block-interval-ms", "5000"}};
    network.start_all();
    for (std::size_t i = 0; i < 4; ++i) REQUIRE(network.wait_for(i, 1));
    std::vector<double> times;
    for (int i = 0; i < 21; ++i) {
        times.push_back(finality_ms(network.node(static_cast<std::size_t>(i) % 4), "Ethan"));
        std::this_thread::sleep_for(std::chrono::milliseconds{600});  // idle again, and past the block interval
    }
    fmt::print("idle, submission to final: p50 {:.1f} ms, least {:.1f} ms, most {:.1f} ms\n", median(times),
               std::ranges::min(times), std::ranges::max(times));
    const auto reached = network.finalized(0).value();
    for (std::size_t i = 0; i < 4; ++i) REQUIRE(network.wait_for(i, reached));
    CHECK(network.agree());
    CHECK_FALSE(network.has_accusation());
}

TEST_CASE("a node that is killed under load comes back, votes again and contradicts nobody") {
    Network network{4};
    network.start_all();
    for (std::size_t i = 0; i < 4; ++i) REQUIRE(network.wait_for(i, 1));
    Finals finals;
    Load load{network.node(0).url(), finals};
    for (const std::size_t victim : {3u, 2u, 3u}) {
        const auto then = network.finalized(0).value();
        network.node(victim).signal(SIGKILL);
        network.node(victim).wait();
        REQUIRE(network.wait_for(0, then + 10));
        const auto start = Clock::now();
        network.start(victim);
        while (network.state(victim, "signing") != "\"signs\"" && ms_since(start) < 30'000)
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        CHECK(network.state(victim, "signing") == "\"signs\"");
        fmt::print("killed under load, voting again after {:.0f} ms\n", ms_since(start));
        REQUIRE(network.wait_for(victim, network.finalized(0).value()));
    }
    load.join();
    fmt::print("{} transfers accepted, {} final blocks\n", load.accepted(), network.finalized(0).value());
    CHECK(load.accepted() > 100);
    CHECK_FALSE(load.has_contradiction());
    CHECK(network.agree());
    CHECK_FALSE(network.has_accusation());
}

TEST_CASE("four nodes under load agree, and every transfer that was taken becomes final") {
    Network network{4, 0, {"--block-interval-ms", "250", "--empty-block-interval-ms", "5000"}};
    network.start_all();
    for (std::size_t i = 0; i < 4; ++i) REQUIRE(network.wait_for(i, 1));
    Finals finals;
    const auto start = Clock::now();
    Load load{network.node(0).url(), finals};
    std::this_thread::sleep_for(std::chrono::seconds{15});
    load.join();
    const double seconds = ms_since(start) / 1'000;
    fmt::print("three senders, one call at a time: {} transfers in {:.1f} s, {:.0f} a second, {} blocks\n",
               load.accepted(), seconds, static_cast<double>(load.accepted()) / seconds, network.finalized(0).value());
    auto client = rpc::Client::connect(network.node(0).url());
    REQUIRE(client);
    rpc::ChainClient chain{**client};
    std::size_t nonces = 0;
    for (const std::string_view sender : {"Alith", "Baltathar", "Charleth"})
        nonces += chain.next_nonce(crypto::dev_key(sender)->account()).value();
    CHECK(nonces == load.accepted());
    const auto drain = Clock::now();
    while (!(*client)->call("author_pendingExtrinsics", {})->as_array().empty() && ms_since(drain) < 30'000)
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
    CHECK((*client)->call("author_pendingExtrinsics", {})->as_array().empty());
    fmt::print("the pool was empty {:.0f} ms after the load\n", ms_since(drain));
    CHECK(load.accepted() > 100);
    CHECK(network.agree());
    CHECK_FALSE(network.has_accusation());
}

TEST_CASE("who joins late, or was away, fetches what it missed") {
    Network network{4, 1};
    for (const std::size_t i : {0u, 1u, 2u}) network.start(i);
    REQUIRE(network.wait_for(0, 100));
    const auto start = Clock::now();
    network.start(3);
    network.start(4);
    const auto goal = network.finalized(0).value();
    REQUIRE(network.wait_for(3, goal));
    REQUIRE(network.wait_for(4, goal));
    fmt::print("validator and follower joined at block {}: there after {:.0f} ms\n", goal, ms_since(start));

    network.node(1).signal(SIGSTOP);
    REQUIRE(network.wait_for(0, goal + 30));
    network.node(1).signal(SIGCONT);
    REQUIRE(network.wait_for(1, network.finalized(0).value()));
    CHECK(network.agree());
    CHECK_FALSE(network.has_accusation());
}

TEST_CASE("each node is restarted in turn, and the chain goes on") {
    Network network{4};
    network.start_all();
    for (std::size_t i = 0; i < 4; ++i) {
        REQUIRE(network.wait_for(i, 1));
        network.node(i).signal(SIGTERM);
        CHECK(network.node(i).wait() == 0);
        network.start(i);
        REQUIRE(network.wait_for((i + 1) % 4, network.finalized((i + 1) % 4).value_or(0) + 10));
        REQUIRE(network.wait_for(i, network.finalized((i + 1) % 4).value()));
    }
    CHECK(network.agree());
    CHECK_FALSE(network.has_accusation());
}

TEST_CASE("without a quorum nothing becomes final; with it again the chain goes on at once") {
    Network network{4};
    network.start_all();
    for (std::size_t i = 0; i < 4; ++i) REQUIRE(network.wait_for(i, 3));
    for (const std::size_t i : {2u, 3u}) {
        network.node(i).signal(SIGKILL);
        network.node(i).wait();
    }
    std::this_thread::sleep_for(std::chrono::seconds{2});
    const auto stopped_at = network.finalized(0).value();
    std::this_thread::sleep_for(std::chrono::seconds{10});
    CHECK(network.finalized(0) == stopped_at);
    CHECK_THAT(network.state(0, "waitsFor"), Catch::Contains("too few validators are connected"));
    const auto start = Clock::now();
    network.start(2);
    network.start(3);
    REQUIRE(network.wait_for(0, stopped_at + 1));
    fmt::print("quorum lost for 12 s: first final block {:.0f} ms after the return\n", ms_since(start));
    CHECK(network.agree());
    CHECK_FALSE(network.has_accusation());
}
