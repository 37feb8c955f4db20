#include "runtime/pallets/balances/balances.hpp"

#include "tests/unit/runtime/pallets/balances/world.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace balances;
using namespace balances::sample;
using frame::ArithmeticError;
using frame::DispatchError;
using frame::TokenError;

namespace {

bool fails_with(const DispatchResult& result, const DispatchError& error) {
    return !result.has_value() && result.error() == error;
}

}  // namespace

TEST_CASE("the storage keys are Substrate's") {
    CHECK(chain::to_hex(storage.total_issuance.key()) ==
          "0xc2261276cc9d1f8598ea4b6a74b15c2f57c875e4cff74148e4628f264b974c80");
}

TEST_CASE("a transfer moves money and says so") {
    World world;
    auto context = world.context();
    CHECK(transfer(context, alith, baltathar, 30, Existence::KeepAlive).has_value());
    CHECK(world.free(alith) == 100 * ed - 30);
    CHECK(world.free(baltathar) == 100 * ed + 30);
    CHECK(world.take_events() == Events{encoded(Transfer{alith, baltathar, 30})});
    world.check_invariants();
}

TEST_CASE("a transfer brings an account to life, with the events in FRAME's order") {
    World world;
    auto context = world.context();
    CHECK(transfer(context, alith, nobody, ed, Existence::KeepAlive).has_value());
    CHECK(world.info(nobody).providers == 1);
    CHECK(world.info(nobody).data.flags.value == chain::u128{1} << 127);
    CHECK(world.take_events() == Events{encoded(frame_system::NewAccount{nobody}), encoded(Endowed{nobody, ed}),
                                        encoded(Transfer{alith, nobody, ed})});
    world.check_invariants();
}

TEST_CASE("too little brings nobody to life") {
    World world;
    auto context = world.context();
    CHECK(fails_with(transfer(context, alith, nobody, ed - 1, Existence::AllowDeath), TokenError::BelowMinimum));
    CHECK(world.free(alith) == 100 * ed);
    CHECK(world.take_events().empty());
    CHECK(world.state.open_layers() == 0);
}

TEST_CASE("nobody spends more than he has") {
    World world;
    auto context = world.context();
    CHECK(fails_with(transfer(context, alith, baltathar, 100 * ed + 1, Existence::AllowDeath),
                     TokenError::FundsUnavailable));
    CHECK(fails_with(transfer(context, alith, baltathar, chain::u128_max, Existence::AllowDeath),
                     TokenError::FundsUnavailable));
    CHECK(fails_with(transfer(context, nobody, baltathar, 1, Existence::AllowDeath), TokenError::FundsUnavailable));
    CHECK(
        fails_with(transfer(context, alith, alith, 100 * ed + 1, Existence::AllowDeath), TokenError::FundsUnavailable));
    world.check_invariants();
}

TEST_CASE("a transfer to oneself changes nothing but is reported") {
    World world;
    auto context = world.context();
    CHECK(transfer(context, alith, alith, 100 * ed, Existence::AllowDeath).has_value());
    CHECK(world.free(alith) == 100 * ed);
    CHECK(world.take_events() == Events{encoded(Transfer{alith, alith, 100 * ed})});
}

TEST_CASE("who sends everything is gone, unless he must live") {
    World world;
    auto context = world.context();
    CHECK(
        fails_with(transfer(context, alith, baltathar, 99 * ed + 1, Existence::KeepAlive), TokenError::NotExpendable));
    CHECK(transfer(context, alith, baltathar, 100 * ed, Existence::AllowDeath).has_value());
    CHECK_FALSE(frame_system::account_exists(world.state, alith));
    CHECK(world.take_events() ==
          Events{encoded(frame_system::KilledAccount{alith}), encoded(Transfer{alith, baltathar, 100 * ed})});
    world.check_invariants();
}

TEST_CASE("dust is burned with the account and accounted") {
    World world;
    auto context = world.context();
    CHECK(transfer(context, alith, baltathar, 99 * ed + 1, Existence::AllowDeath).has_value());
    CHECK_FALSE(frame_system::account_exists(world.state, alith));
    CHECK(total_issuance(world.state) == 200 * ed - (ed - 1));
    CHECK(storage.total_burned.get(world.state) == ed - 1);
    CHECK(world.take_events() == Events{encoded(frame_system::KilledAccount{alith}), encoded(DustLost{alith, ed - 1}),
                                        encoded(Transfer{alith, baltathar, 99 * ed + 1})});
    world.check_invariants();
}

TEST_CASE("held money is out of reach and keeps the account alive") {
    World world;
    auto context = world.context();
    CHECK(hold(context, alith, HoldReason::MachineBond, 60 * ed).has_value());
    CHECK(world.take_events() == Events{encoded(Held{HoldReason::MachineBond, alith, 60 * ed})});
    CHECK(held(world.state, alith, HoldReason::MachineBond) == 60 * ed);
    CHECK(held(world.state, alith, HoldReason::LeaseDeposit) == 0);
    CHECK(world.free(alith) == 40 * ed);
    CHECK(total_balance(world.state, alith) == 100 * ed);
    CHECK(spendable(world.state, alith, Existence::AllowDeath) == 39 * ed);
    CHECK(world.info(alith).consumers == 1);
    CHECK(fails_with(transfer(context, alith, baltathar, 40 * ed, Existence::AllowDeath), TokenError::OnlyProvider));
    CHECK(fails_with(hold(context, alith, HoldReason::LeaseDeposit, 39 * ed + 1), TokenError::FundsUnavailable));
    world.check_invariants();

    CHECK(fails_with(release(context, alith, HoldReason::MachineBond, 60 * ed + 1), TokenError::FundsUnavailable));
    CHECK(fails_with(release(context, alith, HoldReason::LeaseDeposit, 1), TokenError::FundsUnavailable));
    CHECK(release(context, alith, HoldReason::MachineBond, 60 * ed).has_value());
    CHECK(world.take_events() == Events{encoded(Released{HoldReason::MachineBond, alith, 60 * ed})});
    CHECK(world.info(alith).consumers == 0);
    CHECK_FALSE(storage.holds.contains(world.state, alith));
    world.check_invariants();
}

TEST_CASE("holds for different reasons do not mix") {
    World world;
    auto context = world.context();
    CHECK(hold(context, alith, HoldReason::LeaseDeposit, 5).has_value());
    CHECK(hold(context, alith, HoldReason::MachineBond, 7).has_value());
    CHECK(hold(context, alith, HoldReason::LeaseDeposit, 6).has_value());
    CHECK(storage.holds.get(world.state, alith) ==
          std::vector<Hold>{{HoldReason::MachineBond, 7}, {HoldReason::LeaseDeposit, 11}});
    CHECK(fails_with(burn_held(context, HoldReason::MachineBond, alith, 8), TokenError::FundsUnavailable));
    CHECK(world.info(alith).consumers == 1);
    world.check_invariants();
}

TEST_CASE("held money goes to another account's free balance") {
    World world;
    auto context = world.context();
    CHECK(hold(context, alith, HoldReason::LeaseDeposit, 10 * ed).has_value());
    world.take_events();
    CHECK(
        fails_with(transfer_held(context, HoldReason::LeaseDeposit, alith, nobody, ed - 1), TokenError::BelowMinimum));
    CHECK(held(world.state, alith, HoldReason::LeaseDeposit) == 10 * ed);  // as if nothing had been tried
    CHECK(transfer_held(context, HoldReason::LeaseDeposit, alith, baltathar, 4 * ed).has_value());
    CHECK(world.take_events() == Events{encoded(TransferFromHold{HoldReason::LeaseDeposit, alith, baltathar, 4 * ed})});
    CHECK(world.free(baltathar) == 104 * ed);
    CHECK(transfer_held(context, HoldReason::LeaseDeposit, alith, alith, 6 * ed).has_value());
    CHECK(world.free(alith) == 96 * ed);
    world.check_invariants();
}

TEST_CASE("held money goes to another account's hold, if that account exists") {
    World world;
    auto context = world.context();
    CHECK(hold(context, alith, HoldReason::OrderBond, 10 * ed).has_value());
    world.take_events();
    CHECK(
        fails_with(transfer_on_hold(context, HoldReason::OrderBond, alith, nobody, ed), TokenError::CannotCreateHold));
    CHECK(transfer_on_hold(context, HoldReason::OrderBond, alith, baltathar, 10 * ed).has_value());
    CHECK(world.take_events() == Events{encoded(TransferOnHold{HoldReason::OrderBond, alith, baltathar, 10 * ed})});
    CHECK(held(world.state, baltathar, HoldReason::OrderBond) == 10 * ed);
    CHECK(transfer_on_hold(context, HoldReason::OrderBond, baltathar, baltathar, 3 * ed).has_value());
    CHECK(held(world.state, baltathar, HoldReason::OrderBond) == 10 * ed);
    world.check_invariants();
}

TEST_CASE("burning and minting move the issuance and the totals") {
    World world;
    auto context = world.context();
    CHECK(hold(context, alith, HoldReason::LeaseDeposit, 10).has_value());
    world.take_events();
    CHECK(burn_held(context, HoldReason::LeaseDeposit, alith, 4).has_value());
    CHECK(burn(context, alith, 5, Existence::KeepAlive).has_value());
    CHECK(mint(context, nobody, ed).has_value());
    CHECK(world.take_events() == Events{encoded(BurnedHeld{HoldReason::LeaseDeposit, alith, 4}),
                                        encoded(Burned{alith, 5}), encoded(frame_system::NewAccount{nobody}),
                                        encoded(Endowed{nobody, ed}), encoded(Minted{nobody, ed})});
    CHECK(storage.total_burned.get(world.state) == 9);
    CHECK(storage.total_minted.get(world.state) == ed);
    CHECK(total_issuance(world.state) == 201 * ed - 9);
    world.check_invariants();
}

TEST_CASE("minting cannot overflow anything") {
    World world;
    auto context = world.context();
    CHECK(fails_with(mint(context, alith, chain::u128_max), ArithmeticError::Overflow));
    CHECK(fails_with(mint(context, nobody, 1), TokenError::BelowMinimum));
    CHECK(storage.total_minted.get(world.state) == 0);
    world.check_invariants();
}

TEST_CASE("a withdrawn fee comes back as deposit and burn") {
    World world;
    auto context = world.context();
    CHECK(withdraw(context, frame_system::open_account(world.state, alith), 10).has_value());
    CHECK(deposit(context, baltathar, 6).has_value());
    burn_withdrawn(context, 4);
    CHECK(world.take_events() ==
          Events{encoded(Withdraw{alith, 10}), encoded(Deposit{baltathar, 6}), encoded(Rescinded{4})});
    CHECK(fails_with(withdraw(context, frame_system::open_account(world.state, alith), 100 * ed - 10),
                     TokenError::NotExpendable));
    world.check_invariants();
}

TEST_CASE("a machine's account lives without money and can be endowed and emptied") {
    World world;
    auto context = world.context();
    frame_system::inc_sufficients(context, nobody);
    world.take_events();
    CHECK(fails_with(transfer(context, alith, nobody, ed - 1, Existence::KeepAlive), TokenError::BelowMinimum));
    CHECK(transfer(context, alith, nobody, 2 * ed, Existence::KeepAlive).has_value());
    CHECK(world.info(nobody).providers == 1);
    CHECK(transfer(context, nobody, alith, 2 * ed, Existence::AllowDeath).has_value());
    CHECK(frame_system::account_exists(world.state, nobody));
    CHECK(world.info(nobody).providers == 0);
    world.check_invariants();
}

TEST_CASE("zero amounts do nothing") {
    World world;
    auto context = world.context();
    CHECK(hold(context, nobody, HoldReason::OrderBond, 0).has_value());
    CHECK(release(context, nobody, HoldReason::OrderBond, 0).has_value());
    CHECK(transfer_held(context, HoldReason::OrderBond, nobody, alith, 0).has_value());
    CHECK(burn_held(context, HoldReason::OrderBond, nobody, 0).has_value());
    CHECK(burn(context, nobody, 0, Existence::KeepAlive).has_value());
    CHECK(mint(context, nobody, 0).has_value());
    CHECK(deposit(context, nobody, 0).has_value());
    burn_withdrawn(context, 0);
    CHECK(world.take_events().empty());
    world.check_invariants();
}

TEST_CASE("the rules hold through random moves, whether they succeed or fail") {
    const auto seed = GENERATE(range(1, 6));
    CAPTURE(seed);
    std::mt19937_64 random{static_cast<std::uint64_t>(seed)};
    const auto pick = [&](std::uint64_t from, std::uint64_t to) { return from + random() % (to - from + 1); };
    World world;
    auto context = world.context();
    frame_system::inc_sufficients(context, account(5));
    std::size_t successes = 0;
    for (int i = 0; i < 1'000; ++i) {
        const AccountId from = account(static_cast<std::uint8_t>(pick(1, 5)));
        const AccountId to = account(static_cast<std::uint8_t>(pick(1, 5)));
        const Balance amount = pick(0, 3) == 0 ? pick(0, 200) * ed : Balance{pick(0, 4'000)} * (ed / 1'000);
        const auto reason = static_cast<HoldReason>(pick(0, 2));
        const Existence existence = pick(0, 1) == 0 ? Existence::KeepAlive : Existence::AllowDeath;
        const auto before = world.state.changes();
        const auto events_before = world.events.size();
        const auto result = [&]() -> DispatchResult {
            switch (pick(0, 9)) {
                case 0: return hold(context, from, reason, amount);
                case 1: return release(context, from, reason, amount);
                case 2: return transfer_held(context, reason, from, to, amount);
                case 3: return transfer_on_hold(context, reason, from, to, amount);
                case 4: return burn_held(context, reason, from, amount / 10);
                case 5: return burn(context, from, amount / 10, existence);
                case 6: return mint(context, to, amount / 5);
                case 7: return world.apply(frame::Root{}, ForceSetBalance{from, {amount}});
                default: return transfer(context, from, to, amount, existence);
            }
        }();
        successes += result.has_value() ? 1 : 0;
        if (!result) {
            REQUIRE(world.state.changes() == before);
            REQUIRE(world.events.size() == events_before);
        }
        world.check_invariants();
    }
    CHECK(successes > 100);
}
