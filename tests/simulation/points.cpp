#include "tests/simulation/points.hpp"

#include "tests/simulation/report.hpp"

#include <fmt/format.h>

#include <array>

namespace simulation {
namespace {

constexpr std::array records{Target::Opening,          Target::OwnNotarize,      Target::OwnNullify,
                             Target::OwnFinalize,      Target::HeldNotarization, Target::HeldNullification,
                             Target::HeldFinalization, Target::HeldBlock,        Target::Watermark};
constexpr std::array moments{Moment::Before, Moment::TornHead,  Moment::TornBody, Moment::Zeros, Moment::Gap,
                             Moment::Lost,   Moment::WholeOnly, Moment::Kept,     Moment::Synced};
/// Of an operation that bears no bytes.
constexpr std::array ends{Moment::Before, Moment::Synced};

std::vector<Cell> all_cells() {
    std::vector<Cell> cells;
    const auto add = [&](const std::vector<Trap>& before, Target target, auto moments_of_it, bool in_recovery) {
        for (const Moment moment : moments_of_it) {
            Cell& cell = cells.emplace_back(Cell{.traps = before});
            cell.traps.push_back({.target = target, .moment = moment, .in_recovery = in_recovery});
        }
    };
    for (const Target target : records) add({}, target, moments, false);
    add({}, Target::Removal, ends, false);
    // What a death left half done, the next life mends; it may die of that, too.
    const std::vector<Trap> torn_vote{{.target = Target::OwnNotarize, .moment = Moment::TornBody}};
    const std::vector<Trap> torn_part{{.target = Target::Opening, .moment = Moment::TornBody}};
    const std::vector<Trap> torn_slot{{.target = Target::Watermark, .moment = Moment::TornBody}};
    add(torn_vote, Target::Truncation, ends, true);
    add(torn_part, Target::Removal, ends, true);
    add(torn_part, Target::Opening, moments, true);
    add(torn_slot, Target::Watermark, moments, true);
    return cells;
}

bool is_about_skipping(Target target) { return target == Target::OwnNullify || target == Target::HeldNullification; }

/// Short epochs and small files: all kinds of records are written soon. Skipped views take a leader who is silent.
Scenario scenario_of(std::uint64_t seed, std::uint32_t validators, const Cell& cell) {
    Scenario scenario = calm(seed, validators);
    scenario.network.delay_us = 5'000 + seed * 1'000;
    scenario.network.loss_per_million = 20'000;
    scenario.block_interval_ms = 100;
    scenario.epoch_length = 3 + static_cast<std::uint32_t>(seed % 4);
    scenario.journal_part_bytes = 1'500;
    scenario.heal_at = is_about_skipping(cell.traps.back().target) ? 20'000'000 : 8'000'000;
    scenario.trapped_node = static_cast<std::uint32_t>(seed % validators);
    if (validators > 1 && is_about_skipping(cell.traps.back().target))
        scenario.players[(seed + 1) % validators] = Player::Silent;
    return scenario;
}

}  // namespace

std::string name(const Cell& cell) {
    const Trap& trap = cell.traps.back();
    return fmt::format("{}: {}{}", name(trap.target), name(trap.moment), trap.in_recovery ? " (recovery)" : "");
}

Matrix run_matrix(std::uint32_t seeds) {
    Matrix matrix{.cells = all_cells(), .broken = {}};
    for (Cell& cell : matrix.cells) {
        for (std::uint32_t seed = 0; seed < seeds; ++seed) {
            for (const std::uint32_t validators : {4U, 1U}) {
                Scenario scenario = scenario_of(seed, validators, cell);
                scenario.traps = cell.traps;
                // The first such write, and later ones.
                scenario.traps.front().skips = is_about_skipping(cell.traps.front().target) ? seed / 2 : seed * seed;
                Outcome outcome = run(scenario);
                ++cell.runs;
                if (outcome.traps_sprung == cell.traps.size()) ++cell.reached;
                outcome.text = fmt::format("{} of {} validators, seed {}", name(cell), validators, seed);
                if (outcome.violation) matrix.broken.push_back(std::move(outcome));
            }
        }
    }
    return matrix;
}

}  // namespace simulation
