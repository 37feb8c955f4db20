#pragma once
// Other programs, run by argument vector: no shell ever sees a word that came from outside.

#include "chain/base/result.hpp"
#include "gpu-worker/containers/files.hpp"

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace worker {

struct Command {
    std::vector<std::string> argv;           // argv[0] is looked up in the fixed path below
    std::string input;                       // standard input
    std::uint64_t timeout_ms = 60'000;       // then KILL
    std::size_t output_bytes_max = 8 << 20;  // of standard output; more is a fault. Error output keeps its last 8 KiB
    std::uint64_t file_bytes_max = 0;        // RLIMIT_FSIZE; 0: as we have it
    int network_namespace = -1;              // a namespace's descriptor to enter first
};

struct Output {
    int code = 0;  // 128 + signal
    std::string out;
    std::string error;
};

/// The child's whole environment: PATH and a C locale, nothing of ours.
inline constexpr const char* safe_path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";

/// Runs and waits. Fault: it could not be started, took too long or wrote too much. A code that is not 0 is no fault.
chain::Result<Output> run(const Command& command);

/// As run, but a code that is not 0 is a fault too: "nft: …last line of its error output…".
chain::Result<std::string> run_ok(const Command& command);

struct Stdio {
    int in = -1;
    int out = -1;    // -1: /dev/null
    int error = -1;  // -1: /dev/null
};

/// Starts argv and does not wait. `keep` descriptors stay open in it under their own numbers; all others of ours close
/// on exec. The child leads a session of its own, so that no signal to ours reaches it.
chain::Result<pid_t> start(const std::vector<std::string>& argv, const Stdio& stdio, const std::vector<int>& keep);

}  // namespace worker
