// Defects that the study of the reference system found (dbc-reference.md marks them), each tried here in vain.
#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/extending.hpp"
#include "runtime/pallets/leases/running.hpp"
#include "runtime/pallets/machines/market.hpp"
#include "tests/support/rig.hpp"

#include <catch2/catch.hpp>

using namespace tests;
using leases::CloseReason;
using leases::Error;
using leases::LeaseState;
using machines::MachineState;

TEST_CASE("an order that is never confirmed does not bring a machine back online") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    rig.live(30 * second_ms);
    const auto waiting = rig.rent(bob);
    chain.advance(2 * minute_ms + 20 * second_ms);  // the machine falls silent; the start deadline passes
    CHECK(lease_of(chain, waiting).closed->reason == CloseReason::StartTimeout);
    CHECK(rig.state() == MachineState::Degraded);
    chain.advance(4 * minute_ms);
    CHECK(rig.state() == MachineState::Offline);
}

TEST_CASE("a lease that waits for its start can be confirmed after all others have ended") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto first = rig.rent_started(bob);
    const auto second = rig.rent(carol);
    REQUIRE(chain.apply(bob, leases::EndLease{first}).ok());
    CHECK(rig.confirm(second).ok());
    CHECK(lease_of(chain, second).state == LeaseState::Active);
    chain.next_block();
}

TEST_CASE("a lease of no slots or no time is no lease") {
    Chain chain{compute_world()};
    Rig rig{chain, alice};
    CHECK(rig.try_rent(bob, {.slots = 0}) == Error::NotEnoughSlots);
    CHECK(rig.try_rent(bob, {.duration_ms = 0}) == Error::DurationTooShort);
}

TEST_CASE("an extension beyond the most adds nothing and charges nothing") {
    Chain chain{compute_world()};
    Rig rig{chain, alice};
    const auto id = rig.rent_started(bob, {.duration_ms = day_ms});
    const Balance before = chain.free(bob);
    CHECK(chain.apply(bob, leases::Extend{id, 60 * day_ms, 10 * tph, 1}) == Error::DurationTooLong);
    CHECK(chain.free(bob) == before);
}

TEST_CASE("nobody extends a lease on a machine that is away") {
    Chain chain{compute_world()};
    Rig rig{chain, alice};
    const auto id = rig.rent_started(bob, {.duration_ms = 10 * hour_ms});
    chain.advance(2 * minute_ms + second_ms);
    CHECK(chain.apply(bob, leases::Extend{id, hour_ms, 10 * tph, 1}) == Error::MachineNotOnline);
}

TEST_CASE("the owner cannot announce a machine away at no cost") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto id = rig.rent_started(bob, {.duration_ms = 10 * hour_ms});
    rig.live(hour_ms);
    const std::uint64_t now = chain.live_ms();
    REQUIRE(chain.apply(alice, machines::AnnounceMaintenance{rig.id(), {{now, now + hour_ms}}}).ok());
    chain.next_block();
    CHECK(rig.state() == MachineState::Offline);
    CHECK(lease_of(chain, id).closed->reason == CloseReason::MachineOffline);
    CHECK(lease_of(chain, id).ledger.penalty > 0);
    CHECK(lease_of(chain, id).ledger.refunded > 90 * tph);
}

TEST_CASE("elapsed time counts in milliseconds, not in whole hours") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto id = rig.rent_started(bob, {.duration_ms = 2 * hour_ms});
    rig.live(59 * minute_ms);
    const std::uint64_t elapsed = chain.live_ms() - lease_of(chain, id).started_ms;
    REQUIRE(chain.apply(bob, leases::EndLease{id}).ok());
    const auto ledger = lease_of(chain, id).ledger;
    CHECK(ledger.burned + ledger.owner == *escrow::rent(10 * tph, 1, elapsed));
    CHECK(elapsed == 59 * minute_ms);
}

TEST_CASE("renting from oneself costs the burn share") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const Balance before = chain.free(alice);
    rig.rent_started(alice, {.duration_ms = hour_ms});
    rig.live(hour_ms);
    chain.next_block();
    CHECK(before - chain.free(alice) == 3 * tph);
}

TEST_CASE("a machine that was lost and is back has nothing left over from before") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    rig.rent_started(bob, {.slots = 4, .duration_ms = 10 * hour_ms});
    chain.advance(6 * minute_ms);
    REQUIRE(rig.state() == MachineState::Offline);
    CHECK(machines::storage.lost.first(chain.state()) == std::nullopt);
    REQUIRE(rig.heartbeat().ok());
    REQUIRE(rig.open_probe().ok());
    REQUIRE(rig.answer_probe().ok());
    CHECK(rig.machine().occupied == 0);
    rig.rent_started(carol, {.slots = 4});
    rig.live(10 * minute_ms);
    CHECK(rig.state() == MachineState::Online);
}
