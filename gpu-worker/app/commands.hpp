#pragma once
// tephra-worker's commands. Each returns the exit status: 0 done, 1 failed (said on standard error).

#include "gpu-worker/host/config.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace worker::app {

struct InitOptions {
    std::string config;  // file to write
    std::string data;    // folder for keys and jobs
    std::string node = NodeSettings{}.endpoint;
    std::string node_key;  // hexadecimal, or @file
    std::string endpoint;
    std::string listen = OfferSettings{}.listen;
    std::string region;
    std::uint8_t slots = 1;
    std::vector<std::string> images;  // NAME=PLACE
};

/// Makes the machine's keys and a configuration file, and says what comes next.
int init(const InitOptions& options);
/// Asks the node what a registration needs, measures the machine, signs, writes the owner's file ("-": standard
/// output).
int make_registration(const std::string& config, const std::string& owner, const std::string& out);
/// Says what would fail and how to mend it; 1 where something would.
int selftest(const std::string& config);
/// Serves leases until SIGTERM or SIGINT. Jobs go on without it, and the next run finds them.
int run(const std::string& config);
/// Ends every job and removes every mount, namespace, cgroup and file of jobs and images. Keys stay.
int clean(const std::string& config);

}  // namespace worker::app
