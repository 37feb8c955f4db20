// tephra-sim-mutants: breaks each rule of agreement in turn and sees that some checker notices.

#include "tests/simulation/mutants.hpp"

#include <fmt/format.h>

int main(int count, char** arguments) {
    const std::string_view only = count > 1 ? arguments[1] : "";
    bool all_killed = true;
    fmt::print("{:<28}{:>8}{:>8}  {}\n", "rule broken", "seeds", "allowed", "noticed by");
    for (const simulation::MutantCase& each : simulation::mutant_cases()) {
        if (!only.empty() && each.name != only) continue;
        if (each.seeds == 0) {
            fmt::print("{:<28}{:>8}{:>8}  {}\n", each.name, "-", "-", each.why_not);
            continue;
        }
        const auto killed = simulation::hunt(each);
        if (killed) fmt::print("{:<28}{:>8}{:>8}  {}\n", each.name, killed->seeds, each.seeds, killed->by);
        else fmt::print("{:<28}{:>8}{:>8}  SURVIVED\n", each.name, "-", each.seeds);
        std::fflush(stdout);
        all_killed = all_killed && killed.has_value();
    }
    return all_killed ? 0 : 1;
}
