// A fresh node fetches a chain of full blocks from a peer and verifies all of it: every signature, every state root.

#include "chain/base/check.hpp"
#include "tests/bench/bench.hpp"
#include "tests/bench/loaded_network.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// User and system time of a process.
double cpu_seconds(pid_t pid) {
    std::ifstream file{fmt::format("/proc/{}/stat", pid)};
    std::string line;
    std::getline(file, line);
    std::istringstream fields{line.substr(line.rfind(')') + 2)};
    std::string skipped;
    for (int i = 3; i < 14; ++i) fields >> skipped;
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

void sync(bench::Recorder& recorder) {
    // One validator makes the chain as fast as it can; the follower joins when the chain stands.
    tests::Network network{1, 1, bench::loaded_node(250), {"--load-senders", "2000"}};
    network.start(0);
    chain::check(network.wait_for(0, 1));
    const double seconds = recorder.smoke() ? 1 : 40;
    const auto made = bench::run_load(network, {0}, seconds);
    const auto goal = network.finalized(0).value();
    const double transfers = made.all_finalized;
    const double server_before = cpu_seconds(network.node(0).pid());
    const auto start = Clock::now();
    network.start(1);
    chain::check(network.wait_for(1, goal, 600));
    const double took = seconds_since(start);
    const double server_cpu = cpu_seconds(network.node(0).pid()) - server_before;
    const double own_cpu = cpu_seconds(network.node(1).pid());
    recorder.remark("network/sync", transfers / took, "transfers/s from start to head (at least 10000, aim 28000)");
    recorder.remark("network/sync/cpu", (own_cpu + server_cpu) / transfers * 1e6,
                    "us CPU a transfer, both nodes (200 = 10000/s on 2 cores, aim 71)");
    recorder.remark("network/sync/cpu/serving", server_cpu / transfers * 1e6, "us CPU a transfer, part of it");
    recorder.remark("network/sync/transfers", transfers, "in the chain");
    chain::check(network.agree());
}

const bench::Group group{"network/sync", sync};

}  // namespace
