#include "tools/load/report.hpp"

#include "tools/load/processes.hpp"

#include <boost/json.hpp>
#include <fmt/core.h>

#include <cstdio>

namespace load {
namespace {

namespace json = boost::json;

double seconds_between(const Reading& from, const Reading& to) {
    return std::chrono::duration<double>(to.at - from.at).count();
}

double percentile(const std::vector<double>& ascending, double share) {
    if (ascending.empty()) return 0;
    return ascending[static_cast<std::size_t>(share * static_cast<double>(ascending.size() - 1))];
}

}  // namespace

Reading read_now(const Options& options, const Flight& flight) {
    Reading out{.at = Clock::now(), .counts = flight.counts(), .own_cpu_s = cpu_seconds(0), .cpu_s = {}};
    for (const pid_t pid : options.pids) out.cpu_s.push_back(cpu_seconds(pid));
    return out;
}

void show_progress(const Reading& before, const Reading& now, std::size_t in_flight) {
    const double seconds = seconds_between(before, now);
    fmt::print(stderr, "final {:>9}  {:>7.0f}/s  blocks {:>6}  in flight {:>6}  refused {}\n", now.counts.finalized,
               static_cast<double>(now.counts.finalized - before.counts.finalized) / seconds, now.counts.blocks,
               in_flight, now.counts.refused);
}

void print_report(const Options& options, const Reading& from, const Reading& to, const Flight& flight) {
    const double seconds = seconds_between(from, to);
    const auto finalized = to.counts.finalized - from.counts.finalized;
    const auto each_us = [&](double cpu_s) {
        return finalized == 0 ? 0.0 : cpu_s * 1e6 / static_cast<double>(finalized);
    };
    const auto latencies = flight.latencies_ms(from.at);
    double all_cpu_s = to.own_cpu_s - from.own_cpu_s;
    json::array nodes;
    for (std::size_t i = 0; i < options.pids.size(); ++i) {
        const double cpu_s = to.cpu_s[i] - from.cpu_s[i];
        const Memory held = memory(options.pids[i]);
        all_cpu_s += cpu_s;
        nodes.push_back(json::object{{"pid", options.pids[i]},
                                     {"cpu_us_per_transfer", each_us(cpu_s)},
                                     {"rss_mb", static_cast<double>(held.now) / 1e6},
                                     {"rss_most_mb", static_cast<double>(held.most) / 1e6}});
    }
    const json::object report{{"seconds", seconds},
                              {"finalized", finalized},
                              {"finalized_per_s", static_cast<double>(finalized) / seconds},
                              {"all_finalized", flight.counts().finalized},
                              {"blocks", to.counts.blocks - from.counts.blocks},
                              {"refused", to.counts.refused},
                              {"latency_p50_ms", percentile(latencies, 0.5)},
                              {"latency_p99_ms", percentile(latencies, 0.99)},
                              {"generator_cpu_us_per_transfer", each_us(to.own_cpu_s - from.own_cpu_s)},
                              {"cpu_us_per_transfer", each_us(all_cpu_s)},
                              {"load_average", load_average()},
                              {"nodes", nodes}};
    if (options.is_json) {
        fmt::print("{}\n", json::serialize(report));
        return;
    }
    fmt::print("{} transfers final in {:.1f} s: {:.0f} a second, in {} blocks\n", finalized, seconds,
               static_cast<double>(finalized) / seconds, to.counts.blocks - from.counts.blocks);
    fmt::print("submission to finality: p50 {:.0f} ms, p99 {:.0f} ms; {} refused and sent again\n",
               percentile(latencies, 0.5), percentile(latencies, 0.99), to.counts.refused);
    fmt::print("CPU a transfer: {:.0f} us in all, {:.0f} us of it here; load average {:.1f}\n", each_us(all_cpu_s),
               each_us(to.own_cpu_s - from.own_cpu_s), load_average());
    for (std::size_t i = 0; i < options.pids.size(); ++i) {
        const Memory held = memory(options.pids[i]);
        fmt::print("  process {}: {:.0f} us a transfer, {:.0f} MB, at most {:.0f} MB\n", options.pids[i],
                   each_us(to.cpu_s[i] - from.cpu_s[i]), static_cast<double>(held.now) / 1e6,
                   static_cast<double>(held.most) / 1e6);
    }
}

}  // namespace load
