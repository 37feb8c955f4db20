#include "runtime/pallets/leases/closing.hpp"

#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/extending.hpp"
#include "tests/support/rig.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace tests;
using leases::Cause;
using leases::CloseReason;

namespace {

leases::Ledger ledger_of(const Chain& chain, leases::LeaseId id) { return lease_of(chain, id).ledger; }

}  // namespace

TEST_CASE("each reason has its one cause, and reasons of later market forms have none") {
    const std::set<std::pair<CloseReason, Cause>> table{
        {CloseReason::Expired, Cause::Time},          {CloseReason::OutOfFunds, Cause::Time},
        {CloseReason::StartTimeout, Cause::Time},     {CloseReason::EndedByRenter, Cause::Renter},
        {CloseReason::StartRejected, Cause::Worker},  {CloseReason::Completed, Cause::Worker},
        {CloseReason::WorkloadFailed, Cause::Worker}, {CloseReason::MachineOffline, Cause::Owner},
    };
    for (std::uint8_t r = 0; r < reflect::enumerator_count<CloseReason>(); ++r)
        for (const auto cause : {Cause::Time, Cause::Renter, Cause::Worker, Cause::Owner}) {
            const auto reason = static_cast<CloseReason>(r);
            CHECK(leases::may_cause(cause, reason) == table.contains({reason, cause}));
        }
}

TEST_CASE("whatever the owner can bring about carries the penalty, but the end of a job that was to end") {
    for (std::uint8_t r = 0; r < reflect::enumerator_count<CloseReason>(); ++r) {
        const auto reason = static_cast<CloseReason>(r);
        const bool is_job = reason == CloseReason::Completed || reason == CloseReason::WorkloadFailed;
        const bool by_owner = leases::may_cause(Cause::Owner, reason) || leases::may_cause(Cause::Worker, reason) ||
                              reason == CloseReason::StartTimeout || reason == CloseReason::Evicted;
        CHECK(leases::carries_penalty(reason) == (by_owner && !is_job));
    }
}

TEST_CASE("rent of a machine that goes away ends at its last heartbeat, and a quarter of what is withheld is lost") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const Balance renter = chain.free(bob);
    const auto id = rig.rent_started(bob, {.duration_ms = 6 * hour_ms});
    rig.live(hour_ms);
    const std::uint64_t last = rig.machine().heartbeat.at_ms;
    chain.advance(10 * minute_ms);

    const auto lease = lease_of(chain, id);
    REQUIRE(lease.closed->reason == CloseReason::MachineOffline);
    CHECK(lease.closed->at_ms == last);
    const Balance used = *escrow::rent(10 * tph, 1, last - lease.started_ms);
    const auto parts = escrow::split(used, 300'000, 0);
    const Balance penalty = parts.owner / 4;
    CHECK(lease.ledger.penalty == penalty);
    CHECK(lease.ledger.owner == parts.owner - penalty);
    CHECK(lease.ledger.burned == parts.burn + (penalty - penalty / 2));
    CHECK(renter - chain.free(bob) == used - penalty / 2);
    CHECK(rig.machine().standing.abandoned == 1);
    CHECK(rig.machine().occupied == 0);
}

// ⚔ StreamPuller: takes every payout he can before he leaves. Two hours of his share stay behind.
TEST_CASE("a stream puller leaves two hours of his share behind") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto id = rig.rent_started(bob, {.duration_ms = 10 * hour_ms});
    CHECK(chain.apply(alice, leases::Settle{id}) == leases::Error::NothingToSettle);
    rig.live(5 * hour_ms);
    REQUIRE(chain.apply(alice, leases::Settle{id}).ok());
    CHECK(chain.apply(alice, leases::Settle{id}) == leases::Error::NothingToSettle);
    const auto paid = ledger_of(chain, id);
    CHECK(paid.owner <= 21 * tph);
    CHECK(paid.owner > 20 * tph);
    CHECK(paid.burned + paid.owner + escrow::money_of(chain.state(), id) == 100 * tph);

    chain.advance(10 * minute_ms);
    const auto gone = ledger_of(chain, id);
    // A quarter of the owner's share (70 %) of about two hours at 10 TPH.
    CHECK(gone.penalty > 34 * tph / 10);
    CHECK(gone.penalty <= 35 * tph / 10);
}

TEST_CASE("settling often pays what settling once pays, but for a rounded unit each time") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig often{chain, alice, {.gpus = 1, .key_number = 1}};
    Rig once{chain, carol, {.gpus = 1, .key_number = 2}};
    const auto a = often.rent_started(bob, {.duration_ms = 4 * hour_ms});
    const auto b = once.rent_started(bob, {.duration_ms = 4 * hour_ms});
    int settled = 0;
    for (int i = 0; i < 25; ++i) {
        for (int k = 0; k < 10; ++k) {
            chain.advance(minute_ms);
            static_cast<void>(often.heartbeat());
            static_cast<void>(once.heartbeat());
        }
        settled += chain.apply(dave, leases::Settle{a}).ok();
    }
    CHECK(settled > 5);
    REQUIRE(lease_of(chain, a).closed.has_value());
    const auto left = ledger_of(chain, a);
    const auto right = ledger_of(chain, b);
    CHECK(left.deposited == right.deposited);
    CHECK(right.burned - left.burned <= static_cast<Balance>(settled) + 1);
    CHECK(left.burned + left.owner == right.burned + right.owner);
}

TEST_CASE("a machine that is silent at the end is paid to its last heartbeat only") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto id = rig.rent_started(bob, {.duration_ms = 12 * minute_ms});
    rig.live(9 * minute_ms);
    const std::uint64_t last = rig.machine().heartbeat.at_ms;
    chain.advance(3 * minute_ms + second_ms);
    REQUIRE(rig.state() == machines::MachineState::Degraded);
    const auto lease = lease_of(chain, id);
    CHECK(lease.closed->reason == CloseReason::Expired);
    CHECK(lease.closed->at_ms == last);
    CHECK(lease.ledger.penalty == 0);
}
