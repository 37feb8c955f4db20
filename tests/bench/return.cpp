// How soon validators are back: one that was killed under load with a million accounts, and a quorum that was lost for
// a minute.

#include "chain/base/check.hpp"
#include "tests/bench/bench.hpp"
#include "tests/bench/loaded_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t validators = 4;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

void start_with_accounts(tests::Network& network) {
    network.init_all();
    network.start_all();
    for (std::size_t i = 0; i < validators; ++i) chain::check(network.wait_for(i, 3));
}

void kill(tests::Network& network, std::size_t i) {
    network.node(i).signal(SIGKILL);
    network.node(i).wait();
}

/// Whether the node signs, and has signed since it was started.
bool votes(tests::Network& network, std::size_t i) { return network.state(i, "signing") == "\"signs\""; }

void recovery(bench::Recorder& recorder) {
    const std::size_t accounts = recorder.scaled(1'000'000);
    tests::Network network{
        validators, 0, bench::loaded_node(250), {"--load-senders", "200", "--accounts", std::to_string(accounts)}};
    start_with_accounts(network);
    bench::BackgroundLoad load{{network.node(0).url(), network.node(1).url()}, 500};
    std::vector<double> seconds;
    for (int i = 0; i < (recorder.smoke() ? 1 : 5); ++i) {
        const std::size_t victim = 2 + static_cast<std::size_t>(i) % 2;
        const auto then = network.finalized(0).value();
        chain::check(network.wait_for(0, then + 20, 120));
        kill(network, victim);
        chain::check(network.wait_for(0, network.finalized(0).value() + 20, 120));
        const auto start = Clock::now();
        network.start(victim);
        while (!votes(network, victim) && seconds_since(start) < 60)
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        seconds.push_back(seconds_since(start));
        chain::check(network.wait_for(victim, network.finalized(0).value(), 120));
    }
    load.stop();
    chain::check(network.agree() && !network.has_accusation());
    std::ranges::sort(seconds);
    const std::string name = fmt::format("network/recovery/accounts={}", accounts);
    recorder.remark(name, seconds[seconds.size() / 2] * 1'000,
                    "ms from start to voting, median (limit 5000, aim 2000)");
    recorder.remark(name + "/most", seconds.back() * 1'000, "ms");
}

void quorum(bench::Recorder& recorder) {
    const int lost_s = recorder.smoke() ? 1 : 60;
    // Without transactions, blocks come as fast as with them: what is measured is not the wait of an idle chain.
    tests::Network network{validators, 0, {"--block-interval-ms", "250", "--empty-block-interval-ms", "250"}};
    network.start_all();
    for (std::size_t i = 0; i < validators; ++i) chain::check(network.wait_for(i, 3));
    for (const std::size_t i : {2u, 3u}) kill(network, i);
    std::this_thread::sleep_for(std::chrono::seconds{lost_s});
    const auto stopped_at = network.finalized(0).value();
    const auto start = Clock::now();
    for (const std::size_t i : {2u, 3u}) network.start(i);
    chain::check(network.wait_for(0, stopped_at + 1));
    recorder.remark(fmt::format("network/quorum/lost={}s", lost_s), seconds_since(start) * 1'000,
                    "ms from the return to the first final block (limit 5000, aim 3000)");
    chain::check(network.agree() && !network.has_accusation());
}

const bench::Group recovery_group{"network/recovery", recovery};
const bench::Group quorum_group{"network/quorum", quorum};

}  // namespace
