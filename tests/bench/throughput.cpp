// Four validators and a load generator on this machine: finalized transfers a second, what they cost, and what a node
// holds in memory; the same with a million accounts.

#include "chain/base/check.hpp"
#include "tests/bench/bench.hpp"
#include "tests/bench/loaded_network.hpp"

#include <fmt/format.h>

namespace {

constexpr std::size_t validators = 4;
const std::vector<std::size_t> all{0, 1, 2, 3};

void report(bench::Recorder& recorder, const std::string& name, const bench::LoadReport& load) {
    recorder.remark(name, load.finalized_per_s, "finalized transfers/s (at least 3000, aim 5500)");
    recorder.remark(name + "/cpu", load.cpu_us_per_transfer,
                    "us CPU a transfer, all processes (667 = 3000/s on 2 cores, aim 364)");
    recorder.remark(name + "/cpu/generator", load.generator_cpu_us_per_transfer, "us CPU a transfer, part of it");
    recorder.remark(name + "/latency/p50", load.latency_p50_ms, "ms from submission to finality");
    recorder.remark(name + "/latency/p99", load.latency_p99_ms, "ms");
    recorder.remark(name + "/blocks", load.blocks, "blocks");
    recorder.remark(name + "/rss", load.most_rss_mb, "MB, the largest node's most (limit 500, aim 300)");
    recorder.remark(name + "/load", load.load_average, "load average at the end");
}

void throughput(bench::Recorder& recorder) {
    const double seconds = recorder.smoke() ? 1 : 300;
    tests::Network network{validators, 0, bench::loaded_node(250), {"--load-senders", "2000"}};
    network.start_all();
    for (std::size_t i = 0; i < validators; ++i) chain::check(network.wait_for(i, 1));
    report(recorder, "network/throughput", bench::run_load(network, all, seconds));
    chain::check(network.agree() && !network.has_accusation());
}

void large_state(bench::Recorder& recorder) {
    const double seconds = recorder.smoke() ? 1 : 60;
    const std::size_t accounts = recorder.scaled(1'000'000);
    tests::Network network{
        validators, 0, bench::loaded_node(250), {"--load-senders", "2000", "--accounts", std::to_string(accounts)}};
    network.init_all();
    network.start_all();
    for (std::size_t i = 0; i < validators; ++i) chain::check(network.wait_for(i, 1));
    report(recorder, fmt::format("network/large_state/accounts={}", accounts),
           bench::run_load(network, all, seconds, {"--recipients", std::to_string(accounts)}));
    chain::check(network.agree() && !network.has_accusation());
}

const bench::Group throughput_group{"network/throughput", throughput};
const bench::Group large_group{"network/large_state", large_state};

}  // namespace
