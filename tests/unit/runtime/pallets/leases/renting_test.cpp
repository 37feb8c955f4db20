#include "runtime/pallets/leases/renting.hpp"

#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/running.hpp"
#include "runtime/pallets/machines/market.hpp"
#include "tests/support/rig.hpp"

#include <catch2/catch.hpp>

using namespace tests;
using leases::Error;

namespace {

/// Applies a changed copy of a good order and checks its own error and that nothing happened.
void refused(Chain& chain, const leases::Rent& good, auto change, auto error) {
    auto order = good;
    change(order);
    const auto before = chain.fingerprint();
    CHECK(chain.apply(bob, order) == error);
    CHECK(chain.fingerprint() == before);
}

}  // namespace

TEST_CASE("every argument of rent has its own refusal") {
    Chain chain{compute_world()};
    Rig rig{chain, alice};
    const auto good = rig.order({.workload = job()});
    refused(chain, good, [](auto& o) { o.machine = carol; }, Error::UnknownMachine);
    refused(chain, good, [](auto& o) { o.slots = 0; }, Error::NotEnoughSlots);
    refused(chain, good, [](auto& o) { o.slots = 5; }, Error::NotEnoughSlots);
    refused(chain, good, [](auto& o) { o.slots = 255; }, Error::NotEnoughSlots);
    refused(chain, good, [](auto& o) { o.duration_ms = 0; }, Error::DurationTooShort);
    refused(chain, good, [](auto& o) { o.duration_ms = minute_ms - 1; }, Error::DurationTooShort);
    refused(chain, good, [](auto& o) { o.duration_ms = day_ms + 1; }, Error::DurationTooLong);
    refused(chain, good, [](auto& o) { o.duration_ms = ~0ULL; }, Error::DurationTooLong);
    refused(chain, good, [](auto& o) { o.max_price = 0; }, Error::PriceTooHigh);
    refused(chain, good, [](auto& o) { o.max_price = 10 * tph - 1; }, Error::PriceTooHigh);
    refused(chain, good, [](auto& o) { o.card_version = 0; }, Error::CardVersionChanged);
    refused(chain, good, [](auto& o) { o.card_version = ~0U; }, Error::CardVersionChanged);
    refused(chain, good, [](auto& o) { o.workload->image.repository = {"/etc"}; }, Error::WorkloadBadImage);
    refused(chain, good, [](auto& o) { o.workload->command = {{{""}}}; }, Error::WorkloadBadCommand);
    refused(chain, good, [](auto& o) { o.workload->environment = {{{{""}, {""}}}}; }, Error::WorkloadBadEnvironment);
    refused(chain, good, [](auto& o) { o.workload->ports = {{{.number = 0}}}; }, Error::WorkloadBadPort);
    refused(chain, good, [](auto& o) { o.workload->memory_bytes = 0; }, Error::WorkloadNoMemory);
    refused(chain, good, [](auto& o) { o.workload->cpu_millis = 0; }, Error::WorkloadNoCpu);
    refused(chain, good, [](auto& o) { o.workload->deadline_ms = 0; }, Error::WorkloadNoTime);
    refused(
        chain, good, [](auto& o) { o.workload->command.value.assign(3, {std::string(4'000, 'x')}); },
        Error::WorkloadTooLarge);
    refused(chain, good, [](auto& o) { o.deposit = 0; }, Error::DepositTooSmall);
    refused(chain, good, [](auto& o) { o.deposit = 10 * tph / 60; }, Error::DepositTooSmall);
    refused(chain, good, [](auto& o) { o.deposit = 10 * tph + 1; }, Error::DepositTooLarge);
    refused(chain, good, [](auto& o) { o.deposit = chain::u128_max; }, Error::DepositTooLarge);
    refused(chain, good, [](auto& o) { o.sponsor = bob; }, Error::AllowanceForSelf);
    refused(chain, good, [](auto& o) { o.sponsor = carol; }, Error::NoAllowance);
    CHECK(chain.apply(account(5), good) == frame::TokenError::FundsUnavailable);
    CHECK(chain.unsigned_call(good) == frame::failure::BadOrigin{});
    CHECK(chain.as_root(good) == frame::failure::BadOrigin{});
    CHECK(chain.apply(bob, good).ok());
}

TEST_CASE("slots are given from the lowest, and none twice") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto a = rig.rent_started(bob, {.slots = 1});
    const auto b = rig.rent_started(carol, {.slots = 1});
    const auto c = rig.rent_started(dave, {.slots = 2});
    CHECK(lease_of(chain, c).slots.value == std::vector<std::uint8_t>{2, 3});
    CHECK(rig.try_rent(bob) == Error::NotEnoughSlots);
    REQUIRE(chain.apply(carol, leases::EndLease{b}).ok());
    CHECK(lease_of(chain, rig.rent(dave)).slots.value == std::vector<std::uint8_t>{1});
    REQUIRE(chain.apply(bob, leases::EndLease{a}).ok());
    CHECK(machines::storage.totals.get(chain.state()).gpu.leased_slots == 3);
    chain.next_block();
}

// ⚔ SlotSquatter: rents and never pays by never starting. Three unstarted leases are the most.
TEST_CASE("a slot squatter holds at most three starts") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    for (int i = 0; i < 3; ++i) rig.rent(bob);
    CHECK(rig.try_rent(bob) == Error::TooManyUnstarted);
    const auto theirs = rig.rent(carol);
    REQUIRE(rig.confirm({0}).ok());
    REQUIRE(chain.apply(carol, leases::EndLease{theirs}).ok());
    CHECK(rig.try_rent(bob).ok());
    chain.next_block();
}

TEST_CASE("a lease keeps the terms that it was made on") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto id = rig.rent_started(bob, {.frontend = carol});
    auto dearer = usual_terms();
    dearer.slot_hour = 1'000 * tph;
    dearer.frontend_share_ppm = 0;
    REQUIRE(chain.apply(alice, machines::SetPriceCard{rig.id(), dearer}).ok());
    REQUIRE(chain.apply(alice, machines::SetReceiver{rig.id(), dave}).ok());
    escrow::Parameters rules;
    rules.burn_ramp.low_ppm = 0;
    REQUIRE(chain.as_root(escrow::SetParameters{rules}).ok());
    const Balance owner = chain.free(alice);
    rig.live(hour_ms + second_ms);
    chain.next_block();
    CHECK(lease_of(chain, id).ledger ==
          leases::Ledger{.deposited = 10 * tph, .burned = 3 * tph, .frontend = tph / 2, .owner = 65 * tph / 10});
    CHECK(chain.free(alice) - owner == 65 * tph / 10);
}

TEST_CASE("a sponsor pays within the allowance and gets back what is not used") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto allow = [&](leases::Allowance allowance) {
        return chain.apply(carol, leases::SetAllowance{bob, allowance});
    };
    const leases::Allowance wide{
        .left = 100 * tph, .per_lease = 50 * tph, .hour_max = 40 * tph, .expires_ms = 10 * hour_ms};
    CHECK(chain.apply(carol, leases::SetAllowance{bob, std::nullopt}) == Error::NoAllowance);
    CHECK(chain.apply(carol, leases::SetAllowance{carol, wide}) == Error::AllowanceForSelf);
    CHECK(allow({.expires_ms = 0}) == Error::AllowanceExpired);
    REQUIRE(allow(wide).ok());

    const Balance sponsor = chain.free(carol);
    const Balance renter = chain.free(bob);
    const auto id = rig.rent_started(bob, {.slots = 2, .sponsor = carol});
    CHECK(sponsor - chain.free(carol) == 20 * tph);
    CHECK(chain.free(bob) == renter);
    CHECK(leases::storage.allowances.get(chain.state(), carol, bob)->left == 80 * tph);
    rig.live(30 * minute_ms);
    CHECK(chain.apply(carol, leases::EndLease{id}) == Error::NotRenter);
    REQUIRE(chain.apply(bob, leases::EndLease{id}).ok());
    CHECK(sponsor - chain.free(carol) == 10 * tph);
    chain.next_block();
}

// ⚔ Freeloader: an allowance is bounded in rate, per lease, in total and in time, and is one renter's.
TEST_CASE("a freeloader gets no more than the sponsor allowed") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto rent = [&](std::uint8_t slots, std::uint64_t duration_ms) {
        return rig.try_rent(bob, {.slots = slots, .duration_ms = duration_ms, .sponsor = carol});
    };
    const leases::Allowance narrow{
        .left = 25 * tph, .per_lease = 20 * tph, .hour_max = 20 * tph, .expires_ms = chain.live_ms() + hour_ms};
    REQUIRE(chain.apply(carol, leases::SetAllowance{bob, narrow}).ok());
    CHECK(rent(3, 10 * minute_ms) == Error::AllowanceRateExceeded);
    CHECK(rent(1, 3 * hour_ms) == Error::AllowancePerLeaseExceeded);
    CHECK(rent(2, hour_ms).ok());
    CHECK(rent(1, hour_ms) == Error::AllowanceExhausted);
    CHECK(rig.try_rent(dave, {.sponsor = carol}) == Error::NoAllowance);
    REQUIRE(chain.apply(carol, leases::SetAllowance{bob, std::nullopt}).ok());
    CHECK(rent(1, minute_ms) == Error::NoAllowance);
    REQUIRE(chain
                .apply(carol, leases::SetAllowance{bob, leases::Allowance{.left = tph,
                                                                          .per_lease = tph,
                                                                          .hour_max = tph,
                                                                          .expires_ms = chain.live_ms() + 1}})
                .ok());
    chain.next_block();
    CHECK(rent(1, minute_ms) == Error::AllowanceExpired);
}

TEST_CASE("parameters and allowances are guarded") {
    Chain chain{compute_world()};
    leases::Parameters rules;
    CHECK(chain.apply(alice, leases::SetParameters{rules}) == frame::failure::BadOrigin{});
    rules.start_deadline_ms = 0;
    CHECK(chain.as_root(leases::SetParameters{rules}) == Error::BadParameters);
    rules = {.withheld_ms = ~0ULL};
    CHECK(chain.as_root(leases::SetParameters{rules}) == Error::BadParameters);
    rules = {.penalty_share_ppm = 1'000'001};
    CHECK(chain.as_root(leases::SetParameters{rules}) == Error::BadParameters);
    rules = {.unstarted_max = 0};
    CHECK(chain.as_root(leases::SetParameters{rules}) == Error::BadParameters);
    rules = {.unstarted_max = 4};
    CHECK(chain.as_root(leases::SetParameters{rules}).ok());
}
