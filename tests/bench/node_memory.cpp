// What a whole node holds in memory with a million accounts in its state, under transfers to accounts drawn from all of
// them.

#include "chain/base/check.hpp"
#include "tests/bench/bench.hpp"
#include "tests/bench/filled_store.hpp"
#include "tests/e2e/crash/load.hpp"
#include "tests/support/temp_folder.hpp"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

namespace {

/// A line of /proc/PID/status, in MiB.
double status_mib(pid_t pid, std::string_view name) {
    std::ifstream file{fmt::format("/proc/{}/status", pid)};
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(name)) return std::stod(line.substr(name.size() + 1)) / 1'024;
    return 0;
}

void memory(bench::Recorder& recorder) {
    const std::size_t accounts = recorder.scaled(1'000'000);
    const tests::TempFolder folder;
    const auto data = folder.path() / "node";
    std::filesystem::create_directories(data);
    bench::fill_store(data / "chain", accounts);
    tests::NodeProcess node{data};
    chain::check(node.is_running());
    recorder.remark(fmt::format("node/memory/accounts={}/started", accounts), status_mib(node.pid(), "VmRSS:"), "MiB");
    tests::Finals finals;
    tests::Load load{node.url(), finals, [=](std::uint64_t i) { return bench::filled_account(i * 7'919 % accounts); }};
    std::this_thread::sleep_for(std::chrono::seconds{recorder.smoke() ? 1 : 60});
    recorder.remark(fmt::format("node/memory/accounts={}/loaded", accounts), status_mib(node.pid(), "VmRSS:"),
                    "MiB (target 300)");
    recorder.remark(fmt::format("node/memory/accounts={}/most", accounts), status_mib(node.pid(), "VmHWM:"), "MiB");
    load.join();
    recorder.remark("node/memory/transfers", static_cast<double>(load.accepted()), "accepted meanwhile");
    node.signal(SIGTERM);
    chain::check(node.wait() == 0);
}

const bench::Group group{"node/memory", memory};

}  // namespace
