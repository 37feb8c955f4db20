// tephra-sim: the simulator's command line. tools/sim builds and runs it.

#include "tests/simulation/ledger/real_chain.hpp"
#include "tests/simulation/points.hpp"
#include "tests/simulation/report.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <ctime>
#include <fstream>
#include <optional>

namespace {

using simulation::Outcome;

constexpr std::string_view usage =
    "usage: tephra-sim SEED                   one run, told in full\n"
    "       tephra-sim --seeds N [--from S]   N runs, and what came of them\n"
    "       tephra-sim --list FILE            the seeds of a file, one a line\n"
    "       tephra-sim --twins N              N runs with twins: validators that run twice\n"
    "       tephra-sim --twice N              N runs, each twice: they must be the same\n"
    "       tephra-sim --points [N]           every kind of record at every point of its way to the disk, N seeds "
    "each\n"
    "       tephra-sim --speed [SECONDS]      consensus alone: 4 nodes, 4 views a second\n"
    "       tephra-sim --ledger N [--from S]  N runs with pool, ledger and runtime\n"
    "       tephra-sim --ledger-speed [SECONDS]\n"
    "       tephra-sim --ledger-unshared N [--from S]  the same, each node checking every signature itself\n"
    "       tephra-sim --newcomers N [--from S]        a node without a chain among peers most of whom cheat\n"
    "       tephra-sim --ledger-newcomers N [--from S] the same with pool, ledger and runtime\n"
    "       tephra-sim --journals N [--from S]         journals in small parts, machines that die often\n"
    "       tephra-sim --silent [SECONDS]     what silent leaders cost an idle chain\n"
    "       tephra-sim --finality             21 validators in 10 regions, none and 6 crashed\n";

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void tell(const Outcome& outcome) {
    fmt::print("seed {} broke {}: {}\n    {}\n", outcome.seed, name(outcome.violation->promise),
               outcome.violation->text, outcome.text);
    std::fflush(stdout);
}

int run_one(std::uint64_t seed) {
    fmt::print("seed {}: {}\n", seed, simulation::text(simulation::draw(seed)));
    const auto start = std::chrono::steady_clock::now();
    const Outcome outcome = simulation::run_seed(seed);
    simulation::Totals totals;
    totals.add(outcome);
    fmt::print("{}", totals.text(seconds_since(start)));
    if (outcome.violation) tell(outcome);
    return outcome.violation ? 1 : 0;
}

int run_all(const std::vector<std::uint64_t>& seeds, Outcome (*run)(std::uint64_t) = simulation::run_seed) {
    const auto start = std::chrono::steady_clock::now();
    simulation::Totals totals;
    for (const std::uint64_t seed : seeds) {
        const Outcome outcome = run(seed);
        totals.add(outcome);
        if (outcome.violation) tell(outcome);
    }
    fmt::print("{}", totals.text(seconds_since(start)));
    return totals.broken() == 0 ? 0 : 1;
}

std::vector<std::uint64_t> seeds_of(const char* path) {
    std::vector<std::uint64_t> seeds;
    std::ifstream file{path};
    for (std::string line; std::getline(file, line);) {
        const auto word = line.substr(0, line.find_first_of(" \t#"));
        if (const auto seed = number(word)) seeds.push_back(*seed);
    }
    return seeds;
}

template <simulation::Scenario (*scenario)(std::uint64_t)>
Outcome run_scenario(std::uint64_t seed) {
    return simulation::run(scenario(seed));
}

/// What runs so many seeds of something.
struct Family {
    std::string_view word;
    Outcome (*run)(std::uint64_t);
};
constexpr std::array families{Family{"--seeds", simulation::run_seed},
                              Family{"--twins", run_scenario<simulation::twins>},
                              Family{"--newcomers", run_scenario<simulation::newcomer>},
                              Family{"--journals", run_scenario<simulation::small_journals>},
                              Family{"--ledger", simulation::run_ledger_seed},
                              Family{"--ledger-unshared", simulation::run_unshared_ledger_seed},
                              Family{"--ledger-newcomers", simulation::run_ledger_newcomer}};

int show_silence(std::uint64_t simulated_s) {
    // Delays between the votes, and the clocks' drift.
    constexpr std::int64_t excess_us_allowed = 500'000;
    bool is_fine = true;
    for (const auto& [validators, silent] : {std::pair{4U, 1U}, {7U, 2U}, {10U, 3U}}) {
        simulation::Silence all;
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            const auto one = simulation::run_with_silent_leaders(seed, validators, silent, simulated_s);
            all.intervals += one.intervals;
            all.with_one += one.with_one;
            all.with_more += one.with_more;
            all.excess_us_max = std::max(all.excess_us_max, one.excess_us_max);
            all.longest_us = std::max(all.longest_us, one.longest_us);
            if (one.violation) fmt::print("broke {}: {}\n", name(one.violation->promise), one.violation->text);
            is_fine = is_fine && !one.violation;
        }
        fmt::print(
            "{} of {} leaders silent: {} rests, {} with one view nullified, {} with more; the longest {:.1f} s, at "
            "most "
            "{} ms more than one rest and the patience with each\n",
            silent, validators, all.intervals, all.with_one, all.with_more, static_cast<double>(all.longest_us) / 1e6,
            all.excess_us_max / 1'000);
        is_fine = is_fine && all.excess_us_max <= excess_us_allowed && all.with_one > 0 && all.with_more > 0;
    }
    return is_fine ? 0 : 1;
}

int run_points(std::uint32_t seeds) {
    const auto start = std::chrono::steady_clock::now();
    const simulation::Matrix matrix = simulation::run_matrix(seeds);
    std::uint32_t reached = 0;
    for (const simulation::Cell& cell : matrix.cells) {
        fmt::print("{:<36} died there in {} of {} runs\n", name(cell), cell.reached, cell.runs);
        if (cell.reached >= simulation::cell_reached_min) ++reached;
    }
    for (const Outcome& outcome : matrix.broken) tell(outcome);
    fmt::print("{} cells, {} reached in {} runs or more, {} runs broke a promise, {:.1f} s\n", matrix.cells.size(),
               reached, simulation::cell_reached_min, matrix.broken.size(), seconds_since(start));
    return matrix.broken.empty() && reached == matrix.cells.size() ? 0 : 1;
}

int run_twice(std::uint64_t runs) {
    for (std::uint64_t seed = 1; seed <= runs; ++seed) {
        const Outcome first = simulation::run_seed(seed);
        const Outcome second = simulation::run_seed(seed);
        if (first.trace == second.trace && first.events == second.events) continue;
        fmt::print("seed {} ran differently: {} events, then {}\n", seed, first.events, second.events);
        return 1;
    }
    fmt::print("{} seeds ran twice alike\n", runs);
    return 0;
}

int show_speed(std::uint64_t simulated_s, Outcome (*run)(std::uint64_t)) {
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t ticks = std::clock();
    const Outcome outcome = run(simulated_s);
    const double wall = seconds_since(start);
    const double core = static_cast<double>(std::clock() - ticks) / CLOCKS_PER_SEC;
    const double simulated = static_cast<double>(outcome.simulated_us) / 1e6;
    fmt::print(
        "{} blocks in {:.0f} s simulated, {:.2f} s of wall time: {:.0f} × real time; {:.2f} s of one core: {:.0f} ×, "
        "{:.2f} µs an event\n",
        outcome.blocks, simulated, wall, simulated / wall, core, simulated / core,
        core * 1e6 / static_cast<double>(outcome.events));
    if (outcome.violation) fmt::print("broke {}: {}\n", name(outcome.violation->promise), outcome.violation->text);
    return outcome.violation ? 1 : 0;
}

int show_finality() {
    for (const std::uint32_t crashed : {0U, 6U}) {
        const Outcome outcome = simulation::run_for_finality(21, crashed, 600);
        fmt::print(
            "21 validators in 10 regions, {} crashed: finality p50 {} ms, p99 {} ms; {} blocks, one every {} ms\n",
            crashed, simulation::percentile(outcome.finality_us, 0.5) / 1'000,
            simulation::percentile(outcome.finality_us, 0.99) / 1'000, outcome.blocks,
            outcome.blocks == 0 ? 0 : outcome.simulated_us / outcome.blocks / 1'000);
        if (outcome.violation) {
            fmt::print("broke {}: {}\n", name(outcome.violation->promise), outcome.violation->text);
            return 1;
        }
    }
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    const std::vector<std::string_view> words{arguments + 1, arguments + count};
    if (!words.empty() && words[0] == "--speed")
        return show_speed(words.size() == 2 ? number(words[1]).value_or(3'600) : 3'600, simulation::run_for_speed);
    if (!words.empty() && words[0] == "--ledger-speed")
        return show_speed(words.size() == 2 ? number(words[1]).value_or(600) : 600, simulation::run_ledgers_for_speed);
    if (words.size() == 1 && words[0] == "--finality") return show_finality();
    if (words.size() == 2 && words[0] == "--list") return run_all(seeds_of(arguments[2]));
    if (words.size() == 1)
        if (const auto seed = number(words[0])) return run_one(*seed);
    if (!words.empty() && words[0] == "--points")
        return run_points(static_cast<std::uint32_t>(words.size() == 2 ? number(words[1]).value_or(4) : 4));
    if (words.size() == 2 && words[0] == "--twice")
        if (const auto runs = number(words[1])) return run_twice(*runs);
    if (!words.empty() && words[0] == "--silent")
        return show_silence(words.size() == 2 ? number(words[1]).value_or(1'200) : 1'200);
    for (const Family& family : families) {
        if (words.empty() || words[0] != family.word) continue;
        const auto runs = words.size() == 2 || words.size() == 4 ? number(words[1]) : std::nullopt;
        const auto first = words.size() == 4 && words[2] == "--from" ? number(words[3]) : 1;
        if (!runs || !first) break;
        std::vector<std::uint64_t> seeds;
        for (std::uint64_t i = 0; i < *runs; ++i) seeds.push_back(*first + i);
        return run_all(seeds, family.run);
    }
    fmt::print(stderr, "{}", usage);
    return 2;
}
