#include "runtime/pallets/machines/probes.hpp"

#include "runtime/pallets/machines/messages.hpp"
#include "runtime/pallets/system/accounts.hpp"
#include "tests/support/rig.hpp"

#include <catch2/catch.hpp>

using namespace tests;
using machines::Error;
using machines::MachineState;
using machines::ProbeFailure;

TEST_CASE("the right answer before the deadline brings a machine online") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice, {.online = false}};
    CHECK(rig.open_probe() == Error::UnknownMachine);
    REQUIRE(rig.register_machine().ok());
    CHECK(rig.answer_probe() == Error::NoOpenProbe);
    CHECK(machines::AnswerProbe{}.check_due(chain.state(), rig.id()).error().code ==
          static_cast<std::uint8_t>(machines::Undue::NoOpenProbe));
    REQUIRE(rig.open_probe().ok());
    CHECK(rig.state() == MachineState::Probing);
    CHECK(rig.open_probe() == Error::ProbeAlreadyOpen);
    chain.next_block();
    CHECK(machines::AnswerProbe{}.check_due(chain.state(), rig.id()).has_value());
    CHECK(rig.answer_probe().has<machines::ProbePassed>());
    CHECK(rig.state() == MachineState::Online);
    CHECK(rig.answer_probe() == Error::NoOpenProbe);
    CHECK(machines::storage.usage.get(chain.state()).slots == 4);
    chain.next_block();
}

TEST_CASE("wrong and late answers go back to Bonded with a growing back-off") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice, {.online = false}};
    REQUIRE(rig.register_machine().ok());
    REQUIRE(rig.open_probe().ok());
    const auto wrong = chain.apply(rig.id(), machines::AnswerProbe{});
    REQUIRE(wrong.ok());
    CHECK(wrong.event<machines::ProbeFailed>().reason == ProbeFailure::WrongAnswer);
    CHECK(rig.state() == MachineState::Bonded);
    CHECK(rig.machine().probes.not_before_ms == chain.live_ms() + minute_ms);
    CHECK(rig.open_probe() == Error::ProbeBackedOff);

    chain.advance(minute_ms);
    REQUIRE(rig.open_probe().ok());
    chain.advance(minute_ms + second_ms);
    REQUIRE(chain.all<machines::ProbeFailed>().size() == 1);
    CHECK(chain.all<machines::ProbeFailed>().front().reason == ProbeFailure::Late);
    CHECK(rig.state() == MachineState::Bonded);
    CHECK(rig.answer_probe() == Error::NoOpenProbe);
    CHECK(rig.machine().probes.failures == 2);
    chain.advance(minute_ms);
    CHECK(rig.open_probe() == Error::ProbeBackedOff);  // two minutes now
    chain.advance(2 * minute_ms);
    REQUIRE(rig.open_probe().ok());
    REQUIRE(rig.answer_probe().ok());
    CHECK(rig.machine().probes.failures == 0);
    chain.next_block();
}

// ⚔ HardwareLiar: registered better hardware than the machine finds in itself.
TEST_CASE("a hardware liar's machine answers wrong") {
    Chain chain{compute_world()};
    Rig rig{chain, alice, {.online = false}};
    REQUIRE(rig.register_machine().ok());
    REQUIRE(rig.open_probe().ok());
    const auto found_in_it = claims_with(2);
    const auto answer = machines::probe_answer({.genesis = frame_system::genesis_hash(chain.state()),
                                                .machine = rig.id(),
                                                .seed = machines::storage.probes.get(chain.state(), rig.id())->seed,
                                                .claims_hash = machines::hash_of(found_in_it)});
    REQUIRE(chain.apply(rig.id(), machines::AnswerProbe{answer}).has<machines::ProbeFailed>());
    CHECK(rig.state() == MachineState::Bonded);
}

// ⚔ AnswerReplayer: knows an answer to an earlier seed, or of another machine.
TEST_CASE("an answer serves one seed and one machine") {
    Chain chain{compute_world()};
    Rig first{chain, alice, {.key_number = 1, .online = false}};
    Rig second{chain, bob, {.key_number = 2, .online = false}};
    for (Rig* rig : {&first, &second}) REQUIRE((rig->register_machine().ok() && rig->open_probe(1).ok()));
    const auto answer_of_first =
        machines::probe_answer({.genesis = frame_system::genesis_hash(chain.state()),
                                .machine = first.id(),
                                .seed = machines::storage.probes.get(chain.state(), first.id())->seed,
                                .claims_hash = machines::hash_of(first.claims())});
    CHECK(chain.apply(second.id(), machines::AnswerProbe{answer_of_first}).has<machines::ProbeFailed>());
    REQUIRE(chain.apply(first.id(), machines::AnswerProbe{answer_of_first}).has<machines::ProbePassed>());
    chain.advance(2 * minute_ms);
    REQUIRE(second.open_probe(2).ok());
    CHECK(chain.apply(second.id(), machines::AnswerProbe{answer_of_first}).has<machines::ProbeFailed>());
}

// ⚔ RogueAuditor: one listed key. In the reference system it could end every rental; here it can only ask machines that
// are not proven and have no leases.
TEST_CASE("a rogue auditor cannot touch a machine at work") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    CHECK(rig.open_probe() == Error::WrongState);
    const auto lease = rig.rent_started(bob);
    CHECK(rig.open_probe() == Error::WrongState);
    chain.advance(2 * minute_ms);
    REQUIRE(rig.state() == MachineState::Degraded);
    CHECK(rig.open_probe() == Error::WrongState);
    CHECK(lease_of(chain, lease).state == leases::LeaseState::Active);
}

TEST_CASE("a machine that went away must beat before it is asked again") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    chain.advance(6 * minute_ms);
    REQUIRE(rig.state() == MachineState::Offline);
    CHECK(rig.open_probe() == Error::NoRecentHeartbeat);
    chain.next_block();
    REQUIRE(rig.heartbeat().ok());
    CHECK(rig.state() == MachineState::Offline);
    REQUIRE(rig.open_probe().ok());
    REQUIRE(rig.answer_probe().ok());
    CHECK(rig.state() == MachineState::Online);
    chain.next_block();
}
