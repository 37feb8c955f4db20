#pragma once
// What a run showed.

#include "tools/load/flight.hpp"
#include "tools/load/options.hpp"

namespace load {

/// Everything that is read at one moment.
struct Reading {
    Clock::time_point at;
    Counts counts;
    double own_cpu_s = 0;
    std::vector<double> cpu_s;  ///< of each of Options::pids
};

Reading read_now(const Options& options, const Flight& flight);

/// A line for who waits, since the reading before.
void show_progress(const Reading& before, const Reading& now, std::size_t in_flight);
/// The whole run between two readings, as text or JSON on standard output.
void print_report(const Options& options, const Reading& from, const Reading& to, const Flight& flight);

}  // namespace load
