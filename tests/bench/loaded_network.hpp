#pragma once
// Networks of real nodes under tephra-load.

#include "tests/e2e/network/network.hpp"

#include <string>
#include <vector>

namespace bench {

/// What tephra-load reports.
struct LoadReport {
    double finalized_per_s = 0;
    double all_finalized = 0;                  ///< transfers, with those before and after the measured time
    double cpu_us_per_transfer = 0;            ///< of all nodes and the generator
    double generator_cpu_us_per_transfer = 0;  ///< part of it
    double latency_p50_ms = 0;
    double latency_p99_ms = 0;
    double blocks = 0;
    double most_rss_mb = 0;  ///< of the largest node
    double load_average = 0;
};

/// Sends through these nodes; `more` are further arguments.
LoadReport run_load(tests::Network& network, const std::vector<std::size_t>& nodes, double seconds,
                    const std::vector<std::string>& more = {});

/// The same in the background, until `stop`.
class BackgroundLoad {
public:
    BackgroundLoad(const std::vector<std::string>& urls, double rate);
    ~BackgroundLoad() { stop(); }
    BackgroundLoad(const BackgroundLoad&) = delete;
    BackgroundLoad& operator=(const BackgroundLoad&) = delete;
    void stop();

private:
    pid_t pid_ = -1;
};

/// What every node of such a network is told.
std::vector<std::string> loaded_node(int block_interval_ms);

}  // namespace bench
