#include "tests/bench/bench.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <memory>
#include <optional>

namespace bench {

namespace {

struct Registered {
    std::string_view name;
    void (*run)(Recorder&);
};

std::vector<Registered>& groups() {
    static std::vector<Registered> all;
    return all;
}

double clock_us(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

struct Spent {
    double cpu_us = 0;
    double wall_us = 0;
};

Spent spent_by(const std::function<void()>& body) {
    const double wall = clock_us(CLOCK_MONOTONIC);
    const double cpu = clock_us(CLOCK_THREAD_CPUTIME_ID);
    body();
    return {clock_us(CLOCK_THREAD_CPUTIME_ID) - cpu, clock_us(CLOCK_MONOTONIC) - wall};
}

Figure sorted(Figure figure) {
    std::ranges::sort(figure.cpu_us);
    std::ranges::sort(figure.wall_us);
    return figure;
}

double median(const std::vector<double>& sorted) { return sorted[sorted.size() / 2]; }

std::string first_line(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe{popen(command.c_str(), "r"), pclose};
    std::array<char, 256> line{};
    if (pipe == nullptr || fgets(line.data(), line.size(), pipe.get()) == nullptr) return "unknown";
    std::string text = line.data();
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

std::string processor() {
    std::ifstream file{"/proc/cpuinfo"};
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("model name")) return line.substr(line.find(": ") + 2);
    return "unknown";
}

/// What a figure is worth depends on where it was taken.
struct Place {
    std::string cpu = processor();
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    std::string load = first_line("cut -d' ' -f1-3 /proc/loadavg");
    std::string commit = first_line("git -C " TEPHRA_SOURCE_DIR " describe --always --dirty 2>/dev/null");
    std::string build = TEPHRA_BUILD_TYPE;
};

struct Options {
    std::size_t runs = 7;
    bool json = false;
    bool smoke = false;
    bool list = false;
    std::vector<std::string_view> patterns;
};

constexpr std::string_view usage =
    "usage: tephra-bench [--json] [--runs N] [--list] [--smoke] [GROUP...]\n"
    "Measures the groups whose names contain GROUP, or all. Figures count in a release build:\n"
    "  cmake --preset release && ninja -C build/release tephra-bench && build/release/bin/tephra-bench state/root\n";

std::optional<Options> parse(int count, char** arguments) {
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string_view argument = arguments[i];
        if (argument == "--json") options.json = true;
        else if (argument == "--smoke") options.smoke = true;
        else if (argument == "--list") options.list = true;
        else if (argument == "--runs" && i + 1 < count) {
            const std::string_view number = arguments[++i];
            const auto end = std::from_chars(number.begin(), number.end(), options.runs).ptr;
            if (end != number.end() || options.runs == 0) return std::nullopt;
        } else if (argument.starts_with("-")) return std::nullopt;
        else options.patterns.push_back(argument);
    }
    return options;
}

bool wanted(const Options& options, std::string_view name) {
    return options.patterns.empty() || std::ranges::any_of(options.patterns, [&](std::string_view pattern) {
               return name.find(pattern) != std::string_view::npos || pattern.starts_with(name);
           });
}

void print_table(const Recorder& recorder, const Place& place) {
    fmt::print("{} × {}, load {}, commit {}, {}\n\n", place.cores, place.cpu, place.load, place.commit, place.build);
    fmt::print("{:<44}{:>12}{:>12}{:>12}{:>12}  {}\n", "case", "CPU us/op", "least", "most", "wall us/op", "target");
    for (const Figure& figure : recorder.figures()) {
        const double us = median(figure.cpu_us);
        const std::string target = figure.of.target_us == 0    ? ""
                                   : us <= figure.of.target_us ? fmt::format("{} met", figure.of.target_us)
                                                               : fmt::format("{} MISSED", figure.of.target_us);
        fmt::print("{:<44}{:>12.3f}{:>12.3f}{:>12.3f}{:>12.3f}  {}\n", figure.of.name, us, figure.cpu_us.front(),
                   figure.cpu_us.back(), median(figure.wall_us), target);
    }
    for (const Remark& remark : recorder.remarks())
        fmt::print("{:<44}{:>12.1f} {}\n", remark.name, remark.value, remark.unit);
}

void print_json(const Recorder& recorder, const Place& place) {
    boost::json::array figures;
    for (const Figure& figure : recorder.figures()) {
        figures.push_back({{"name", figure.of.name},
                           {"operation", figure.of.operation},
                           {"operations", figure.of.operations},
                           {"runs", figure.cpu_us.size()},
                           {"cpu_us_median", median(figure.cpu_us)},
                           {"cpu_us_least", figure.cpu_us.front()},
                           {"cpu_us_most", figure.cpu_us.back()},
                           {"wall_us_median", median(figure.wall_us)},
                           {"target_us", figure.of.target_us}});
    }
    boost::json::array remarks;
    for (const Remark& remark : recorder.remarks())
        remarks.push_back({{"name", remark.name}, {"value", remark.value}, {"unit", remark.unit}});
    const boost::json::object all{{"cpu", place.cpu},
                                  {"cores", place.cores},
                                  {"load", place.load},
                                  {"commit", place.commit},
                                  {"build", place.build},
                                  {"figures", std::move(figures)},
                                  {"remarks", std::move(remarks)}};
    fmt::print("{}\n", boost::json::serialize(all));
}

int run(const Options& options) {
    std::ranges::sort(groups(), {}, &Registered::name);
    Recorder recorder{options.smoke ? 1 : options.runs, options.smoke};
    const Place place;
    for (const Registered& group : groups()) {
        if (!wanted(options, group.name)) continue;
        if (options.list) fmt::print("{}\n", group.name);
        else group.run(recorder);
    }
    if (options.list) return 0;
    if (recorder.figures().empty() && recorder.remarks().empty()) {
        fmt::print(stderr, "no group has such a name; --list shows them\n");
        return 1;
    }
    if (options.json) print_json(recorder, place);
    else print_table(recorder, place);
    return 0;
}

}  // namespace

void Recorder::time(Case what, const std::function<void()>& prepare, const std::function<void()>& body) {
    Figure figure{.of = std::move(what)};
    // One run more than is counted: the first one warms caches and branch predictors up.
    for (std::size_t i = 0; i <= runs_; ++i) {
        prepare();
        const Spent spent = spent_by(body);
        if (i != 0) figure.add(spent.cpu_us, spent.wall_us);
    }
    figures_.push_back(sorted(std::move(figure)));
}

void Recorder::time_beyond(Case what, Case beyond, const std::function<void()>& prepare,
                           const std::function<void()>& floor, const std::function<void()>& body) {
    Figure whole{.of = std::move(what)};
    Figure rest{.of = std::move(beyond)};
    for (std::size_t i = 0; i <= runs_; ++i) {
        prepare();
        const Spent under = spent_by(floor);
        const Spent spent = spent_by(body);
        if (i == 0) continue;
        whole.add(spent.cpu_us, spent.wall_us);
        rest.add(spent.cpu_us - under.cpu_us, spent.wall_us - under.wall_us);
    }
    figures_.push_back(sorted(std::move(whole)));
    figures_.push_back(sorted(std::move(rest)));
}

void Recorder::remark(std::string name, double value, std::string unit) {
    remarks_.push_back({std::move(name), value, std::move(unit)});
}

Group::Group(std::string_view name, void (*run)(Recorder&)) { groups().push_back({name, run}); }

std::size_t resident_bytes() {
    std::ifstream file{"/proc/self/statm"};
    std::size_t total = 0;
    std::size_t resident = 0;
    file >> total >> resident;
    return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace bench

int main(int count, char** arguments) {
    const auto options = bench::parse(count, arguments);
    if (!options) {
        fmt::print(stderr, "{}", bench::usage);
        return 2;
    }
    return bench::run(*options);
}
