#pragma once
// Rules broken on purpose: each must be noticed within a stated number of seeds, or the list says why it cannot be.

#include "consensus/types/mutant.hpp"
#include "tests/simulation/scenario.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace simulation {

/// What counts as noticing.
enum class Notice : std::uint8_t {
    Promise,  ///< a promise is broken
    Pace      ///< or the run is much worse than the same one with all rules kept
};

struct MutantCase {
    consensus::Mutant mutant{};
    std::string_view name;
    /// Within so many seeds; 0: it cannot be noticed.
    std::uint32_t seeds = 0;
    /// Turns a drawn scenario towards where the rule matters.
    void (*focus)(Scenario& scenario) = nullptr;
    Notice by = Notice::Promise;
    /// A second guard that stands behind the rule and is taken away with it.
    consensus::Mutant also = consensus::Mutant::None;
    std::string_view why_not = {};
};

std::span<const MutantCase> mutant_cases();

struct Killed {
    std::uint32_t seeds = 0;
    std::string_view by;
};

/// Runs seeds 1, 2, … with the rule broken until a promise is.
std::optional<Killed> hunt(const MutantCase& mutant);

}  // namespace simulation
