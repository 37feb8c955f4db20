#include "tests/simulation/scenario.hpp"

#include <fmt/format.h>

#include <array>
#include <numeric>

namespace simulation {

namespace {

constexpr std::array<std::string_view, 9> names{"Honest",     "Equivocator", "Silent",  "Late", "Forger",
                                                "Withholder", "RootLiar",    "Flooder", "Twin"};

/// On in one of `of` seeds.
bool one_in(Random& random, std::uint64_t of) { return random.below(of) == 0; }

void draw_validators(Scenario& scenario, Random& random) {
    constexpr std::array<std::uint32_t, 8> sizes{4, 4, 4, 4, 5, 7, 7, 10};
    const std::uint32_t count = sizes[random.below(sizes.size())];
    const bool equal = !one_in(random, 3);
    for (std::uint32_t i = 0; i < count; ++i) scenario.weights.push_back(equal ? 1 : random.between(1, 5));
    scenario.players.assign(count, Player::Honest);
    if (one_in(random, 3)) return;
    const std::uint64_t total = std::accumulate(scenario.weights.begin(), scenario.weights.end(), std::uint64_t{0});
    std::uint64_t byzantine = 0;
    for (std::uint32_t tries = 0; tries < 2 * count; ++tries) {
        const auto validator = static_cast<std::uint32_t>(random.below(count));
        const std::uint64_t with = byzantine + scenario.weights[validator];
        if (scenario.is_byzantine(validator) || 3 * with >= total) continue;
        scenario.players[validator] = static_cast<Player>(random.between(1, names.size() - 1));
        byzantine = with;
    }
    // A table that changes would have to keep the liars below a third in every epoch.
    scenario.reweighs = byzantine == 0 && one_in(random, 4);
}

void draw_network(Scenario& scenario, Random& random) {
    NetworkPlan& network = scenario.network;
    if (one_in(random, 3)) network.regions = static_cast<std::uint32_t>(random.between(2, 10));
    else network.delay_us = random.between(100, 40'000);
    network.jitter_percent = static_cast<std::uint32_t>(random.between(0, 60));
    network.ordered = one_in(random, 2);
    if (one_in(random, 2)) {
        network.loss_per_million = static_cast<std::uint32_t>(random.between(1'000, 300'000));
        network.retransmits = one_in(random, 3);
    }
    if (one_in(random, 3)) network.duplicates_per_million = static_cast<std::uint32_t>(random.between(1'000, 300'000));
    if (one_in(random, 3)) {
        network.held_per_million = static_cast<std::uint32_t>(random.between(1'000, 300'000));
        network.held_us = random.between(50'000, 3'000'000);
    }
    if (one_in(random, 6)) {
        network.slow_nodes = 1;
        network.slow_factor = static_cast<std::uint32_t>(random.between(3, 20));
    }
}

void draw_faults(Scenario& scenario, Random& random) {
    FaultPlan& faults = scenario.faults;
    faults.partitions = one_in(random, 2);
    faults.crashes = one_in(random, 2);
    faults.dies_while_writing = one_in(random, 2);
    faults.blackouts = one_in(random, 6);
    faults.flips_bits = one_in(random, 8);
    faults.fills_disks = one_in(random, 8);
    faults.jumps_clocks = one_in(random, 4);
    if (one_in(random, 2)) faults.clock_skew_ms = static_cast<std::uint32_t>(random.between(1, 500));
    faults.mean_gap_us = random.between(200'000, 5'000'000);
    scenario.disk.sync_us = random.between(30, 500);
    scenario.disk.tears = !one_in(random, 3);
    if (one_in(random, 5)) {
        scenario.disk.slow_per_million = 50'000;
        scenario.disk.slow_sync_us = random.between(10'000, 1'500'000);
    }
}

void draw_limits(block_sync::Limits& limits, Random& random) {
    limits.window_blocks = static_cast<std::uint32_t>(random.between(8, 200));
    limits.requests_max = random.between(1, 8);
    limits.apply_blocks = random.between(1, 64);
}

std::uint32_t count_twins(const Scenario& scenario) {
    return static_cast<std::uint32_t>(std::ranges::count(scenario.players, Player::Twin));
}

}  // namespace

std::string_view name(Player player) { return names[static_cast<std::size_t>(player)]; }

Scenario draw(std::uint64_t seed) {
    Random random{seed * 0x2545f4914f6cdd1d + 1};
    Scenario scenario{.seed = seed};
    draw_validators(scenario, random);
    draw_network(scenario, random);
    draw_faults(scenario, random);
    scenario.observers = one_in(random, 5) ? 1 : 0;
    scenario.load = one_in(random, 2) ? Load::Always : one_in(random, 6) ? Load::None : Load::Sparse;
    scenario.transaction_gap_us = random.between(50'000, 3'000'000);
    scenario.epoch_length = static_cast<std::uint32_t>(one_in(random, 2) ? 1'000 : random.between(1, 20));
    scenario.block_interval_ms = static_cast<std::uint32_t>(one_in(random, 3) ? 0 : random.between(50, 500));
    scenario.work_us = random.between(100, 20'000);
    scenario.signature_us = one_in(random, 2) ? random.between(1, 100) : 0;
    if (one_in(random, 2)) scenario.journal_part_bytes = random.between(1'000, 20'000);
    scenario.encodes = one_in(random, 4);
    scenario.heal_at = random.between(5'000'000, 40'000'000);
    draw_servings(scenario);
    return scenario;
}

void draw_servings(Scenario& scenario) {
    // A generator of its own: what is drawn here does not move the rest of the seed.
    Random random{scenario.seed ^ 0x73'796e'6373'796e};
    const std::uint32_t first_observer = scenario.validators() + count_twins(scenario);
    scenario.servings.assign(first_observer + scenario.observers, Serving::Truly);
    for (std::uint32_t i = 0; i < scenario.servings.size(); ++i) {
        const bool may_lie = i < scenario.validators() ? scenario.is_byzantine(i) : i >= first_observer;
        if (may_lie && !one_in(random, 3)) scenario.servings[i] = static_cast<Serving>(random.below(servings));
    }
    if (one_in(random, 2)) draw_limits(scenario.sync, random);
}

Scenario newcomer(std::uint64_t seed) {
    Random random{seed ^ 0x6e'6577};
    Scenario scenario = calm(seed, 4);
    scenario.observers = static_cast<std::uint32_t>(random.between(1, 5));
    const std::uint32_t nodes = scenario.validators() + scenario.observers;
    scenario.newcomer = nodes - 1;
    scenario.newcomer_at = random.between(20'000'000, 150'000'000);
    scenario.heal_at = scenario.newcomer_at + random.between(1'000'000, 10'000'000);
    scenario.faults.partitions = one_in(random, 3);
    scenario.faults.crashes = one_in(random, 3);
    // Who votes honestly may serve falsely here: one true peer has to be enough.
    for (std::uint32_t i = 0; i < nodes; ++i) scenario.servings.push_back(static_cast<Serving>(random.below(servings)));
    scenario.servings[random.below(nodes - 1)] = Serving::Truly;
    scenario.servings.back() = Serving::Truly;
    // Forgers are shut out, which takes votes away: no more than a quorum can spare.
    for (std::uint32_t i = 1; i < scenario.validators(); ++i)
        if (scenario.servings[i] == Serving::FalseProofs) scenario.servings[i] = Serving::FalseHeaders;
    // Where validators fall behind, too, one of two true ones is always at the tip.
    if (scenario.faults.partitions || scenario.faults.crashes)
        scenario.servings[1] = scenario.servings[2] = Serving::Truly;
    if (one_in(random, 2)) draw_limits(scenario.sync, random);
    // A window of few blocks a round trip would follow a fast chain for ever.
    scenario.sync.window_blocks = std::max(scenario.sync.window_blocks, 64U);
    scenario.network.delay_us = random.between(500, 60'000);
    if (one_in(random, 2)) scenario.network.loss_per_million = static_cast<std::uint32_t>(random.below(100'000));
    scenario.load = one_in(random, 2) ? Load::Always : Load::Sparse;
    scenario.transaction_gap_us = 300'000;
    scenario.block_interval_ms = static_cast<std::uint32_t>(random.between(0, 250));
    scenario.epoch_length = static_cast<std::uint32_t>(one_in(random, 2) ? 1'000 : random.between(3, 100));
    return scenario;
}

Scenario small_journals(std::uint64_t seed) {
    Scenario scenario = draw(seed);
    Random random{seed ^ 0x6a'6f75'726e};
    scenario.journal_part_bytes = random.between(200, 4'000);
    scenario.faults.crashes = scenario.faults.dies_while_writing = true;
    scenario.faults.blackouts = one_in(random, 2);
    scenario.faults.flips_bits = scenario.faults.flips_bits || one_in(random, 4);
    scenario.faults.mean_gap_us = random.between(100'000, 1'500'000);
    return scenario;
}

Scenario silent_leaders(std::uint64_t seed, std::uint32_t validators, std::uint32_t silent) {
    Scenario scenario = calm(seed, validators);
    Random random{seed ^ 0x73'696c};
    scenario.network.delay_us = 20'000;
    scenario.load = Load::None;
    scenario.epoch_length = 1'000'000;
    while (silent > 0) {
        Player& player = scenario.players[random.below(validators)];
        if (player == Player::Honest) --silent;
        player = Player::Silent;
    }
    return scenario;
}

Scenario twins(std::uint64_t seed) {
    Random random{seed ^ 0x7477'696e'73};
    Scenario scenario = calm(seed, random.below(2) == 0 ? 4 : 7);
    const std::uint32_t count = scenario.validators();
    for (std::uint32_t left = (count - 1) / 3; left > 0;) {
        Player& player = scenario.players[random.below(count)];
        if (player == Player::Honest) --left;
        player = Player::Twin;
    }
    scenario.network.delay_us = random.between(1'000, 400'000);
    scenario.scripted_views = 7;
    scenario.block_interval_ms = 0;
    scenario.heal_at = 30'000'000;
    return scenario;
}

Scenario calm(std::uint64_t seed, std::uint32_t validators) {
    Scenario scenario{.seed = seed};
    scenario.weights.assign(validators, 1);
    scenario.players.assign(validators, Player::Honest);
    return scenario;
}

std::string text(const Scenario& scenario) {
    std::string out = fmt::format("n={}", scenario.validators());
    for (std::uint32_t i = 0; i < scenario.validators(); ++i)
        if (scenario.is_byzantine(i)) out += fmt::format(" {}:{}", i, name(scenario.players[i]));
    const auto flag = [&](bool on, std::string_view word) {
        if (on) out += fmt::format(" {}", word);
    };
    const FaultPlan& faults = scenario.faults;
    const NetworkPlan& network = scenario.network;
    flag(scenario.observers > 0, "observer");
    flag(scenario.scripted_views > 0, "scripted");
    flag(network.regions > 0, "regions");
    flag(network.loss_per_million > 0, "loss");
    flag(network.duplicates_per_million > 0, "duplicates");
    flag(network.held_per_million > 0, "reordering");
    flag(network.slow_nodes > 0, "slow-peer");
    flag(faults.partitions, "partitions");
    flag(faults.crashes, "crashes");
    flag(faults.dies_while_writing, "dies-while-writing");
    flag(faults.blackouts, "blackouts");
    flag(scenario.journal_part_bytes < 1'000'000, "small-journals");
    flag(faults.flips_bits, "bit-flips");
    flag(faults.fills_disks, "full-disk");
    flag(scenario.disk.slow_per_million > 0, "slow-disk");
    flag(faults.clock_skew_ms > 0, "skew");
    flag(faults.jumps_clocks, "clock-jumps");
    flag(scenario.load == Load::Always, "busy");
    flag(scenario.load == Load::None, "idle");
    flag(scenario.epoch_length < 100, "short-epochs");
    flag(scenario.reweighs, "reweighed");
    flag(scenario.encodes, "encoded");
    for (std::uint32_t i = 0; i < scenario.servings.size(); ++i)
        if (scenario.servings[i] != Serving::Truly) out += fmt::format(" {} serves {}", i, name(scenario.servings[i]));
    return out;
}

}  // namespace simulation
