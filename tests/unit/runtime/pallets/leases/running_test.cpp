// A lease from its order to its end.
#include "runtime/pallets/leases/running.hpp"

#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/closing.hpp"
#include "runtime/pallets/leases/extending.hpp"
#include "tests/support/rig.hpp"

#include <catch2/catch.hpp>

using namespace tests;
using leases::CloseReason;
using leases::Error;
using leases::LeaseState;
using leases::RejectReason;

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

TEST_CASE("the renter may end at any time and gets the rest back at once") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const Balance before = chain.free(bob);
    const auto id = rig.rent_started(bob, {.duration_ms = 2 * hour_ms});
    rig.live(hour_ms);
    CHECK(chain.apply(alice, leases::EndLease{id}) == Error::NotRenter);
    CHECK(chain.apply(rig.id(), leases::EndLease{id}) == Error::NotRenter);
    const auto outcome = chain.apply(bob, leases::EndLease{id});
    REQUIRE(outcome.ok());
    const auto closed = outcome.event<leases::LeaseClosed>();
    CHECK(closed.reason == CloseReason::EndedByRenter);
    CHECK(closed.ledger ==
          leases::Ledger{.deposited = 20 * tph, .burned = 3 * tph, .owner = 7 * tph, .refunded = 10 * tph});
    CHECK(before - chain.free(bob) == 10 * tph);
    CHECK(chain.apply(bob, leases::EndLease{id}) == Error::LeaseClosed);
    chain.next_block();
}

TEST_CASE("a lease that never starts costs nothing and counts against the machine") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const Balance before = chain.free(bob);
    const auto id = rig.rent(bob);
    rig.live(2 * minute_ms - second_ms);
    CHECK(lease_of(chain, id).state == LeaseState::Starting);
    rig.live(2 * second_ms);
    chain.next_block();
    CHECK(lease_of(chain, id).closed->reason == CloseReason::StartTimeout);
    CHECK(chain.free(bob) == before);
    CHECK(rig.machine().standing.failed_starts == 1);
    CHECK(rig.confirm(id) == Error::LeaseClosed);
}

TEST_CASE("a start is confirmed once, by its machine, before the deadline") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    Rig other{chain, carol, {.key_number = 2}};
    const auto id = rig.rent(bob);
    const leases::ConfirmStart confirm{id, {}};
    CHECK(chain.apply(other.id(), confirm) == Error::NotThisMachine);
    CHECK(chain.apply(bob, confirm) == machines::Error::UnknownSigner);
    CHECK(chain.apply(rig.id(), leases::ConfirmStart{{99}, {}}) == Error::UnknownLease);
    CHECK(confirm.check_due(chain.state(), other.id()).error().code ==
          static_cast<std::uint8_t>(machines::Undue::NoSuchLease));
    CHECK(confirm.check_due(chain.state(), rig.id()).has_value());
    REQUIRE(rig.confirm(id).ok());
    CHECK(rig.confirm(id) == Error::LeaseNotStarting);
    CHECK(confirm.check_due(chain.state(), rig.id()).error().code ==
          static_cast<std::uint8_t>(machines::Undue::LeaseNotStarting));
    CHECK(chain.apply(rig.id(), leases::RejectStart{id, RejectReason::MachineBusy}) == Error::LeaseNotStarting);
    CHECK(rig.machine().standing.started == 1);
    chain.next_block();
}

TEST_CASE("a rejected start is free where the machine is at fault, and costs a minute where the order is") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const Balance before = chain.free(bob);
    const Balance owner_before = chain.free(alice);
    const auto reject = [&](RejectReason reason) {
        const auto id = rig.rent(bob);
        REQUIRE(chain.apply(rig.id(), leases::RejectStart{id, reason}).ok());
        return lease_of(chain, id);
    };
    CHECK(reject(RejectReason::SandboxFailed).ledger == leases::Ledger{.deposited = 10 * tph, .refunded = 10 * tph});
    CHECK(chain.free(bob) == before);
    CHECK(rig.machine().standing.failed_starts == 1);

    // ⚔ FaultFinder: calls honest orders faulty to cash the minute. The minute burns; he gains nothing.
    const auto faulty = reject(RejectReason::ImageNotFound);
    CHECK(faulty.closed->reason == CloseReason::StartRejected);
    CHECK(faulty.ledger.burned == 10 * tph / 60);
    CHECK(before - chain.free(bob) == 10 * tph / 60);
    CHECK(chain.free(alice) == owner_before);
    CHECK(rig.machine().standing.failed_starts == 1);
    chain.next_block();
}

TEST_CASE("a job's end closes its lease, charged to the moment") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto run = [&](std::int32_t code) {
        const auto id = rig.rent_started(bob, {.duration_ms = 2 * hour_ms, .workload = job()});
        rig.live(hour_ms);
        REQUIRE(chain.apply(rig.id(), leases::ReportExit{.lease = id, .code = code}).ok());
        return lease_of(chain, id);
    };
    const auto done = run(0);
    CHECK(done.closed->reason == CloseReason::Completed);
    CHECK(done.ledger.owner == 7 * tph);
    CHECK(done.ledger.refunded == 10 * tph);
    CHECK(run(1).closed->reason == CloseReason::WorkloadFailed);
    CHECK(run(-9).closed->reason == CloseReason::WorkloadFailed);
}

// ⚔ EarlyLeaver: wants out of a lease without a penalty and reports an exit that nobody asked for.
TEST_CASE("an early leaver cannot report the end of a lease that is no job") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto open = rig.rent_started(bob);
    auto service = job();
    service.restart = leases::RestartPolicy::Always;
    const auto served = rig.rent_started(bob, {.workload = service});
    for (const auto id : {open, served}) {
        const leases::ReportExit report{.lease = id};
        CHECK(report.check_due(chain.state(), rig.id()).error().code ==
              static_cast<std::uint8_t>(machines::Undue::NotAJob));
        CHECK(chain.apply(rig.id(), report) == Error::NotAJob);
    }
    const auto starting = rig.rent(bob, {.workload = job()});
    CHECK(chain.apply(rig.id(), leases::ReportExit{.lease = starting}) == Error::LeaseNotActive);
    CHECK(chain.apply(rig.id(), leases::ReportExit{.lease = {99}}) == Error::UnknownLease);
}

TEST_CASE("what is due in this block is settled at its moment, whoever calls first") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto id = rig.rent_started(bob, {.duration_ms = 10 * minute_ms, .workload = job()});
    rig.live(10 * minute_ms);
    // The block's time is the end itself; the queue runs when the block ends.
    REQUIRE(lease_of(chain, id).state == LeaseState::Active);
    CHECK(chain.apply(bob, leases::EndLease{id}) == Error::LeaseEnded);
    CHECK(chain.apply(rig.id(), leases::ReportExit{.lease = id}) == Error::LeaseEnded);
    CHECK(chain.apply(bob, leases::Extend{id, hour_ms, chain::u128_max, 1}) == Error::LeaseEnded);
    chain.next_block();
    CHECK(lease_of(chain, id).closed->at_ms == lease_of(chain, id).started_ms + 10 * minute_ms);
}

TEST_CASE("a closed lease stays readable for its time, then goes without a trace") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    leases::Parameters quick;
    quick.record_kept_ms = 5 * minute_ms;
    REQUIRE(chain.as_root(leases::SetParameters{quick}).ok());
    Rig rig{chain, alice};
    const auto id = rig.rent_started(bob);
    REQUIRE(chain.apply(bob, leases::EndLease{id}).ok());
    chain.advance(5 * minute_ms - second_ms);
    CHECK(leases::storage.leases.contains(chain.state(), id));
    chain.advance(2 * second_ms);
    chain.next_block();
    CHECK_FALSE(leases::storage.leases.contains(chain.state(), id));
    CHECK_FALSE(leases::storage.leases_of_renter.contains(chain.state(), bob, id));
    CHECK(chain.apply(bob, leases::EndLease{id}) == Error::UnknownLease);
}
