// Every call of Machines with arguments that nobody should send.
#include "runtime/pallets/machines/calls.hpp"
#include "runtime/pallets/machines/messages.hpp"
#include "runtime/pallets/system/accounts.hpp"
#include "tests/support/refusals.hpp"
#include "tests/support/rig.hpp"

#include <limits>

using namespace tests;
using machines::Error;
namespace failure = frame::failure;

namespace {

constexpr auto most = std::numeric_limits<std::uint64_t>::max();
const AccountId nobody{};
const AccountId everybody = [] {
    AccountId id;
    id.value.fill(0xff);
    return id;
}();

const chain::Hash greatest_hash = [] {
    chain::Hash hash;
    hash.value.fill(0xff);
    return hash;
}();

template <class C>
C changed(C call, auto change) {
    change(call);
    return call;
}

/// A world of three machines: alice's is online, bob's too, carol's is not registered yet.
struct World {
    World() { chain.advance(minute_ms); }  // the second heartbeat is due

    Chain chain{compute_world()};
    Rig rig{chain, alice};
    Rig theirs{chain, bob, {.key_number = 2}};
    Rig fresh{chain, carol, {.key_number = 3, .online = false}};
    Refusals table{chain};
};

void coming(World& world) {
    using machines::RegisterMachine;
    Refusals& table = world.table;
    const auto good = world.fresh.registration();
    const auto row = [&](With with, auto change, auto error) { table.row(with, carol, changed(good, change), error); };
    row(With::Zero, [](auto& c) { c.machine = nobody; }, Error::BadMachineSignature);
    row(With::Zero, [](auto& c) { c.claims = {}; }, Error::BadClaims);
    row(With::Zero, [](auto& c) { c.price_card = {}; }, Error::PriceOutOfRange);
    row(With::Zero, [](auto& c) { c.price_card.minimum_duration_ms = 0; }, Error::DurationOutOfRange);
    row(With::Zero, [](auto& c) { c.machine_signature = {}; }, Error::BadMachineSignature);
    row(With::Maximum, [](auto& c) { c.claims.slots = 255; }, Error::BadClaims);
    row(With::Maximum, [](auto& c) { c.price_card.frontend_share_ppm = ~0U; }, Error::FrontendShareTooHigh);
    row(With::Maximum, [](auto& c) { c.price_card.maximum_duration_ms = most; }, Error::DurationOutOfRange);
    row(With::Overflow, [](auto& c) { c.price_card.slot_hour = chain::u128_max; }, Error::PriceOutOfRange);
    table.row(With::Overflow, account(5), changed(good, [](auto& c) { c.machine = everybody; }),
              Error::BadMachineSignature);
    table.row(With::Foreign, bob, good, Error::BadMachineSignature);
    row(With::Foreign, [&](auto& c) { c.machine = world.rig.id(); }, Error::AlreadyRegistered);
    table.repeated(carol, good, Error::AlreadyRegistered);
}

void prices(World& world) {
    using machines::SetPriceCard;
    Refusals& table = world.table;
    const auto row = [&](With with, auto change, auto error) {
        table.row(with, alice, changed(SetPriceCard{world.rig.id(), usual_terms()}, change), error);
    };
    row(With::Zero, [](auto& c) { c.machine = nobody; }, Error::UnknownMachine);
    row(With::Zero, [](auto& c) { c.terms.slot_hour = 0; }, Error::PriceOutOfRange);
    row(With::Zero, [](auto& c) { c.terms.minimum_duration_ms = 0; }, Error::DurationOutOfRange);
    row(With::Maximum, [](auto& c) { c.terms.frontend_share_ppm = ~0U; }, Error::FrontendShareTooHigh);
    row(With::Maximum, [](auto& c) { c.terms.minimum_duration_ms = most; }, Error::DurationOutOfRange);
    row(With::Overflow, [](auto& c) { c.terms.slot_hour = chain::u128_max; }, Error::PriceOutOfRange);
    row(With::Overflow, [](auto& c) { c.terms.maximum_duration_ms = most; }, Error::DurationOutOfRange);
    row(With::Foreign, [&](auto& c) { c.machine = world.theirs.id(); }, Error::NotController);
    row(With::Replay, [](auto&) {}, Error::NothingChanges);  // what the registration said
    auto dearer = usual_terms();
    dearer.slot_hour *= 2;
    table.repeated(alice, SetPriceCard{world.rig.id(), dearer}, Error::NothingChanges);  // a raise that still waits
}

/// Calls that name a machine and an account.
template <class C>
void names(World& world) {
    Refusals& table = world.table;
    table.row(With::Zero, alice, C{nobody, dave}, Error::UnknownMachine);
    table.row(With::Zero, alice, C{world.rig.id(), nobody}, Error::NobodysAccount);
    table.row(With::Maximum, alice, C{everybody, dave}, Error::UnknownMachine);
    table.none<C>(With::Overflow, "it takes no amount");
    table.row(With::Foreign, alice, C{world.theirs.id(), dave}, Error::NotOwner);
    table.repeated(alice, C{world.rig.id(), dave}, Error::NothingChanges);
}

void keys(World& world) {
    using machines::RotateMachineKey;
    Refusals& table = world.table;
    const auto key = key_of(9);
    const machines::Rotation message{.genesis = frame_system::genesis_hash(world.chain.state()),
                                     .machine = world.rig.id(),
                                     .new_signer = key.account(),
                                     .owner = alice,
                                     .counter = machines::storage.registrations.get(world.chain.state(), alice)};
    const RotateMachineKey good{.machine = world.rig.id(),
                                .keys = {.signer = key.account()},
                                .signature = key.sign(machines::rotation_digest(message))};
    const auto row = [&](With with, auto change, auto error) { table.row(with, alice, changed(good, change), error); };
    row(With::Zero, [](auto& c) { c.machine = nobody; }, Error::UnknownMachine);
    row(With::Zero, [](auto& c) { c.keys.signer = nobody; }, Error::BadMachineSignature);
    row(With::Zero, [](auto& c) { c.signature = {}; }, Error::BadMachineSignature);
    row(With::Maximum, [](auto& c) { c.keys.signer = everybody; }, Error::BadMachineSignature);
    table.none<RotateMachineKey>(With::Overflow, "it takes no amount");
    row(With::Foreign, [&](auto& c) { c.machine = world.theirs.id(); }, Error::NotOwner);
    row(With::Foreign, [&](auto& c) { c.keys.signer = world.theirs.id(); }, Error::SignerInUse);
    table.repeated(alice, good, Error::SignerInUse);
}

void maintenance(World& world) {
    using machines::AnnounceMaintenance;
    Refusals& table = world.table;
    const auto row = [&](With with, std::optional<machines::Maintenance> window, auto error) {
        table.row(with, alice, AnnounceMaintenance{world.rig.id(), window}, error);
    };
    const std::uint64_t soon = world.chain.live_ms() + hour_ms;
    table.row(With::Zero, alice, AnnounceMaintenance{nobody, {{soon, most}}}, Error::UnknownMachine);
    row(With::Zero, {{0, 0}}, Error::BadMaintenance);
    row(With::Zero, std::nullopt, Error::NoMaintenance);
    row(With::Maximum, {{most, most}}, Error::BadMaintenance);
    row(With::Overflow, {{most, 0}}, Error::BadMaintenance);
    table.row(With::Foreign, alice, AnnounceMaintenance{world.theirs.id(), {{soon, most}}}, Error::NotController);
    table.repeated(alice, AnnounceMaintenance{world.rig.id(), {{soon, soon + 1}}}, Error::NothingChanges);
    table.repeated(alice, AnnounceMaintenance{world.rig.id(), std::nullopt}, Error::NoMaintenance);
}

void hardware(World& world) {
    using machines::ChangeHardware;
    Refusals& table = world.table;
    const auto claims = claims_with(2);
    const machines::Registration message{.genesis = frame_system::genesis_hash(world.chain.state()),
                                         .machine = world.theirs.id(),
                                         .owner = bob,
                                         .counter = machines::storage.registrations.get(world.chain.state(), bob),
                                         .claims_hash = machines::hash_of(claims)};
    const ChangeHardware good{.machine = world.theirs.id(),
                              .claims = claims,
                              .machine_signature = world.theirs.key().sign(machines::registration_digest(message))};
    const auto row = [&](With with, auto change, auto error) { table.row(with, bob, changed(good, change), error); };
    row(With::Zero, [](auto& c) { c.machine = nobody; }, Error::UnknownMachine);
    row(With::Zero, [](auto& c) { c.claims = {}; }, Error::BadClaims);
    row(With::Zero, [](auto& c) { c.machine_signature = {}; }, Error::BadMachineSignature);
    row(With::Maximum, [](auto& c) { c.claims.slots = 255; }, Error::BadClaims);
    row(With::Overflow, [](auto& c) { c.claims.memory_bytes = most; }, Error::BadMachineSignature);
    row(With::Foreign, [&](auto& c) { c.machine = world.rig.id(); }, Error::NotOwner);
    table.repeated(bob, good, Error::BadMachineSignature);
}

/// What the machine's own key says, and what an auditor asks.
void life(World& world) {
    using machines::AnswerProbe, machines::Heartbeat, machines::OpenProbe;
    Refusals& table = world.table;
    const AccountId signer = world.theirs.id();
    const auto rules = machines::storage.parameters.get(world.chain.state());
    const std::uint64_t now = machines::interval_at(rules, world.chain.live_ms());
    table.row(With::Zero, signer, Heartbeat{0, 0}, Error::WrongInterval);
    table.row(With::Maximum, signer, Heartbeat{most, 0}, Error::WrongInterval);
    table.row(With::Maximum, signer, Heartbeat{now, 255}, Error::BadUtilisation);
    table.none<Heartbeat>(With::Overflow, "nothing is added to an interval before it is the present one");
    table.row(With::Foreign, alice, Heartbeat{now, 0}, Error::UnknownSigner);
    table.repeated(signer, Heartbeat{now, 100}, Error::HeartbeatAlreadySent);

    table.row(With::Zero, auditor, OpenProbe{nobody, {}}, Error::UnknownMachine);
    table.row(With::Maximum, auditor, OpenProbe{everybody, {}}, Error::UnknownMachine);
    table.none<OpenProbe>(With::Overflow, "it takes no amount");
    table.row(With::Foreign, alice, OpenProbe{world.theirs.id(), {}}, Error::NotAuditor);
    table.row(With::Zero, signer, AnswerProbe{}, Error::NoOpenProbe);
    table.row(With::Maximum, signer, AnswerProbe{greatest_hash}, Error::NoOpenProbe);
    table.none<AnswerProbe>(With::Overflow, "it takes no amount");
    table.repeated(auditor, OpenProbe{world.fresh.id(), {}}, Error::ProbeAlreadyOpen);
    table.row(With::Foreign, alice, AnswerProbe{}, Error::UnknownSigner);
    REQUIRE(world.fresh.answer_probe().ok());
    table.row(With::Replay, world.fresh.id(), AnswerProbe{}, Error::NoOpenProbe);
}

void roots(World& world) {
    using machines::Parameters, machines::SetAuditors, machines::SetParameters;
    Refusals& table = world.table;
    table.row_of_root(With::Zero, SetAuditors{{{alice, nobody}}}, Error::NobodysAccount);
    machines::Auditors many;
    for (std::uint32_t i = 1; i <= machines::auditors_max; ++i) many.value.push_back(account(i));
    many.value.back() = many.value.front();
    table.row_of_root(With::Maximum, SetAuditors{many}, Error::DuplicateAuditor);
    table.none<SetAuditors>(With::Overflow, "a longer list than the bound is no call: the codec refuses it");
    table.row(With::Foreign, alice, SetAuditors{{{alice}}}, failure::BadOrigin{});
    table.repeated_by_root(SetAuditors{{{alice, bob}}}, Error::NothingChanges);

    const auto row = [&](With with, auto change) {
        table.row_of_root(with, SetParameters{changed(Parameters{}, change)}, Error::BadParameters);
    };
    row(With::Zero, [](auto& p) { p.heartbeat_interval_ms = 0; });
    row(With::Zero, [](auto& p) { p.probe_deadline_ms = 0; });
    row(With::Zero, [](auto& p) { p.degraded_after = 0; });
    row(With::Maximum, [](auto& p) { p.unbonding_ms = most; });
    row(With::Maximum, [](auto& p) { p.outage_share_ppm = ~0U; });
    row(With::Overflow, [](auto& p) { p.bond_per_slot = chain::u128_max; });
    row(With::Overflow, [](auto& p) { p.slot_hour_max = chain::u128_max; });
    table.row(With::Foreign, alice, SetParameters{}, failure::BadOrigin{});
    Parameters longer;
    longer.probe_deadline_ms *= 2;
    table.repeated_by_root(SetParameters{longer}, Error::NothingChanges);
}

/// Calls that name a machine only.
template <class C>
void machine_only(World& world, Error again) {
    Refusals& table = world.table;
    table.row(With::Zero, alice, C{nobody}, Error::UnknownMachine);
    table.row(With::Maximum, alice, C{everybody}, Error::UnknownMachine);
    table.none<C>(With::Overflow, "it takes no amount");
    table.row(With::Foreign, alice, C{world.theirs.id()}, Error::NotOwner);
    table.repeated(alice, C{world.rig.id()}, again);
}

}  // namespace

TEST_CASE("zero, greatest, overflowing, foreign and repeated arguments: each gets its error, none leaves a trace") {
    World world;
    check_compute_invariants(world.chain);
    coming(world);
    prices(world);
    names<machines::SetReceiver>(world);
    names<machines::SetController>(world);
    maintenance(world);
    keys(world);
    life(world);
    hardware(world);
    machine_only<machines::Freeze>(world, Error::AlreadyFrozen);
    machine_only<machines::Exit>(world, Error::AlreadyLeaving);
    roots(world);
    world.table.is_complete<machines::Pallet>();
    world.chain.next_block();
}
