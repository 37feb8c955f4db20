#pragma once
// What the load generator is told.

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace load {

struct Options {
    std::vector<std::string> nodes{"ws://127.0.0.1:9944"};
    std::size_t senders = 2'000;
    /// Transfers go to so many of the chain's numbered accounts; 0: from sender to sender.
    std::uint64_t recipients = 0;
    double seconds = 30;
    /// Seconds at the start that do not count.
    double warm_up = 5;
    /// Transfers a second over all nodes; 0: as many as the window lets through.
    double rate = 0;
    /// Transfers that were submitted and are not final.
    std::size_t window = 6'000;
    /// Calls in one WebSocket message.
    std::size_t batch = 100;
    /// Transfers signed before the clock starts; what is needed beyond is signed on the way.
    std::size_t signed_before = 0;
    /// Processes whose CPU time and memory are reported beside.
    std::vector<pid_t> pids;
    bool is_json = false;
    bool is_quiet = false;
};

}  // namespace load
