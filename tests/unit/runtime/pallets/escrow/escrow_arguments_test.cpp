// Every call of Escrow with arguments that nobody should send.
#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/running.hpp"
#include "tests/support/refusals.hpp"
#include "tests/support/rig.hpp"

using namespace tests;
using escrow::Error;
namespace failure = frame::failure;

TEST_CASE("zero, greatest, overflowing, foreign and repeated arguments: each gets its error, none leaves a trace") {
    using escrow::ClaimPayout, escrow::Parameters, escrow::SetParameters;
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    Refusals table{chain};
    // A frontend without an account, whose share is below the existential deposit: its payout waits.
    const AccountId frontend = account(12'345);
    const auto lease = rig.rent_started(bob, {.duration_ms = minute_ms, .frontend = frontend});
    chain.next_block(second_ms);
    REQUIRE(chain.apply(bob, leases::EndLease{lease}).ok());

    table.row(With::Zero, frontend, ClaimPayout{AccountId{}}, Error::NobodysAccount);
    table.none<ClaimPayout>(With::Maximum, "the greatest account is an account");
    table.row(With::Overflow, frontend, ClaimPayout{frontend}, frame::TokenError::BelowMinimum);
    table.row(With::Foreign, dave, ClaimPayout{dave}, Error::NothingPending);
    table.repeated(frontend, ClaimPayout{carol}, Error::NothingPending);

    const auto row = [&](With with, auto change) {
        Parameters rules;
        change(rules.burn_ramp);
        table.row_of_root(with, SetParameters{rules}, Error::BadParameters);
    };
    row(With::Zero, [](auto& ramp) { ramp.high_slots = 0; });
    row(With::Maximum, [](auto& ramp) { ramp.low_slots = ~0U; });
    row(With::Maximum, [](auto& ramp) { ramp.high_ppm = ~0U; });
    row(With::Overflow, [](auto& ramp) { ramp.high_ppm = 1'000'000; });  // with a frontend's share: more than all
    table.row(With::Foreign, alice, SetParameters{}, failure::BadOrigin{});
    table.repeated_by_root(SetParameters{{.burn_ramp = {.low_ppm = 0}}}, Error::NothingChanges);

    table.is_complete<escrow::Pallet>();
    chain.next_block();
}
