#pragma once
// What a run is like: how many validators, who of them lies, what fails. A seed draws one; each class of faults is on
// in some seeds and off in others, because faults hide each other (swarm testing, Groce et al. 2012).

#include "chain/sync/sync.hpp"
#include "tests/simulation/disk.hpp"
#include "tests/simulation/network.hpp"
#include "tests/simulation/serving.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simulation {

/// How a validator behaves. All but Honest count as byzantine; together they weigh less than a third.
enum class Player : std::uint8_t {
    Honest,
    Equivocator,  ///< proposes two blocks, signs for everything it hears of, nullifies and finalizes
    Silent,       ///< receives and says nothing
    Late,         ///< is honest, and always late
    Forger,       ///< signs in the name of others, makes certificates of nothing, alters what it passes on
    Withholder,   ///< gives proposals, certificates and votes to few, and never answers
    RootLiar,     ///< proposes blocks whose header lies about the state, or that no check should let pass
    Flooder,      ///< says everything many times, for views near and far
    Twin          ///< runs twice with one key, each half unaware of the other
};

std::string_view name(Player player);

struct FaultPlan {
    bool partitions = false;
    bool crashes = false;
    /// Crashes fall between two operations of the disk, where the order of writes matters.
    bool dies_while_writing = false;
    bool blackouts = false;
    bool flips_bits = false;
    bool fills_disks = false;
    /// One machine comes back with an empty disk, which no journal can guard against: not drawn by seeds.
    bool loses_disks = false;
    bool jumps_clocks = false;
    /// Wall clocks differ by up to this much.
    std::uint32_t clock_skew_ms = 0;
    /// Mean time between two faults of one class.
    Micros mean_gap_us = 2'000'000;
};

enum class Load : std::uint8_t {
    Always,  ///< every block could hold a transaction
    Sparse,  ///< a transaction now and then, at any node
    None
};

struct Scenario {
    std::uint64_t seed = 0;
    std::vector<std::uint64_t> weights;
    std::vector<Player> players;  ///< by validator
    std::uint32_t observers = 0;  ///< nodes that do not vote
    /// How nodes answer those that lack blocks: byzantine validators, and observers of whom nobody expects the truth.
    std::vector<Serving> servings;  ///< by node; those beyond answer truly
    block_sync::Limits sync;
    /// This node does not exist before then.
    std::optional<std::uint32_t> newcomer;
    Micros newcomer_at = 0;
    NetworkPlan network;
    DiskPlan disk;
    FaultPlan faults;
    /// Deaths that are aimed, one after another, and the node that they are for.
    std::vector<Trap> traps;
    std::uint32_t trapped_node = 0;
    Load load = Load::Always;
    Micros transaction_gap_us = 1'000'000;
    std::uint32_t epoch_length = 1'000;
    /// Weights differ from epoch to epoch.
    bool reweighs = false;
    std::uint32_t block_interval_ms = 250;
    /// The journal's files are that large; small ones are pruned and opened often.
    std::uint64_t journal_part_bytes = 8 << 20;
    /// Building, checking or executing takes up to this much.
    Micros work_us = 2'000;
    /// What checking one signature takes.
    Micros signature_us = 0;
    /// Messages cross as bytes: encoded and decoded.
    bool encodes = false;
    /// Until healing, in each of the first so many views only those hear each other whom the seed puts on one side.
    std::uint64_t scripted_views = 0;
    /// Faults end, and all links mend.
    Micros heal_at = 0;
    /// Honest nodes must make progress together within this time of healing.
    Micros patience_us = 120'000'000;

    std::uint32_t validators() const { return static_cast<std::uint32_t>(weights.size()); }
    Serving serving(std::uint32_t node) const { return node < servings.size() ? servings[node] : Serving::Truly; }
    bool is_byzantine(std::uint32_t validator) const { return players[validator] != Player::Honest; }
};

/// The run of a seed.
Scenario draw(std::uint64_t seed);

/// Has those who may lie answer in ways that the seed draws.
void draw_servings(Scenario& scenario);

/// Somebody without a chain comes to a network that is a while ahead; few or one of his peers serve truly.
Scenario newcomer(std::uint64_t seed);

/// The run of a seed with journals in parts of a few records, and machines that die often.
Scenario small_journals(std::uint64_t seed);

/// Some leaders never speak, nobody has work, nothing else goes wrong.
Scenario silent_leaders(std::uint64_t seed, std::uint32_t validators, std::uint32_t silent);

/// Twins (Bano et al., OPODIS 2021): one of 4 or two of 7 validators run twice; who hears whom is scripted by view.
Scenario twins(std::uint64_t seed);

/// N honest validators that nothing befalls.
Scenario calm(std::uint64_t seed, std::uint32_t validators);

/// One line that says what is on.
std::string text(const Scenario& scenario);

}  // namespace simulation
