#include "tests/simulation/ledger/real_chain.hpp"

#include "chain/base/log.hpp"
#include "genesis/builder/development.hpp"
#include "genesis/builder/limits.hpp"
#include "tests/simulation/ledger/real_application.hpp"
#include "tests/simulation/world.hpp"

namespace simulation {

namespace {

genesis::Genesis development_genesis(std::uint32_t validators, std::optional<std::uint32_t> epoch_length) {
    auto loaded =
        genesis::load_text(genesis::development_chain({.validators = validators, .epoch_length = epoch_length}));
    chain::check(loaded.has_value());
    return *std::move(loaded);
}

}  // namespace

Scenario with_ledger(std::uint64_t seed) {
    Scenario scenario = draw(seed);
    Random random{seed};
    scenario.weights.assign(4, 1);
    scenario.players.assign(4, Player::Honest);
    // Every other seed has a liar; fourteen in a row have each kind once.
    constexpr auto kinds = static_cast<std::uint64_t>(Player::Flooder);
    if (seed % 2 == 0) scenario.players[random.below(4)] = static_cast<Player>(1 + seed / 2 % kinds);
    scenario.reweighs = false;
    scenario.epoch_length = std::max(scenario.epoch_length, genesis::epoch_length_min);
    draw_servings(scenario);
    if (scenario.load == Load::Always) scenario.load = Load::Sparse;
    return scenario;
}

namespace {

Outcome run_with_ledgers(const Scenario& scenario, Verdicts verdicts) {
    RealChain chain{scenario.validators(), scenario.epoch_length, verdicts};
    World world{scenario, &chain};
    Outcome outcome = world.run();
    outcome.text = text(scenario);
    return outcome;
}

}  // namespace

Outcome run_ledger_seed(std::uint64_t seed) { return run_with_ledgers(with_ledger(seed), Verdicts::Shared); }

Outcome run_unshared_ledger_seed(std::uint64_t seed) { return run_with_ledgers(with_ledger(seed), Verdicts::Own); }

Outcome run_ledger_newcomer(std::uint64_t seed) {
    Scenario scenario = newcomer(seed);
    scenario.epoch_length = std::max(scenario.epoch_length, genesis::epoch_length_min);
    scenario.newcomer_at = std::min<Micros>(scenario.newcomer_at, 40'000'000);
    scenario.heal_at = scenario.newcomer_at + 5'000'000;
    return run_with_ledgers(scenario, Verdicts::Shared);
}

Outcome run_ledgers_for_speed(std::uint64_t simulated_s) {
    Scenario scenario = calm(1, 4);
    scenario.network.delay_us = 5'000;
    scenario.work_us = 0;
    scenario.load = Load::Sparse;
    scenario.transaction_gap_us = 250'000;
    RealChain chain{4, scenario.epoch_length, Verdicts::Shared};
    World world{scenario, &chain};
    return world.run_for(simulated_s * 1'000'000);
}

RealChain::RealChain(std::uint32_t validators, std::optional<std::uint32_t> epoch_length, Verdicts verdicts)
    : genesis_(development_genesis(validators, epoch_length)),
      shared_(verdicts == Verdicts::Shared ? std::make_shared<chain::SignatureCache>() : nullptr) {
    chain::log::set_level(chain::log::Level::Error);
    blocks_.emplace(genesis_.hash, Known{});
}

crypto::Ed25519Public RealChain::key_of(std::uint32_t validator) const {
    return genesis::dev_consensus_key(genesis::dev_validator_name(validator))->public_key();
}

std::unique_ptr<Application> RealChain::make(const Seat& seat, Checker& checker) {
    return std::make_unique<RealApplication>(*this, checker, seat);
}

}  // namespace simulation
