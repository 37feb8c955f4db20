#pragma once
// A tephra-node of its own process, on ports that the kernel chooses.

#include "rpc/client/chain_client.hpp"

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace tests {

class NodeProcess {
public:
    enum class Return : std::uint8_t { WhenItListens, AtOnce };

    /// Starts `tephra-node run` on this data folder, with blocks every 20 ms when there is work unless
    /// `more` says --block-interval-ms. Returns once JSON-RPC
    /// listens or the process has ended, or at once.
    explicit NodeProcess(const std::filesystem::path& data, std::vector<std::string> more = {},
                         Return when = Return::WhenItListens,
                         const std::string& chain = TEPHRA_SOURCE_DIR "/genesis/dev.json");
    /// Kills what still runs.
    ~NodeProcess();
    NodeProcess(const NodeProcess&) = delete;
    NodeProcess& operator=(const NodeProcess&) = delete;

    bool is_running();
    /// The exit status, after the process has ended by itself; -N for signal N.
    int wait();
    void signal(int number) const;
    pid_t pid() const { return pid_; }
    /// "ws://127.0.0.1:PORT"
    const std::string& url() const { return url_; }
    /// All that it wrote.
    std::string log() const;

private:
    void note(int status);

    std::filesystem::path log_;
    pid_t pid_ = -1;
    int status_ = 0;
    std::string url_;
};

/// Runs `tephra-node ARGUMENTS…` to its end; output of both streams in `text`.
int run_node(const std::vector<std::string>& arguments, std::string& text);

}  // namespace tests
