// Every call of Leases with arguments that nobody should send.
#include "runtime/pallets/leases/calls.hpp"
#include "tests/support/refusals.hpp"
#include "tests/support/rig.hpp"

#include <limits>

using namespace tests;
using leases::Error;
using leases::LeaseId;
namespace failure = frame::failure;

namespace {

constexpr auto most = std::numeric_limits<std::uint64_t>::max();
const LeaseId last{most};
const AccountId nobody{};

template <class C>
C changed(C call, auto change) {
    change(call);
    return call;
}

/// alice's and carol's machines are online; lease 0 was bob's and is closed, `running` is bob's, `waiting` has not
/// started. Frontends, sponsors and strangers are dave and account(5), who owns nothing.
struct World {
    World() {
        const auto closed = rig.rent_started(bob);
        REQUIRE(closed == LeaseId{0});
        REQUIRE(chain.apply(bob, leases::EndLease{closed}).ok());
        running = rig.rent_started(bob, {.workload = job()});
        waiting = rig.rent(bob);
        chain.next_block(second_ms);
    }

    Chain chain{compute_world()};
    Rig rig{chain, alice};
    Rig theirs{chain, carol, {.key_number = 2}};
    Refusals table{chain};
    LeaseId running;
    LeaseId waiting;
};

void renting(World& world) {
    using leases::Rent;
    Refusals& table = world.table;
    const auto good = world.theirs.order({.slots = 4});
    const auto row = [&](With with, auto change, auto error) { table.row(with, bob, changed(good, change), error); };
    row(With::Zero, [](auto& o) { o.machine = nobody; }, Error::UnknownMachine);
    row(With::Zero, [](auto& o) { o.slots = 0; }, Error::NotEnoughSlots);
    row(With::Zero, [](auto& o) { o.duration_ms = 0; }, Error::DurationTooShort);
    row(With::Zero, [](auto& o) { o.max_price = 0; }, Error::PriceTooHigh);
    row(With::Zero, [](auto& o) { o.card_version = 0; }, Error::CardVersionChanged);
    row(With::Zero, [](auto& o) { o.deposit = 0; }, Error::DepositTooSmall);
    row(With::Zero, [](auto& o) { o.frontend = nobody; }, Error::NobodysAccount);
    row(With::Zero, [](auto& o) { o.sponsor = nobody; }, Error::NoAllowance);
    row(With::Maximum, [](auto& o) { o.slots = 255; }, Error::NotEnoughSlots);
    row(With::Maximum, [](auto& o) { o.card_version = ~0U; }, Error::CardVersionChanged);
    row(With::Overflow, [](auto& o) { o.duration_ms = most; }, Error::DurationTooLong);
    row(With::Overflow, [](auto& o) { o.deposit = chain::u128_max; }, Error::DepositTooLarge);
    table.row(With::Overflow, account(5), good, frame::TokenError::FundsUnavailable);
    row(With::Foreign, [](auto& o) { o.machine = dave; }, Error::UnknownMachine);
    row(With::Foreign, [](auto& o) { o.sponsor = dave; }, Error::NoAllowance);
    table.repeated(bob, good, Error::NotEnoughSlots);
}

void sponsoring(World& world) {
    using leases::Allowance, leases::SetAllowance;
    Refusals& table = world.table;
    const Allowance good{.left = tph, .per_lease = tph, .hour_max = tph, .expires_ms = most};
    const auto row = [&](With with, auto change, auto error) {
        table.row(with, dave, SetAllowance{bob, changed(good, change)}, error);
    };
    table.row(With::Zero, dave, SetAllowance{nobody, good}, Error::NobodysAccount);
    table.row(With::Zero, dave, SetAllowance{bob, std::nullopt}, Error::NoAllowance);
    row(With::Zero, [](auto& a) { a.expires_ms = 0; }, Error::AllowanceExpired);
    row(With::Zero, [](auto& a) { a.left = 0; }, Error::EmptyAllowance);
    row(With::Zero, [](auto& a) { a.per_lease = 0; }, Error::EmptyAllowance);
    row(With::Zero, [](auto& a) { a.hour_max = 0; }, Error::EmptyAllowance);
    table.none<SetAllowance>(With::Maximum, "a sponsor may allow all that there is: only what is used is taken");
    table.none<SetAllowance>(With::Overflow, "nothing is added to an allowance");
    table.row(With::Foreign, bob, SetAllowance{bob, good}, Error::AllowanceForSelf);
    const auto all = changed(good, [](auto& a) { a.left = a.per_lease = a.hour_max = chain::u128_max; });
    table.repeated(dave, SetAllowance{bob, all}, Error::NothingChanges);
    table.repeated(dave, SetAllowance{bob, std::nullopt}, Error::NoAllowance);
}

void extending(World& world) {
    using leases::AutoExtendRules, leases::Extend, leases::SetAutoExtend;
    Refusals& table = world.table;
    const Extend good{world.running, 12 * hour_ms, 10 * tph, 1};
    const auto row = [&](With with, auto change, auto error) { table.row(with, bob, changed(good, change), error); };
    row(With::Zero, [](auto& e) { e.lease = {0}; }, Error::LeaseClosed);
    row(With::Zero, [](auto& e) { e.added_ms = 0; }, Error::DurationTooShort);
    row(With::Zero, [](auto& e) { e.max_price = 0; }, Error::PriceTooHigh);
    row(With::Zero, [](auto& e) { e.card_version = 0; }, Error::CardVersionChanged);
    row(With::Maximum, [](auto& e) { e.lease = last; }, Error::UnknownLease);
    row(With::Maximum, [](auto& e) { e.card_version = ~0U; }, Error::CardVersionChanged);
    row(With::Overflow, [](auto& e) { e.added_ms = most; }, Error::Overflow);
    row(With::Overflow, [](auto& e) { e.added_ms = most / 4; }, Error::DurationTooLong);
    table.row(With::Foreign, dave, good, Error::NotRenterOrSponsor);
    row(With::Foreign, [&](auto& e) { e.lease = world.waiting; }, Error::LeaseNotActive);
    table.repeated(bob, good, Error::DurationTooLong);

    const AutoExtendRules rules{.max_price = 10 * tph, .total = 20 * tph, .step_ms = hour_ms};
    const auto row_of_rules = [&](With with, auto change, auto error) {
        table.row(with, bob, SetAutoExtend{world.running, changed(rules, change)}, error);
    };
    table.row(With::Zero, bob, SetAutoExtend{{0}, rules}, Error::LeaseClosed);
    table.row(With::Zero, bob, SetAutoExtend{world.running, std::nullopt}, Error::NoAutoExtend);
    row_of_rules(With::Zero, [](auto& r) { r.max_price = 0; }, Error::BadAutoExtend);
    row_of_rules(With::Zero, [](auto& r) { r.total = 0; }, Error::BadAutoExtend);
    row_of_rules(With::Zero, [](auto& r) { r.step_ms = 0; }, Error::BadAutoExtend);
    table.row(With::Maximum, bob, SetAutoExtend{last, rules}, Error::UnknownLease);
    row_of_rules(With::Overflow, [](auto& r) { r.step_ms = most; }, Error::BadAutoExtend);
    table.row(With::Foreign, dave, SetAutoExtend{world.running, rules}, Error::NotRenterOrSponsor);
    table.repeated(bob, SetAutoExtend{world.running, rules}, Error::NothingChanges);
    table.repeated(bob, SetAutoExtend{world.running, std::nullopt}, Error::NoAutoExtend);
}

void money(World& world) {
    using leases::Settle, leases::TopUp;
    Refusals& table = world.table;
    const auto poor = world.rig.rent_started(bob, {.deposit = tph});
    table.row(With::Zero, bob, TopUp{{0}, tph}, Error::LeaseClosed);
    table.row(With::Zero, bob, TopUp{poor, 0}, Error::TopUpTooSmall);
    table.row(With::Maximum, bob, TopUp{last, tph}, Error::UnknownLease);
    table.row(With::Overflow, account(5), TopUp{poor, chain::u128_max}, frame::TokenError::FundsUnavailable);
    table.none<TopUp>(With::Foreign, "anybody may add money to a lease");
    const Balance before = world.chain.free(bob);
    table.repeated(bob, TopUp{poor, chain::u128_max}, Error::FullyFunded);
    CHECK(before - world.chain.free(bob) == 9 * tph);  // asked for everything, took what the lease lacked

    table.row(With::Zero, bob, Settle{{0}}, Error::LeaseClosed);
    table.row(With::Maximum, bob, Settle{last}, Error::UnknownLease);
    table.none<Settle>(With::Overflow, "it takes no amount");
    table.none<Settle>(With::Foreign, "anybody may have the owner paid");
    world.rig.live(3 * hour_ms);
    table.repeated(dave, Settle{world.running}, Error::NothingToSettle);
}

/// What the machine's key says of a lease; `good` names a lease of alice's machine for which it is due.
template <class C>
void from_machine(World& world, const C& good, LeaseId not_so, Error why_not, Error again) {
    Refusals& table = world.table;
    const AccountId signer = world.rig.id();
    table.row(With::Zero, signer, changed(good, [](auto& c) { c.lease = {0}; }), Error::LeaseClosed);
    table.row(With::Maximum, signer, changed(good, [](auto& c) { c.lease = last; }), Error::UnknownLease);
    table.row(With::Foreign, signer, changed(good, [&](auto& c) { c.lease = not_so; }), why_not);
    table.row(With::Foreign, world.theirs.id(), good, Error::NotThisMachine);
    table.row(With::Foreign, bob, good, machines::Error::UnknownSigner);
    table.none<C>(With::Overflow, "nothing is computed with what it says");
    table.repeated(signer, good, again);
}

void ending(World& world) {
    using leases::EndLease;
    Refusals& table = world.table;
    const auto mine = world.rig.rent(dave);
    table.row(With::Zero, dave, EndLease{{0}}, Error::LeaseClosed);
    table.row(With::Maximum, dave, EndLease{last}, Error::UnknownLease);
    table.none<EndLease>(With::Overflow, "it takes no amount");
    table.row(With::Foreign, dave, EndLease{world.running}, Error::NotRenter);
    table.repeated(dave, EndLease{mine}, Error::LeaseClosed);
}

void roots(World& world) {
    using leases::Parameters, leases::SetParameters;
    Refusals& table = world.table;
    const auto row = [&](With with, auto change) {
        table.row_of_root(with, SetParameters{changed(Parameters{}, change)}, Error::BadParameters);
    };
    row(With::Zero, [](auto& p) { p.start_deadline_ms = 0; });
    row(With::Zero, [](auto& p) { p.unstarted_max = 0; });
    row(With::Maximum, [](auto& p) { p.penalty_share_ppm = ~0U; });
    row(With::Overflow, [](auto& p) { p.withheld_ms = most; });
    row(With::Overflow, [](auto& p) { p.record_kept_ms = most; });
    table.row(With::Foreign, alice, SetParameters{}, failure::BadOrigin{});
    table.repeated_by_root(SetParameters{changed(Parameters{}, [](auto& p) { p.unstarted_max = 9; })},
                           Error::NothingChanges);
}

}  // namespace

TEST_CASE("zero, greatest, overflowing, foreign and repeated arguments: each gets its error, none leaves a trace") {
    World world;
    check_compute_invariants(world.chain);
    renting(world);
    sponsoring(world);
    from_machine(world, leases::ConfirmStart{world.waiting, {}}, world.running, Error::LeaseNotStarting,
                 Error::LeaseNotStarting);
    const auto unwanted = world.rig.rent(dave);
    from_machine(world, leases::RejectStart{unwanted, leases::RejectReason::MachineBusy}, world.running,
                 Error::LeaseNotStarting, Error::LeaseClosed);
    ending(world);
    REQUIRE(world.chain.apply(bob, leases::EndLease{world.waiting}).ok());
    world.waiting = world.rig.rent(bob);
    extending(world);
    money(world);
    const auto open = world.rig.rent_started(dave);
    from_machine(world, leases::ReportExit{.lease = world.running, .code = -1}, open, Error::NotAJob,
                 Error::LeaseClosed);
    roots(world);
    world.table.is_complete<leases::Pallet>();
    world.chain.next_block();
}

TEST_CASE("an enumerator beyond the last is no call") {
    World world;
    auto call = frame::to_call(leases::RejectStart{world.waiting, leases::RejectReason::BadSealedSecrets});
    REQUIRE(scale::decode<frame::Call>(call.encoded).has_value());
    ++call.encoded.back();
    CHECK_FALSE(scale::decode<frame::Call>(call.encoded).has_value());
}
