// A lease from its order to its end.
#include "runtime/pallets/balances/balances.hpp"
#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/closing.hpp"
#include "tests/support/rig.hpp"

#include <catch2/catch.hpp>

using namespace tests;
using leases::CloseReason;
using leases::LeaseState;

TEST_CASE("a lease that runs its time pays for it to the last unit") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const Balance alice_before = chain.free(alice);
    const Balance bob_before = chain.free(bob);

    const auto id = rig.rent_started(bob, {.slots = 2, .duration_ms = hour_ms, .frontend = carol});
    CHECK(lease_of(chain, id).state == LeaseState::Active);
    CHECK(bob_before - chain.free(bob) == 20 * tph);
    rig.live(hour_ms);
    chain.next_block();

    const leases::Lease closed = lease_of(chain, id);
    REQUIRE(closed.state == LeaseState::Closed);
    CHECK(closed.closed->reason == CloseReason::Expired);
    CHECK(closed.closed->at_ms == closed.started_ms + hour_ms);
    CHECK(closed.ledger ==
          leases::Ledger{.deposited = 20 * tph, .burned = 6 * tph, .frontend = 1 * tph, .owner = 13 * tph});
    CHECK(chain.free(alice) - alice_before == 13 * tph);
    CHECK(bob_before - chain.free(bob) == 20 * tph);
    CHECK(escrow::storage.total_burned.get(chain.state()) == 6 * tph);
    CHECK(rig.machine().occupied == 0);
}
