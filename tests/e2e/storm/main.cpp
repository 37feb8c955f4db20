// e2e_storm: a network of real nodes in bad weather. The seed that it prints makes the same schedule again.

#include "storm.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <random>

namespace {

constexpr int skipped = 77;

/// As many validators as may be wrong at once, the last ones: to fake a clock costs its node time.
std::vector<std::size_t> clocks_of(std::size_t validators) {
    std::vector<std::size_t> out;
    for (std::size_t i = validators - (validators - 1) / 3; i < validators; ++i) out.push_back(i);
    return out;
}

}  // namespace

int main(int count, char** arguments) {
    CLI::App app{
        "Real validators in network namespaces: kill -9, pauses, cuts, full disks, wrong clocks, newcomers, "
        "restarts. Needs root."};
    std::size_t validators = 7;
    std::uint64_t seed = std::random_device{}();
    int seconds = 600;
    app.add_option("--validators", validators, "So many, and a follower")
        ->check(CLI::IsMember({4, 7}))
        ->capture_default_str();
    app.add_option("--seed", seed, "Of the schedule [a new one]");
    app.add_option("--seconds", seconds, "No trouble begins later")->capture_default_str();
    CLI11_PARSE(app, count, arguments);

    if (const auto why = tests::leave_the_machine(); !why.empty()) {
        fmt::print("SKIPPED: {}\n", why);
        return skipped;
    }
    const auto clocks = clocks_of(validators);
    const auto steps = tests::draw_schedule(seed, validators, clocks, 1'000);
    fmt::print("{} validators; again with --validators {} --seed {} --seconds {}\n", validators, validators, seed,
               seconds);
    tests::Storm storm{validators, seed, clocks};
    const bool held = storm.run(steps, seconds);
    fmt::print("{}\n", held ? "all promises held" : fmt::format("BROKEN, seed {}", seed));
    return held ? 0 : 1;
}
