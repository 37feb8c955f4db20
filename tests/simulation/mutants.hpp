#pragma once
// Rules broken on purpose: each must be noticed within a stated number of seeds, or the list says why it cannot be.

#include "consensus/types/mutant.hpp"
#include "tests/simulation/scenario.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace simulation {

struct MutantCase {
    consensus::Mutant mutant{};
    std::string_view name;
    /// Within so many seeds; 0: it cannot be noticed.
    std::uint32_t seeds = 0;
    /// Turns a drawn scenario towards where the rule matters.
    void (*focus)(Scenario& scenario) = nullptr;
    std::string_view why_not;
};

std::span<const MutantCase> mutant_cases();

struct Killed {
    std::uint32_t seeds = 0;
    std::string_view by;
};

/// Runs seeds 1, 2, … with the rule broken until a promise is.
std::optional<Killed> hunt(const MutantCase& mutant);

}  // namespace simulation
