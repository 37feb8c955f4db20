// Agreement in the simulator: how fast blocks become final on a simulated Earth, and how fast the simulator itself is.

#include "chain/base/check.hpp"
#include "tests/bench/bench.hpp"
#include "tests/simulation/report.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

#include <ctime>

namespace {

double ms(simulation::Micros us) { return static_cast<double>(us) / 1e3; }

void finality(bench::Recorder& recorder) {
    for (const std::uint32_t crashed : {0U, 6U}) {
        const auto outcome = simulation::run_for_finality(21, crashed, recorder.smoke() ? 5 : 600);
        chain::check(!outcome.violation);
        const std::string name = fmt::format("agreement/finality/n=21/crashed={}", crashed);
        recorder.remark(name + "/p50", ms(simulation::percentile(outcome.finality_us, 0.5)), "ms simulated");
        recorder.remark(name + "/p99", ms(simulation::percentile(outcome.finality_us, 0.99)), "ms simulated");
        recorder.remark(name + "/interval", ms(outcome.simulated_us) / std::max(outcome.blocks, 1U), "ms simulated");
    }
}

void speed(bench::Recorder& recorder) {
    timespec before{};
    timespec after{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
    const auto outcome = simulation::run_for_speed(recorder.smoke() ? 10 : 3'600);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
    chain::check(!outcome.violation);
    const double cpu_us = static_cast<double>(after.tv_sec - before.tv_sec) * 1e6 +
                          static_cast<double>(after.tv_nsec - before.tv_nsec) / 1e3;
    recorder.remark("agreement/simulator/n=4", static_cast<double>(outcome.simulated_us) / cpu_us, "× real time");
}

const bench::Group finality_group{"agreement/finality", finality};
const bench::Group speed_group{"agreement/simulator", speed};

}  // namespace
