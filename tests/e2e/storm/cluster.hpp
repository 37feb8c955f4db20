#pragma once
// Validators, and one follower behind them, each a process in a house of its own.

#include "house.hpp"
#include "tests/e2e/crash/node_process.hpp"
#include "tests/support/temp_folder.hpp"

#include <atomic>
#include <optional>

namespace tests {

class Cluster {
public:
    /// Makes houses, keys and the chain file; starts nobody. `clocks`: whose wall clock can be set.
    Cluster(std::size_t validators, const std::vector<std::size_t>& clocks);

    std::size_t validators() const { return validators_; }
    std::size_t follower() const { return validators_; }
    std::size_t size() const { return validators_ + 1; }
    const House& house(std::size_t i) const { return *houses_[i]; }

    /// Returns when its JSON-RPC listens. False where it ended instead.
    bool start(std::size_t i);
    void signal(std::size_t i, int number);
    /// The exit status, after it ended by itself or by a signal; nothing where it goes on for so long.
    std::optional<int> wait(std::size_t i, int seconds);
    /// Removes all that the follower has: it must not run.
    void forget_follower();
    void set_clock(std::size_t i, std::int32_t by_s) const;

    /// Whether the last line that it wrote is of a time that is off by about so much.
    bool shows_clock(std::size_t i, std::int32_t by_s) const;

    /// Whether it runs, is not paused and takes calls: what other threads may talk to.
    bool is_reachable(std::size_t i) const { return reachable_[i]; }
    std::string url(std::size_t i) const { return "unix:" + data(i).string() + ".sock"; }
    std::filesystem::path data(std::size_t i) const { return folder_.path() / ("node" + std::to_string(i)); }
    /// Of all its lives.
    std::string log(std::size_t i) const;

private:
    std::vector<std::string> arguments_of(std::size_t i) const;

    TempFolder folder_;
    std::size_t validators_;
    std::vector<std::size_t> clocks_;
    std::vector<std::string> ids_;
    std::vector<std::unique_ptr<House>> houses_;
    std::vector<std::unique_ptr<NodeProcess>> nodes_;
    std::vector<std::string> past_logs_;
    std::vector<std::atomic<bool>> reachable_;
};

}  // namespace tests
