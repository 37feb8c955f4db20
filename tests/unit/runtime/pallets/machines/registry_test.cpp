// Coming, changing and leaving.
#include "runtime/pallets/machines/registry.hpp"

#include "runtime/pallets/balances/balances.hpp"
#include "runtime/pallets/leases/extending.hpp"
#include "runtime/pallets/leases/running.hpp"
#include "runtime/pallets/machines/liveness.hpp"
#include "runtime/pallets/machines/market.hpp"
#include "runtime/pallets/machines/messages.hpp"
#include "runtime/pallets/system/accounts.hpp"
#include "tests/support/rig.hpp"

#include <catch2/catch.hpp>

using namespace tests;
using machines::Error;
using machines::MachineState;

namespace {

Balance bond_of(const Chain& chain, const AccountId& owner) {
    return balances::held(chain.state(), owner, balances::HoldReason::MachineBond);
}

machines::RotateMachineKey rotation(const Chain& chain, const Rig& rig, const crypto::SecretKey& key) {
    const machines::Rotation message{.genesis = frame_system::genesis_hash(chain.state()),
                                     .machine = rig.id(),
                                     .new_signer = key.account(),
                                     .owner = rig.owner(),
                                     .counter = machines::storage.registrations.get(chain.state(), rig.owner())};
    return {.machine = rig.id(),
            .keys = {.signer = key.account(), .tls_key = {}, .box_key = {}},
            .signature = key.sign(machines::rotation_digest(message))};
}

machines::ChangeHardware other_hardware(const Chain& chain, const Rig& rig, std::uint8_t gpus) {
    const auto claims = claims_with(gpus);
    const machines::Registration message{.genesis = frame_system::genesis_hash(chain.state()),
                                         .machine = rig.id(),
                                         .owner = rig.owner(),
                                         .counter = machines::storage.registrations.get(chain.state(), rig.owner()),
                                         .claims_hash = machines::hash_of(claims)};
    return {.machine = rig.id(),
            .claims = claims,
            .machine_signature = rig.key().sign(machines::registration_digest(message))};
}

}  // namespace

TEST_CASE("a registration holds the bond and makes the machine's account live without money") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice, {.gpus = 4, .online = false}};
    const auto outcome = rig.register_machine();
    REQUIRE(outcome.ok());
    CHECK(outcome.event<machines::Registered>().bond == 4'000 * tph);
    CHECK(bond_of(chain, alice) == 4'000 * tph);
    CHECK(rig.state() == MachineState::Bonded);
    CHECK(rig.machine().device_class == machines::DeviceClass::Gpu);
    CHECK(frame_system::account(chain.state(), rig.id()).sufficients == 1);
    CHECK(machines::storage.totals.get(chain.state()).gpu == machines::ClassTotals{.machines = 1, .slots = 4});
    chain.next_block();
}

TEST_CASE("a machine without a GPU is of class Cpu, and says so") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice, {.gpus = 0}};
    CHECK(rig.machine().device_class == machines::DeviceClass::Cpu);
    CHECK(rig.machine().slots == 2);
    CHECK(machines::storage.totals.get(chain.state()).cpu.proven_slots == 2);
    CHECK(machines::storage.usage.get(chain.state()).slots == 0);
    chain.next_block();
}

TEST_CASE("a wrong registration changes nothing and says what is wrong") {
    Chain chain{compute_world()};
    Rig rig{chain, alice, {.online = false}};
    const auto good = rig.registration();
    const auto refused = [&](const AccountId& signer, auto change, auto error) {
        auto call = good;
        change(call);
        const auto before = chain.fingerprint();
        CHECK(chain.apply(signer, call) == error);
        CHECK(chain.fingerprint() == before);
    };
    refused(alice, [](auto& c) { c.claims.slots = 0; }, Error::BadClaims);
    refused(alice, [](auto& c) { c.price_card.slot_hour = 0; }, Error::PriceOutOfRange);
    refused(alice, [](auto& c) { c.price_card.slot_hour = chain::u128_max; }, Error::PriceOutOfRange);
    refused(alice, [](auto& c) { c.price_card.minimum_duration_ms = 0; }, Error::DurationOutOfRange);
    refused(alice, [](auto& c) { c.price_card.maximum_duration_ms = ~0ULL; }, Error::DurationOutOfRange);
    refused(alice, [](auto& c) { c.price_card.frontend_share_ppm = ~0U; }, Error::FrontendShareTooHigh);
    refused(alice, [](auto& c) { c.machine_signature = {}; }, Error::BadMachineSignature);
    refused(alice, [](auto& c) { c.claims.region.value += "x"; }, Error::BadMachineSignature);
    refused(alice, [](auto& c) { c.tls_key[0] ^= 1; }, Error::BadMachineSignature);
    refused(alice, [](auto& c) { c.box_key[0] ^= 1; }, Error::BadMachineSignature);
    refused(alice, [](auto& c) { c.machine = bob; }, Error::BadMachineSignature);
    refused(account(77), [](auto&) {}, Error::BadMachineSignature);
    CHECK(chain.unsigned_call(good) == frame::failure::BadOrigin{});
    CHECK(chain.as_root(good) == frame::failure::BadOrigin{});
}

TEST_CASE("the bond must be there") {
    Chain chain{{.accounts = {{alice, 3'999 * tph}}}};
    Rig rig{chain, alice, {.online = false}};
    const auto before = chain.fingerprint();
    CHECK(rig.register_machine() == frame::TokenError::FundsUnavailable);
    CHECK(chain.fingerprint() == before);
}

// ⚔ ReplayingOwner: sends a machine's signature a second time, or somebody else's.
TEST_CASE("a replaying owner registers nothing twice") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice, {.online = false}};
    const auto call = rig.registration();
    REQUIRE(chain.apply(alice, call).ok());
    CHECK(chain.apply(alice, call) == Error::AlreadyRegistered);
    CHECK(chain.apply(bob, call) == Error::AlreadyRegistered);

    Rig other{chain, bob, {.key_number = 2, .online = false}};
    const auto foreign = other.registration();
    CHECK(chain.apply(alice, foreign) == Error::BadMachineSignature);  // bob's machine, signed for bob
}

TEST_CASE("an exit holds the bond for the unbonding time, then the key may come again with a fresh signature") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    machines::Parameters quick;
    quick.unbonding_ms = 10 * minute_ms;
    REQUIRE(chain.as_root(machines::SetParameters{quick}).ok());
    Rig rig{chain, alice, {.online = false}};
    const auto old_call = rig.registration();
    rig.bring_online();
    const auto old_version = rig.machine().card.version;

    REQUIRE(chain.apply(alice, machines::Exit{rig.id()}).ok());
    CHECK(rig.state() == MachineState::Unbonding);
    CHECK(chain.apply(alice, machines::Exit{rig.id()}) == Error::AlreadyLeaving);
    chain.advance(10 * minute_ms - second_ms);
    CHECK(bond_of(chain, alice) == 4'000 * tph);
    chain.advance(2 * second_ms);
    chain.next_block();
    CHECK(rig.state() == MachineState::Exited);
    CHECK(bond_of(chain, alice) == 0);
    CHECK(rig.heartbeat() == Error::UnknownSigner);

    CHECK(chain.apply(alice, old_call) == Error::BadMachineSignature);  // replayed: its counter is used up
    CHECK(rig.register_machine().ok());
    CHECK(chain.apply(alice, old_call) == Error::AlreadyRegistered);
    CHECK(rig.machine().card.version > old_version);
    // The key's account never died: what it signed in its first life cannot be sent again.
    CHECK(frame_system::account(chain.state(), rig.id()).sufficients == 1);
    chain.next_block();
}

TEST_CASE("an exit waits for the last lease") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto lease = rig.rent_started(bob, {.duration_ms = 10 * minute_ms});
    REQUIRE(chain.apply(alice, machines::Exit{rig.id()}).ok());
    CHECK(rig.state() == MachineState::Draining);
    CHECK(rig.try_rent(bob) == leases::Error::MachineNotOnline);
    CHECK(chain.apply(bob, leases::Extend{lease, minute_ms, chain::u128_max, 1}) == leases::Error::MachineNotOnline);
    rig.live(10 * minute_ms);
    chain.next_block();
    CHECK(lease_of(chain, lease).closed->reason == leases::CloseReason::Expired);
    CHECK(rig.state() == MachineState::Unbonding);
}

TEST_CASE("a key is rotated with the new key's consent, once") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    Rig other{chain, bob, {.key_number = 2}};
    const auto fresh = key_of(9);
    const auto call = rotation(chain, rig, fresh);

    auto forged = call;
    forged.signature = rig.key().sign(chain::Hash{});
    CHECK(chain.apply(alice, forged) == Error::BadMachineSignature);
    CHECK(chain.apply(bob, call) == Error::NotOwner);
    CHECK(chain.apply(alice, rotation(chain, rig, other.key())) == Error::SignerInUse);
    CHECK(chain.apply(alice, rotation(chain, rig, rig.key())) == Error::SignerInUse);
    CHECK(chain.apply(alice, machines::RotateMachineKey{.machine = carol}) == Error::UnknownMachine);

    REQUIRE(chain.apply(alice, call).ok());
    CHECK(rig.machine().keys.signer == fresh.account());
    CHECK(chain.apply(rig.id(), machines::Heartbeat{.interval = 0}) == Error::UnknownSigner);
    chain.advance(minute_ms);
    CHECK(rig.heartbeat().ok());
    CHECK(chain.apply(alice, call) == Error::SignerInUse);
    REQUIRE(chain.apply(alice, rotation(chain, rig, rig.key())).ok());  // and back
    CHECK(chain.apply(alice, call) == Error::BadMachineSignature);      // its counter is used up
    chain.next_block();
}

// ⚔ KeyThief: has the machine's key. The owner freezes it; a rotation ends the freeze and the thief's part.
TEST_CASE("a key thief is locked out by a freeze and a rotation") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto waiting = rig.rent(bob);
    CHECK(chain.apply(bob, machines::Freeze{rig.id()}) == Error::NotOwner);
    REQUIRE(chain.apply(alice, machines::Freeze{rig.id()}).ok());
    CHECK(chain.apply(alice, machines::Freeze{rig.id()}) == Error::AlreadyFrozen);

    chain.advance(minute_ms);
    CHECK(rig.heartbeat() == Error::MachineFrozen);
    CHECK(machines::Heartbeat{.interval = 1}.check_due(chain.state(), rig.id()).error().code ==
          static_cast<std::uint8_t>(machines::Undue::Frozen));
    CHECK(rig.confirm(waiting) == Error::MachineFrozen);
    CHECK(rig.try_rent(bob) == leases::Error::MachineFrozen);
    const auto fresh = key_of(9);
    REQUIRE(chain.apply(alice, rotation(chain, rig, fresh)).ok());
    CHECK(chain.apply(rig.id(), leases::ConfirmStart{waiting, {}}) == Error::UnknownSigner);
    CHECK(rig.confirm(waiting).ok());
    chain.next_block();
}

TEST_CASE("other hardware changes the bond and is to be proven again") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto stale = other_hardware(chain, rig, 16);
    const auto lease = rig.rent_started(bob, {.duration_ms = minute_ms});
    CHECK(chain.apply(alice, stale) == Error::HasLeases);
    REQUIRE(chain.apply(bob, leases::EndLease{lease}).ok());
    CHECK(chain.apply(bob, stale) == Error::NotOwner);
    auto forged = stale;
    forged.claims.cpu_threads = 1;
    CHECK(chain.apply(alice, forged) == Error::BadMachineSignature);

    REQUIRE(chain.apply(alice, stale).ok());
    CHECK(rig.state() == MachineState::Bonded);
    CHECK(bond_of(chain, alice) == 16'000 * tph);
    CHECK(chain.apply(alice, stale) == Error::BadMachineSignature);  // replayed
    REQUIRE(chain.apply(alice, other_hardware(chain, rig, 0)).ok());
    CHECK(bond_of(chain, alice) == 2'000 * tph);
    CHECK(rig.machine().device_class == machines::DeviceClass::Cpu);
    chain.next_block();
}
