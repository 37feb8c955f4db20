#pragma once
// The matrix of deaths: every kind of record at every point of its way to the disk, in life and in recovery.

#include "tests/simulation/outcome.hpp"
#include "tests/simulation/trap.hpp"

#include <vector>

namespace simulation {

struct Cell {
    /// What is to be seen: the last of the traps. Those before it bring about what a recovery then finds.
    std::vector<Trap> traps;
    std::uint32_t runs = 0;
    std::uint32_t reached = 0;  ///< runs in which the machine died there
};

struct Matrix {
    std::vector<Cell> cells;
    std::vector<Outcome> broken;  ///< runs that broke a promise
};

/// A cell counts as tried when so many runs reached it.
inline constexpr std::uint32_t cell_reached_min = 3;

/// Runs each cell with validators of four and with one alone, at its first such write and at later ones.
Matrix run_matrix(std::uint32_t seeds);

/// "own notarize: torn body", "watermark: kept (recovery)".
std::string name(const Cell& cell);

}  // namespace simulation
