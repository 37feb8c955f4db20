#include "runtime/pallets/machines/lifecycle.hpp"

#include "runtime/pallets/machines/liveness.hpp"
#include "runtime/pallets/machines/market.hpp"
#include "runtime/pallets/machines/registry.hpp"
#include "tests/support/rig.hpp"

#include <catch2/catch.hpp>

using namespace machines;
using tests::claims_with;
using tests::minute_ms;
using tests::usual_terms;

namespace {

const Parameters rules;

Machine online() { return {.state = MachineState::Online, .slots = 4, .heartbeat = {.next_interval = 10}}; }

}  // namespace

TEST_CASE("the lowest free slots are given first") {
    Machine machine = online();
    machine.occupied = 0b0010;
    CHECK(leased_slots(machine) == 1);
    CHECK(lowest_free_slots(machine, 2) == std::vector<std::uint8_t>{0, 2});
    CHECK(lowest_free_slots(machine, 3) == std::vector<std::uint8_t>{0, 2, 3});
    CHECK_FALSE(lowest_free_slots(machine, 4).has_value());
    CHECK(lowest_free_slots(machine, 0)->empty());
}

TEST_CASE("missed intervals count from the first that owed a heartbeat") {
    const Machine machine = online();
    CHECK(missed_intervals(machine, rules, 9 * minute_ms) == 0);
    CHECK(missed_intervals(machine, rules, 10 * minute_ms) == 0);
    CHECK(missed_intervals(machine, rules, 11 * minute_ms - 1) == 0);
    CHECK(missed_intervals(machine, rules, 11 * minute_ms) == 1);
    CHECK(missed_intervals(machine, rules, 13 * minute_ms) == 3);
}

TEST_CASE("the chain looks again when the next thing can happen") {
    Machine machine = online();
    CHECK(next_wake(machine, rules) == 11 * minute_ms);
    machine.heartbeat.missing = true;
    CHECK(next_wake(machine, rules) == 13 * minute_ms);
    machine.maintenance = Maintenance{.from_ms = 12 * minute_ms, .to_ms = 20 * minute_ms};
    CHECK(next_wake(machine, rules) == 12 * minute_ms);
    machine.state = MachineState::Probing;
    CHECK_FALSE(next_wake(machine, rules).has_value());
    machine.probes.deadline_ms = 77;
    CHECK(next_wake(machine, rules) == 77);
    machine.state = MachineState::Unbonding;
    machine.state_since_ms = 5;
    CHECK(next_wake(machine, rules) == 5 + rules.unbonding_ms);
    for (const auto state : {MachineState::Bonded, MachineState::Offline, MachineState::Jailed, MachineState::Exited}) {
        machine.state = state;
        CHECK_FALSE(next_wake(machine, rules).has_value());
    }
}

TEST_CASE("a waiting card comes into force at its moment") {
    Machine machine = online();
    machine.card.version = 1;
    machine.next_card = NextCard{.from_ms = 100, .card = {.version = 2}};
    CHECK(card_in_force(machine, 99).version == 1);
    CHECK(card_in_force(machine, 100).version == 2);
}

TEST_CASE("cards keep to their bounds") {
    const auto valid = [](auto change) {
        CardTerms terms = usual_terms();
        change(terms);
        return are_valid(terms, DeviceClass::Gpu, rules);
    };
    CHECK(valid([](auto&) {}));
    CHECK(valid([](auto& t) { t.slot_hour = rules.gpu_slot_hour_min; }));
    CHECK_FALSE(valid([](auto& t) { t.slot_hour = rules.gpu_slot_hour_min - 1; }));
    CHECK(valid([](auto& t) { t.slot_hour = rules.slot_hour_max; }));
    CHECK_FALSE(valid([](auto& t) { t.slot_hour = rules.slot_hour_max + 1; }));
    CHECK_FALSE(valid([](auto& t) { t.minimum_duration_ms = 0; }));
    CHECK_FALSE(valid([](auto& t) { t.minimum_duration_ms = t.maximum_duration_ms + 1; }));
    CHECK(valid([](auto& t) { t.maximum_duration_ms = rules.duration_max_ms; }));
    CHECK_FALSE(valid([](auto& t) { t.maximum_duration_ms = rules.duration_max_ms + 1; }));
    CHECK(valid([](auto& t) { t.frontend_share_ppm = 100'000; }));
    CHECK_FALSE(valid([](auto& t) { t.frontend_share_ppm = 100'001; }));
    const Parameters cheap_cpu{.cpu_slot_hour_min = 5};
    CHECK(are_valid(CardTerms{.slot_hour = 5, .minimum_duration_ms = 1, .maximum_duration_ms = 1}, DeviceClass::Cpu,
                    cheap_cpu));
}

TEST_CASE("claims are consistent or no claims") {
    const auto valid = [](std::uint8_t gpus, auto change) {
        Claims claims = claims_with(gpus);
        change(claims);
        return are_valid(claims);
    };
    for (std::uint8_t gpus = 0; gpus <= 16; ++gpus) CHECK(valid(gpus, [](auto&) {}));
    CHECK(class_of(claims_with(0)) == DeviceClass::Cpu);
    CHECK(class_of(claims_with(1)) == DeviceClass::Gpu);
    CHECK_FALSE(valid(4, [](auto& c) { c.slots = 3; }));
    CHECK_FALSE(valid(0, [](auto& c) { c.slots = 0; }));
    CHECK_FALSE(valid(0, [](auto& c) { c.slots = 17; }));
    CHECK_FALSE(valid(2, [](auto& c) { c.gpus.value[1].uuid_hash = c.gpus.value[0].uuid_hash; }));
    CHECK_FALSE(valid(2, [](auto& c) { c.gpus.value[1].memory_bytes = 0; }));
    CHECK_FALSE(valid(1, [](auto& c) { c.cpu_threads = 0; }));
    CHECK_FALSE(valid(1, [](auto& c) { c.memory_bytes = 0; }));
    CHECK_FALSE(valid(1, [](auto& c) { c.disk_bytes = 0; }));
}

TEST_CASE("parameters under which a rule breaks are refused") {
    CHECK(are_valid(Parameters{}));
    CHECK_FALSE(are_valid(Parameters{.gpu_slot_hour_min = 2'000'000 * chain::tph}));
    CHECK_FALSE(are_valid(Parameters{.slot_hour_max = chain::u128_max}));
    CHECK_FALSE(are_valid(Parameters{.bond_per_slot = chain::u128_max}));
    CHECK_FALSE(are_valid(Parameters{.frontend_share_max_ppm = 250'001}));
    CHECK_FALSE(are_valid(Parameters{.heartbeat_interval_ms = 0}));
    CHECK_FALSE(are_valid(Parameters{.degraded_after = 0}));
    CHECK_FALSE(are_valid(Parameters{.degraded_after = 3}));
    CHECK_FALSE(are_valid(Parameters{.lapses_max = 0}));
    CHECK_FALSE(are_valid(Parameters{.probe_deadline_ms = 0}));
    CHECK_FALSE(are_valid(Parameters{.unbonding_ms = ~std::uint64_t{0}}));
    CHECK_FALSE(are_valid(Parameters{.outage_share_ppm = 1'000'001}));
    CHECK_FALSE(are_valid(Parameters{.outage_window_ms = 1}));
}

TEST_CASE("the back-off doubles and stops at its most") {
    CHECK(probe_backoff_ms(rules, 0) == 0);
    CHECK(probe_backoff_ms(rules, 1) == minute_ms);
    CHECK(probe_backoff_ms(rules, 2) == 2 * minute_ms);
    CHECK(probe_backoff_ms(rules, 11) == 1'024 * minute_ms);
    CHECK(probe_backoff_ms(rules, 12) == rules.probe_backoff_max_ms);
    CHECK(probe_backoff_ms(rules, 255) == rules.probe_backoff_max_ms);
    const Parameters long_wait{.probe_backoff_ms = 5, .probe_backoff_max_ms = ~std::uint64_t{0}};
    CHECK(probe_backoff_ms(long_wait, 255) == ~std::uint64_t{0});
}

TEST_CASE("a machine counts by its class, its state and its leases") {
    Machine machine = online();
    machine.occupied = 0b0101;
    CHECK(contribution(machine) ==
          ClassTotals{.machines = 1, .slots = 4, .proven_machines = 1, .proven_slots = 4, .leased_slots = 2});
    machine.state = MachineState::Offline;
    CHECK(contribution(machine) == ClassTotals{.machines = 1, .slots = 4, .leased_slots = 2});
    machine.state = MachineState::Exited;
    CHECK(contribution(machine) == ClassTotals{});
}

TEST_CASE("the score falls with every start and every lease that a machine lets down") {
    CHECK(score({}) == 1'000);
    CHECK(score({.started = 3, .failed_starts = 1}) == 750);
    CHECK(score({.started = 4, .abandoned = 1}) == 750);
    CHECK(score({.failed_starts = 5}) == 0);
    CHECK(score({.started = ~std::uint32_t{0}, .failed_starts = ~std::uint32_t{0}}) == 500);
}
