#include "runtime/pallets/machines/liveness.hpp"

#include "runtime/pallets/leases/running.hpp"
#include "runtime/pallets/machines/market.hpp"
#include "runtime/pallets/machines/probes.hpp"
#include "runtime/pallets/machines/registry.hpp"
#include "tests/support/rig.hpp"

#include <catch2/catch.hpp>

#include <deque>

using namespace tests;
using machines::Error;
using machines::MachineState;
using machines::Undue;

namespace {

std::uint8_t code(Undue why) { return static_cast<std::uint8_t>(why); }

}  // namespace

TEST_CASE("silence degrades a machine, then takes it offline") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    chain.advance(2 * minute_ms - second_ms - chain.live_ms());  // one whole interval missed, but for a second
    chain.next_block(second_ms / 2);
    CHECK(rig.state() == MachineState::Online);
    chain.next_block();
    chain.next_block();
    CHECK(rig.state() == MachineState::Degraded);
    CHECK(rig.try_rent(bob) == leases::Error::MachineNotOnline);
    REQUIRE(rig.heartbeat().ok());
    CHECK(rig.state() == MachineState::Online);
    chain.advance(6 * minute_ms);
    CHECK(rig.state() == MachineState::Offline);
    CHECK(machines::storage.totals.get(chain.state()).gpu.proven_slots == 0);
    CHECK(machines::storage.outage.get(chain.state()).missing_machines == 0);
}

TEST_CASE("an answer to a probe in an interval's last second stands for that interval's heartbeat") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice, {.online = false}};
    chain.advance(minute_ms - 2 * second_ms - chain.live_ms() % minute_ms);
    REQUIRE(rig.register_machine().ok());
    REQUIRE(rig.open_probe().ok());
    REQUIRE(rig.answer_probe().ok());
    chain.advance(10 * second_ms);
    chain.next_block();
    CHECK(rig.state() == MachineState::Online);
    CHECK(rig.try_rent(bob).ok());
    chain.advance(minute_ms);
    chain.next_block();
    CHECK(rig.state() == MachineState::Degraded);
}

TEST_CASE("a machine that beats in every interval stays online for days") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    rig.live(3 * hour_ms);
    CHECK(rig.state() == MachineState::Online);
    CHECK(rig.machine().lapses.count == 0);
}

TEST_CASE("the third lapse of a day asks for a new probe, when the leases have ended") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto lease = rig.rent_started(bob, {.duration_ms = hour_ms});
    for (int i = 0; i < 3; ++i) {
        CHECK_FALSE(rig.machine().orders.needs_probe);
        chain.advance(3 * minute_ms);
        REQUIRE(rig.state() == MachineState::Degraded);
        REQUIRE(rig.heartbeat().ok());
        REQUIRE(rig.state() == MachineState::Online);
    }
    CHECK(rig.machine().orders.needs_probe);
    CHECK(rig.try_rent(carol, {}) == leases::Error::MachineNeedsProbe);
    CHECK(lease_of(chain, lease).state == leases::LeaseState::Active);
    REQUIRE(chain.apply(bob, leases::EndLease{lease}).ok());
    CHECK(rig.state() == MachineState::Probing);
    chain.advance(10 * minute_ms);
    CHECK(rig.state() == MachineState::Probing);
    REQUIRE(rig.open_probe().ok());
    REQUIRE(rig.answer_probe().ok());
    CHECK(rig.state() == MachineState::Online);
    chain.next_block();
}

TEST_CASE("a heartbeat is due once in its interval") {
    Chain chain{compute_world()};
    Rig rig{chain, alice};
    const auto due = [&](std::uint64_t interval, std::uint8_t utilisation = 0) {
        return machines::Heartbeat{interval, utilisation}.check_due(chain.state(), rig.id());
    };
    chain.advance(10 * minute_ms - chain.live_ms());
    CHECK(due(10).has_value());
    CHECK(due(10, 101).error().code == code(Undue::BadArgument));
    CHECK(chain.apply(rig.id(), machines::Heartbeat{10, 101}) == Error::BadUtilisation);
    REQUIRE(chain.apply(rig.id(), machines::Heartbeat{10, 100}).ok());
    CHECK(due(10).error().code == code(Undue::HeartbeatSent));
    CHECK(chain.apply(rig.id(), machines::Heartbeat{10, 0}) == Error::HeartbeatAlreadySent);
    CHECK(machines::Heartbeat{10, 0}.check_due(chain.state(), alice).error().code == code(Undue::UnknownSigner));
    CHECK(chain.apply(alice, machines::Heartbeat{10, 0}) == Error::UnknownSigner);
}

// ⚔ RunAhead: a stolen key sends tomorrow's heartbeats today, and yesterday's again.
TEST_CASE("a key that runs ahead is refused") {
    Chain chain{compute_world()};
    Rig rig{chain, alice};
    chain.advance(10 * minute_ms - chain.live_ms());
    for (const std::uint64_t other : {0ULL, 9ULL, 11ULL, 1'000ULL, ~0ULL}) {
        CHECK(machines::Heartbeat{other, 0}.check_due(chain.state(), rig.id()).error().code ==
              code(Undue::WrongInterval));
        CHECK(chain.apply(rig.id(), machines::Heartbeat{other, 0}) == Error::WrongInterval);
    }
}

TEST_CASE("machine calls are free and have a share of each block that users' calls cannot take") {
    const std::vector<frame::Call> calls{
        frame::to_call(machines::Heartbeat{}),  frame::to_call(machines::AnswerProbe{}),
        frame::to_call(leases::ConfirmStart{}), frame::to_call(leases::RejectStart{}),
        frame::to_call(leases::ReportExit{}),
    };
    for (const auto& call : calls) {
        CHECK(frame::info_of(call).class_ == frame::DispatchClass::Operational);
        CHECK(frame::info_of(call).pays_fee == frame::Pays::No);
    }
}

TEST_CASE("whoever leaves needs no heartbeats and may send none") {
    Chain chain{compute_world()};
    Rig rig{chain, alice};
    chain.advance(minute_ms);
    REQUIRE(chain.apply(alice, machines::Exit{rig.id()}).ok());
    CHECK(rig.heartbeat() == Error::WrongState);
}

TEST_CASE("a chain that stood still has aged nobody's deadline") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto lease = rig.rent_started(bob, {.duration_ms = hour_ms});
    chain.next_block(30 * day_ms);  // the live clock takes ten seconds of it
    chain.next_block();
    CHECK(rig.state() == MachineState::Online);
    CHECK(lease_of(chain, lease).state == leases::LeaseState::Active);
    CHECK(leases::earned_so_far(chain.state(), lease_of(chain, lease)) < tph);
}

TEST_CASE("maintenance begins at its moment, and closes what was left open") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto lease = rig.rent_started(bob, {.duration_ms = hour_ms});
    const std::uint64_t from = chain.live_ms() + 10 * minute_ms;
    REQUIRE(chain.apply(alice, machines::AnnounceMaintenance{rig.id(), {{from, from + hour_ms}}}).ok());
    rig.live(10 * minute_ms - second_ms);
    CHECK(rig.state() == MachineState::Draining);
    rig.live(2 * second_ms);
    chain.next_block();
    CHECK(rig.state() == MachineState::Offline);
    CHECK(lease_of(chain, lease).closed->reason == leases::CloseReason::MachineOffline);
    CHECK(lease_of(chain, lease).ledger.penalty > 0);
}

TEST_CASE("when the network fails nobody changes state and nobody is fined") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    std::deque<Rig> rigs;
    for (std::uint32_t i = 0; i < 12; ++i) rigs.emplace_back(chain, alice, RigOptions{.gpus = 1, .key_number = i + 1});
    const auto lease = rigs.front().rent_started(bob, {.duration_ms = hour_ms});
    chain.advance(10 * minute_ms);
    CHECK(machines::storage.outage.get(chain.state()).since_ms.has_value());
    CHECK(lease_of(chain, lease).state == leases::LeaseState::Active);
    CHECK(rigs.front().state() != MachineState::Offline);
    CHECK(rigs.back().try_rent(carol) == leases::Error::MachineSilent);

    for (auto& rig : rigs) REQUIRE(rig.heartbeat().ok());
    CHECK_FALSE(machines::storage.outage.get(chain.state()).since_ms.has_value());
    for (const auto& rig : rigs) {
        CHECK(rig.state() == MachineState::Online);
        CHECK(rig.machine().standing.abandoned == 0);
    }
    chain.next_block();
}

// ⚔ BigProvider: owns more than a tenth of all slots and switches them off while they are leased, to call it an outage.
TEST_CASE("a big provider's holiday ends, earns nothing, and is fined") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    std::deque<Rig> rigs;
    for (std::uint32_t i = 0; i < 12; ++i) rigs.emplace_back(chain, alice, RigOptions{.gpus = 1, .key_number = i + 1});
    const auto kept = rigs[0].rent_started(bob, {.duration_ms = 12 * hour_ms});
    const auto ended = rigs[1].rent_started(bob, {.duration_ms = 12 * hour_ms});
    chain.advance(30 * minute_ms);
    REQUIRE(machines::storage.outage.get(chain.state()).since_ms.has_value());
    REQUIRE(chain.apply(bob, leases::EndLease{ended}).ok());
    CHECK(lease_of(chain, ended).closed->at_ms <= rigs[1].machine().heartbeat.at_ms + second_ms);
    CHECK(lease_of(chain, ended).ledger.owner < tph / 100);

    chain.advance(45 * minute_ms);
    CHECK_FALSE(machines::storage.outage.get(chain.state()).since_ms.has_value());
    CHECK(rigs[0].state() == MachineState::Offline);
    CHECK(lease_of(chain, kept).closed->reason == leases::CloseReason::MachineOffline);
    CHECK(rigs[0].machine().standing.abandoned == 1);
}
