#pragma once
// The frame of tephra-bench. A file here registers a group; the group sets its world up and measures cases named
// `library/operation/n=…`. What counts is CPU time of the calling thread, because machines are shared; wall time stands
// beside it.
//
//     void transfers(bench::Recorder& recorder) {
//         recorder.time({.name = "runtime/transfer/n=1000", .operation = "transfer", .operations = 1'000},
//                       [&] { world.reset(); }, [&] { world.apply_all(); });
//     }
//     const bench::Group group{"runtime/transfer", transfers};

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

struct Case {
    std::string name;
    /// What is counted, in the singular: "update", "transfer".
    std::string operation;
    /// How many of them one run does.
    std::size_t operations = 1;
    /// Time that is allowed, in microseconds of CPU an operation; 0 = no target.
    double target_us = 0;
};

struct Figure {
    Case of;
    /// Microseconds an operation, one for each run, ascending.
    std::vector<double> cpu_us;
    std::vector<double> wall_us;

    /// Adds a run, by what all of its operations took together.
    void add(double cpu_us_of_all, double wall_us_of_all) {
        cpu_us.push_back(cpu_us_of_all / static_cast<double>(of.operations));
        wall_us.push_back(wall_us_of_all / static_cast<double>(of.operations));
    }
};

/// A number that is no time: memory, ratios.
struct Remark {
    std::string name;
    double value = 0;
    std::string unit;
};

class Recorder {
public:
    Recorder(std::size_t runs, bool smoke) : runs_(runs), smoke_(smoke) {}

    /// Runs `prepare` (not measured) and `body` (measured) several times.
    void time(Case what, const std::function<void()>& prepare, const std::function<void()>& body);
    /// The same, with `floor` measured before each `body`. What a body takes beyond its floor becomes a case of its
    /// own, `beyond`: the two run one after the other, so that a machine that is slower at times is slower for both.
    void time_beyond(Case what, Case beyond, const std::function<void()>& prepare, const std::function<void()>& floor,
                     const std::function<void()>& body);
    void remark(std::string name, double value, std::string unit);

    /// A smoke run asks whether the cases still work: worlds may be a thousandth of their size.
    bool smoke() const { return smoke_; }
    std::size_t scaled(std::size_t size) const { return smoke_ ? size / 1'000 + 10 : size; }

    const std::vector<Figure>& figures() const { return figures_; }
    const std::vector<Remark>& remarks() const { return remarks_; }

private:
    std::size_t runs_;
    bool smoke_;
    std::vector<Figure> figures_;
    std::vector<Remark> remarks_;
};

/// Registers a group of cases under the beginning of their names. Make one at namespace scope.
class Group {
public:
    Group(std::string_view name, void (*run)(Recorder&));
};

/// Physical memory that this process holds, in bytes.
std::size_t resident_bytes();

/// Keeps a result from being optimised away.
template <class T>
void keep(const T& value) {
    asm volatile("" : : "r,m"(&value) : "memory");
}

}  // namespace bench
