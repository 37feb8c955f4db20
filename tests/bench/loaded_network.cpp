#include "tests/bench/loaded_network.hpp"

#include "chain/base/check.hpp"

#include <boost/json.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <memory>

namespace bench {
namespace {

namespace json = boost::json;

std::string output_of(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe{popen(command.c_str(), "r"), pclose};
    chain::check(pipe != nullptr);
    std::string text;
    std::array<char, 4'096> some{};
    while (const std::size_t size = fread(some.data(), 1, some.size(), pipe.get())) text.append(some.data(), size);
    return text;
}

}  // namespace

LoadReport run_load(tests::Network& network, const std::vector<std::size_t>& nodes, double seconds,
                    const std::vector<std::string>& more) {
    std::string command = fmt::format("{} --json --quiet --seconds {}", LOAD_PROGRAM, seconds);
    for (const std::size_t i : nodes)
        command += fmt::format(" --node {} --pid {}", network.node(i).url(), network.node(i).pid());
    for (const auto& argument : more) command += " " + argument;
    const std::string text = output_of(command);
    boost::system::error_code failed;
    const json::value report = json::parse(text, failed);
    if (failed) fmt::print(stderr, "{}: {}\n", command, text);
    chain::check(!failed);
    const auto number = [&](const char* name) { return report.at(name).to_number<double>(); };
    LoadReport out{.finalized_per_s = number("finalized_per_s"),
                   .all_finalized = number("all_finalized"),
                   .cpu_us_per_transfer = number("cpu_us_per_transfer"),
                   .generator_cpu_us_per_transfer = number("generator_cpu_us_per_transfer"),
                   .latency_p50_ms = number("latency_p50_ms"),
                   .latency_p99_ms = number("latency_p99_ms"),
                   .blocks = number("blocks"),
                   .most_rss_mb = 0,
                   .load_average = number("load_average")};
    for (const json::value& node : report.at("nodes").as_array())
        out.most_rss_mb = std::max(out.most_rss_mb, node.at("rss_most_mb").to_number<double>());
    return out;
}

BackgroundLoad::BackgroundLoad(const std::vector<std::string>& urls, double rate) {
    std::vector<std::string> arguments{LOAD_PROGRAM, "--quiet", "--json",
                                       "--seconds",  "100000",  "--senders",
                                       "200",        "--rate",  fmt::format("{}", rate)};
    for (const auto& url : urls) arguments.insert(arguments.end(), {"--node", url});
    std::vector<char*> raw;
    for (auto& argument : arguments) raw.push_back(argument.data());
    raw.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ != 0) return;
    const int out = ::open("/dev/null", O_WRONLY);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    ::execv(raw[0], raw.data());
    ::_exit(127);
}

void BackgroundLoad::stop() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

std::vector<std::string> loaded_node(int block_interval_ms) {
    return {"--block-interval-ms",
            std::to_string(block_interval_ms),
            "--empty-block-interval-ms",
            "5000",
            "--rpc-calls-per-second",
            "1000000",
            "--log-level",
            "info"};
}

}  // namespace bench
