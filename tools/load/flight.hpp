#pragma once
// Transfers that were submitted and are not final, and what became of the others. Safe from every thread.

#include "tools/load/transfers.hpp"

#include <chrono>
#include <mutex>
#include <span>
#include <unordered_map>

namespace load {

using Clock = std::chrono::steady_clock;

/// What was counted, up to now.
struct Counts {
    std::uint64_t submitted = 0;
    std::uint64_t refused = 0;    ///< by a pool; sent again later
    std::uint64_t finalized = 0;  ///< transfers of this program in final blocks
    std::uint64_t blocks = 0;     ///< final blocks seen
};

class Flight {
public:
    explicit Flight(std::size_t window) : window_(window) {}

    /// How many more may be submitted now.
    std::size_t room() const;
    void submitted(std::span<const Transfer> transfers);
    /// The pool did not take them.
    void refused(std::span<const Transfer> transfers);
    /// A block became final with these extrinsics in it.
    void finalized(std::span<const std::uint64_t> ids);

    Counts counts() const;
    /// Milliseconds from submission to finality of what became final since `since`, ascending.
    std::vector<double> latencies_ms(Clock::time_point since) const;

private:
    struct Done {
        Clock::time_point at;
        float ms = 0;
    };
    std::size_t window_;
    // Guards all below.
    mutable std::mutex mutex_;
    std::unordered_map<std::uint64_t, Clock::time_point> flying_;
    std::vector<Done> done_;
    Counts counts_;
};

}  // namespace load
