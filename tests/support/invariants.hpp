#pragma once
// What must hold of the state after every block. A pallet's tests add their own with Chain::check_after_each_block.

#include "chain/state/view.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tests {

/// The sentence that says what is broken; nothing where all is well.
using Invariant = std::function<std::optional<std::string>(const state::StateView&)>;

/// What holds for every chain, whatever the test does: money adds up, references keep accounts alive.
std::vector<Invariant> standard_invariants();

}  // namespace tests
