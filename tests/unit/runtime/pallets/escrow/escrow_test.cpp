#include "runtime/pallets/escrow/escrow.hpp"

#include "runtime/pallets/balances/balances.hpp"
#include "runtime/pallets/leases/running.hpp"
#include "tests/support/rig.hpp"

#include <catch2/catch.hpp>

using namespace tests;
using escrow::BurnReason;
using escrow::Error;

TEST_CASE("what cannot be delivered waits, and is claimed by whom it is for") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const AccountId nobody = account(12'345);
    // A frontend without an account, and a share of 5 % of 10/60 TPH... times few seconds: below the existential
    // deposit.
    const auto id = rig.rent_started(bob, {.duration_ms = minute_ms, .frontend = nobody, .deposit = {}});
    chain.next_block(second_ms);
    REQUIRE(chain.apply(bob, leases::EndLease{id}).ok());
    const Balance waiting = lease_of(chain, id).ledger.frontend;
    REQUIRE(waiting > 0);
    REQUIRE(waiting < balances::constants.existential_deposit);
    CHECK(escrow::storage.pending_payouts.get(chain.state(), nobody, bob) == waiting);
    CHECK(balances::held(chain.state(), bob, balances::HoldReason::LeaseDeposit) == waiting);
    chain.next_block();

    CHECK(chain.apply(alice, escrow::ClaimPayout{alice}) == Error::NothingPending);
    CHECK_FALSE(chain.apply(nobody, escrow::ClaimPayout{nobody}).ok());  // still below the existential deposit
    const Balance before = chain.free(carol);
    REQUIRE(chain.apply(nobody, escrow::ClaimPayout{carol}).ok());
    CHECK(chain.free(carol) - before == waiting);
    CHECK(chain.apply(nobody, escrow::ClaimPayout{carol}) == Error::NothingPending);
    CHECK(balances::held(chain.state(), bob, balances::HoldReason::LeaseDeposit) == 0);
    chain.next_block();
}

TEST_CASE("burning is counted by day and reason, and the issuance shrinks by it") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const Balance issuance = balances::total_issuance(chain.state());
    const auto rented = rig.rent_started(bob, {.duration_ms = 10 * minute_ms});
    rig.live(10 * minute_ms);
    chain.next_block();
    const auto rejected = rig.rent(bob);
    REQUIRE(chain.apply(rig.id(), leases::RejectStart{rejected, leases::RejectReason::ImageInvalid}).ok());

    const std::uint64_t today = chain.now_ms() / day_ms;
    const auto of = [&](BurnReason reason) {
        return escrow::storage.burn_stats.get(chain.state(), today, reason).value_or(escrow::BurnedDay{});
    };
    CHECK(of(BurnReason::Rent) == escrow::BurnedDay{.amount = lease_of(chain, rented).ledger.burned, .count = 1});
    CHECK(of(BurnReason::RejectedStart) == escrow::BurnedDay{.amount = 10 * tph / 60, .count = 1});
    CHECK(of(BurnReason::Penalty) == escrow::BurnedDay{});
    CHECK(escrow::storage.total_burned.get(chain.state()) ==
          of(BurnReason::Rent).amount + of(BurnReason::RejectedStart).amount);
    CHECK(issuance - balances::total_issuance(chain.state()) == escrow::storage.total_burned.get(chain.state()));
}

// ⚔ Generous: sends money to the escrow. There is no account to send it to: deposits lie on their payers' accounts.
TEST_CASE("nobody can send money to the escrow") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto id = rig.rent_started(bob);
    CHECK(balances::held(chain.state(), bob, balances::HoldReason::LeaseDeposit) == 10 * tph);
    CHECK(escrow::money_of(chain.state(), id) == 10 * tph);
    // The payer cannot touch it either: only what is free moves.
    CHECK_FALSE(chain
                    .run([&](frame::Context& context) {
                        return balances::transfer(context, bob, carol, chain.free(bob) + 1,
                                                  balances::Existence::AllowDeath);
                    })
                    .ok());
    chain.next_block();
}

TEST_CASE("the burn ramp is root's, and follows proven slots") {
    Chain chain{compute_world()};
    escrow::Parameters rules;
    rules.burn_ramp = {.low_slots = 1, .middle_slots = 3, .high_slots = 5};
    CHECK(chain.apply(alice, escrow::SetParameters{rules}) == frame::failure::BadOrigin{});
    auto bad = rules;
    bad.burn_ramp.high_slots = 2;
    CHECK(chain.as_root(escrow::SetParameters{bad}) == Error::BadParameters);
    REQUIRE(chain.as_root(escrow::SetParameters{rules}).ok());
    Rig rig{chain, alice};
    CHECK(escrow::present_burn_ppm(chain.state()) == 300'000);
    // Four slots over seven days: seven times a day of them.
    machines::UsageMeter meter = machines::storage.usage.get(chain.state());
    machines::advance(meter, 8 * day_ms);
    machines::storage.usage.put(chain.state_for_writing(), meter);
    CHECK(escrow::present_burn_ppm(chain.state()) == 600'000);
}
