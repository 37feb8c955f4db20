#include "runtime/pallets/balances/calls.hpp"

#include "tests/unit/runtime/pallets/balances/world.hpp"

#include <catch2/catch.hpp>

using namespace balances;
using namespace balances::sample;
using frame::TokenError;
using frame::failure::BadOrigin;

TEST_CASE("each call checks its origin") {
    World world;
    const frame::Origin strangers[] = {frame::None{}, frame::Root{}};
    for (const auto& origin : strangers) {
        CHECK(world.apply(origin, TransferAllowDeath{baltathar, {1}}).error() == frame::DispatchError{BadOrigin{}});
        CHECK(world.apply(origin, TransferKeepAlive{baltathar, {1}}).error() == frame::DispatchError{BadOrigin{}});
        CHECK(world.apply(origin, TransferAll{baltathar, false}).error() == frame::DispatchError{BadOrigin{}});
        CHECK(world.apply(origin, Burn{{1}, true}).error() == frame::DispatchError{BadOrigin{}});
    }
    CHECK(world.apply(frame::Signed{alith}, ForceTransfer{baltathar, alith, {1}}).error() ==
          frame::DispatchError{BadOrigin{}});
    CHECK(world.apply(frame::Signed{alith}, ForceSetBalance{alith, {1}}).error() == frame::DispatchError{BadOrigin{}});
    CHECK(world.take_events().empty());
}

TEST_CASE("transfer_keep_alive spares the sender, transfer_allow_death does not") {
    World world;
    CHECK(world.apply(frame::Signed{alith}, TransferKeepAlive{baltathar, {100 * ed}}).error() ==
          frame::DispatchError{TokenError::NotExpendable});
    CHECK(world.apply(frame::Signed{alith}, TransferAllowDeath{baltathar, {100 * ed}}).has_value());
    CHECK(world.free(baltathar) == 200 * ed);
    world.check_invariants();
}

TEST_CASE("transfer_all sends what may be spent") {
    World world;
    CHECK(world.apply(frame::Signed{alith}, TransferAll{baltathar, true}).has_value());
    CHECK(world.free(alith) == ed);
    CHECK(world.apply(frame::Signed{baltathar}, TransferAll{alith, false}).has_value());
    CHECK(world.free(alith) == 200 * ed);
    CHECK_FALSE(frame_system::account_exists(world.state, baltathar));
    world.check_invariants();
}

TEST_CASE("transfer_all leaves holds and the existential deposit under them") {
    World world;
    auto context = world.context();
    REQUIRE(hold(context, alith, HoldReason::MachineBond, 10 * ed).has_value());
    CHECK(world.apply(frame::Signed{alith}, TransferAll{baltathar, false}).has_value());
    CHECK(world.free(alith) == ed);
    CHECK(held(world.state, alith, HoldReason::MachineBond) == 10 * ed);
    world.check_invariants();
}

TEST_CASE("root moves and sets balances, with the issuance following") {
    World world;
    CHECK(world.apply(frame::Root{}, ForceTransfer{alith, baltathar, {10 * ed}}).has_value());
    CHECK(world.free(baltathar) == 110 * ed);
    CHECK(world.apply(frame::Root{}, ForceSetBalance{nobody, {7 * ed}}).has_value());
    CHECK(total_issuance(world.state) == 207 * ed);
    CHECK(world.apply(frame::Root{}, ForceSetBalance{nobody, {ed - 1}}).has_value());
    CHECK_FALSE(frame_system::account_exists(world.state, nobody));
    CHECK(total_issuance(world.state) == 200 * ed);
    CHECK(world.apply(frame::Root{}, ForceSetBalance{alith, {chain::u128_max}}).error() ==
          frame::DispatchError{frame::ArithmeticError::Overflow});
    world.check_invariants();
}

TEST_CASE("an account with a hold cannot be set to nothing") {
    World world;
    auto context = world.context();
    REQUIRE(hold(context, alith, HoldReason::MachineBond, ed).has_value());
    CHECK(world.apply(frame::Root{}, ForceSetBalance{alith, {0}}).error() ==
          frame::DispatchError{frame::failure::ConsumerRemaining{}});
    world.check_invariants();
}

TEST_CASE("burn destroys the caller's own money") {
    World world;
    CHECK(world.apply(frame::Signed{alith}, Burn{{100 * ed}, true}).error() ==
          frame::DispatchError{TokenError::NotExpendable});
    CHECK(world.apply(frame::Signed{alith}, Burn{{30 * ed}, true}).has_value());
    CHECK(total_issuance(world.state) == 170 * ed);
    CHECK(world.apply(frame::Signed{alith}, Burn{{70 * ed}, false}).has_value());
    CHECK(total_issuance(world.state) == 100 * ed);
    world.check_invariants();
}

TEST_CASE("call and event indices are FRAME's") {
    CHECK(TransferAllowDeath::index == 0);
    CHECK(ForceTransfer::index == 2);
    CHECK(TransferKeepAlive::index == 3);
    CHECK(TransferAll::index == 4);
    CHECK(ForceSetBalance::index == 8);
    CHECK(Burn::index == 10);
    CHECK(encoded(Transfer{}).at(1) == 2);
    CHECK(encoded(Deposit{}).at(1) == 7);
    CHECK(encoded(Withdraw{}).at(1) == 8);
    CHECK(encoded(Minted{}).at(1) == 10);
    CHECK(encoded(Burned{}).at(1) == 11);
}
