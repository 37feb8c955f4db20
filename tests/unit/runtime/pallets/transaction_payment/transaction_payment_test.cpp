#include "runtime/pallets/transaction_payment/transaction_payment.hpp"

#include "runtime/pallets/system/accounts.hpp"
#include "runtime/pallets/system/limits.hpp"
#include "tests/unit/runtime/pallets/balances/world.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace transaction_payment;
using balances::total_issuance;
using balances::sample::alith;
using balances::sample::baltathar;
using balances::sample::ed;
using balances::sample::encoded;
using balances::sample::Events;
using balances::sample::nobody;
using balances::sample::World;
using frame::DispatchClass;
using frame::Pays;
using frame::Weight;
using frame_system::open_account;

namespace {

constexpr frame::DispatchInfo normal{.weight = {40'000'000, 0}, .class_ = DispatchClass::Normal, .pays_fee = Pays::Yes};
constexpr Weight full = frame_system::max_normal_weight;
constexpr Weight half{full.ref_time / 2, 0};

}  // namespace

TEST_CASE("a fee is the sum of its parts") {
    World world;
    const auto details = fee_details(world.state, 200, normal, 7);
    REQUIRE(details.inclusion_fee.has_value());
    CHECK(details.tip == 7);
    CHECK(details.inclusion_fee->base_fee == Balance{60'000'000} * 5'000'000);
    CHECK(details.inclusion_fee->len_fee == Balance{200} * 1'000'000'000'000);
    CHECK(details.inclusion_fee->adjusted_weight_fee == Balance{40'000'000} * 5'000'000);
    CHECK(inclusion_fee(world.state, 200, normal) == 700'000'000'000'000);
}

TEST_CASE("only the weight fee follows the multiplier") {
    World world;
    storage.next_fee_multiplier.put(world.state, {one.value * 5 / 2});
    const auto details = fee_details(world.state, 200, normal);
    CHECK(details.inclusion_fee->base_fee == Balance{60'000'000} * 5'000'000);
    CHECK(details.inclusion_fee->len_fee == Balance{200} * 1'000'000'000'000);
    CHECK(details.inclusion_fee->adjusted_weight_fee == Balance{100'000'000} * 5'000'000);
}

TEST_CASE("a call that pays no fee has no inclusion fee") {
    World world;
    frame::DispatchInfo free = normal;
    free.pays_fee = Pays::No;
    CHECK(fee_details(world.state, 200, free, 3) == FeeDetails{std::nullopt, 3});
    CHECK(inclusion_fee(world.state, 200, free) == 0);
}

TEST_CASE("prices saturate") {
    World world;
    storage.next_fee_multiplier.put(world.state, {chain::u128_max});
    frame::DispatchInfo heavy = normal;
    heavy.weight = {~std::uint64_t{0}, 0};
    CHECK(inclusion_fee(world.state, ~std::uint32_t{0}, heavy) == chain::u128_max);
}

TEST_CASE("half of the fee is burned, the rest and the tip go to the author") {
    World world;
    world.block.author = baltathar;
    auto context = world.context();
    const Balance issuance = total_issuance(world.state);
    const auto charge = withdraw(context, open_account(world.state, alith), 1'001, 50);
    REQUIRE(charge.has_value());
    CHECK(world.free(alith) == 100 * ed - 1'051);
    settle(context, *charge, 1'001);
    CHECK(world.free(baltathar) == 100 * ed + 501 + 50);
    CHECK(total_issuance(world.state) == issuance - 500);
    CHECK(world.take_events() == Events{encoded(balances::Withdraw{alith, 1'051}),
                                        encoded(balances::Deposit{baltathar, 551}), encoded(balances::Rescinded{500}),
                                        encoded(TransactionFeePaid{alith, 1'051, 50})});
    world.check_invariants();
}

TEST_CASE("unused fee comes back") {
    World world;
    world.block.author = baltathar;
    auto context = world.context();
    const auto charge = withdraw(context, open_account(world.state, alith), 1'000, 0);
    REQUIRE(charge.has_value());
    settle(context, *charge, 400);
    CHECK(world.free(alith) == 100 * ed - 400);
    CHECK(world.free(baltathar) == 100 * ed + 200);
    CHECK(world.take_events().back() == encoded(TransactionFeePaid{alith, 400, 0}));
    world.check_invariants();
}

TEST_CASE("a payer whose account ended meanwhile gets nothing back, and no unit is lost") {
    World world;
    world.block.author = baltathar;
    auto context = world.context();
    const auto charge = withdraw(context, open_account(world.state, alith), 1'000, 0);
    REQUIRE(charge.has_value());
    REQUIRE(
        balances::transfer(context, alith, baltathar, world.free(alith), balances::Existence::AllowDeath).has_value());
    settle(context, *charge, 400);
    CHECK_FALSE(frame_system::account_exists(world.state, alith));
    CHECK(world.take_events().back() == encoded(TransactionFeePaid{alith, 1'000, 0}));
    world.check_invariants();
}

TEST_CASE("without an author, or with one that cannot be endowed, all of it is burned") {
    for (const auto& author : {std::optional<AccountId>{}, std::optional{nobody}}) {
        World world;
        world.block.author = author;
        auto context = world.context();
        const auto charge = withdraw(context, open_account(world.state, alith), 1'000, 30);
        REQUIRE(charge.has_value());
        settle(context, *charge, 1'000);
        CHECK(total_issuance(world.state) == 200 * ed - 1'030);
        CHECK_FALSE(frame_system::account_exists(world.state, nobody));
        world.check_invariants();
    }
}

TEST_CASE("who cannot pay and live on pays nothing") {
    World world;
    auto context = world.context();
    CHECK(can_pay(world.state, alith, 99 * ed, 0).has_value());
    CHECK(can_pay(world.state, alith, 99 * ed, 1).error() == frame::DispatchError{frame::TokenError::FundsUnavailable});
    CHECK(can_pay(world.state, nobody, 0, 0).has_value());
    CHECK_FALSE(can_pay(world.state, nobody, 1, 0).has_value());
    CHECK_FALSE(can_pay(world.state, alith, chain::u128_max, chain::u128_max).has_value());
    CHECK_FALSE(withdraw(context, open_account(world.state, alith), 99 * ed, 1).has_value());
    CHECK_FALSE(withdraw(context, open_account(world.state, alith), chain::u128_max, chain::u128_max).has_value());
    CHECK(world.free(alith) == 100 * ed);
    CHECK(world.take_events().empty());
}

TEST_CASE("what else changed in the payer's record is written with the fee, and where there is none") {
    for (const Balance fee : {Balance{1'000}, Balance{0}}) {
        World world;
        auto context = world.context();
        auto payer = open_account(world.state, alith);
        ++payer.info.nonce;
        REQUIRE(withdraw(context, payer, fee, 0).has_value());
        CHECK(world.info(alith).nonce == 1);
        CHECK(world.free(alith) == 100 * ed - fee);
        // One that cannot pay keeps its nonce.
        ++payer.info.nonce;
        CHECK_FALSE(withdraw(context, payer, 200 * ed, 0).has_value());
        CHECK(world.info(alith).nonce == 1);
    }
}

TEST_CASE("nothing to pay leaves no event, and no record of an account that does not exist") {
    World world;
    auto context = world.context();
    const auto charge = withdraw(context, open_account(world.state, nobody), 0, 0);
    REQUIRE(charge.has_value());
    settle(context, *charge, 0);
    CHECK(world.take_events().empty());
    CHECK_FALSE(frame_system::storage.account.contains(world.state, nobody));
}

TEST_CASE("the multiplier follows the fullness of blocks") {
    const FixedU128 ten{10 * one.value};
    CHECK(next_multiplier(ten, half) == ten);
    CHECK(next_multiplier(ten, full).value == ten.value + ten.value / 256);
    CHECK(next_multiplier(ten, {}).value == ten.value - ten.value / 256);
    CHECK(next_multiplier(ten, {full.ref_time / 4 * 3, 0}).value == ten.value + ten.value / 512);
    CHECK(next_multiplier(ten, {0, full.proof_size}).value == ten.value + ten.value / 256);  // the scarcer one counts
    CHECK(next_multiplier(ten, {~std::uint64_t{0}, ~std::uint64_t{0}}) == next_multiplier(ten, full));
}

TEST_CASE("the multiplier stays between its bounds") {
    CHECK(next_multiplier(one, {}) == one);
    const FixedU128 top = constants.max_multiplier;
    CHECK(next_multiplier(top, full) == top);
    FixedU128 rising = one;
    int blocks = 0;
    while (rising < top && blocks < 10'000) {
        rising = next_multiplier(rising, full);
        blocks += 1;
    }
    CHECK(rising == top);
    CHECK(blocks == 2'363);  // ln 10,000 / ln (1 + 1/256): about 20 minutes of full blocks
}

TEST_CASE("the block's end writes the multiplier only when it moves") {
    World world;
    auto context = world.context();
    Pallet::on_finalize(context);
    CHECK_FALSE(storage.next_fee_multiplier.exists(world.state));
    frame_system::storage.block_weight.put(world.state, {.normal = full});
    Pallet::on_finalize(context);
    CHECK(multiplier(world.state).value == one.value + one.value / 256);
}

TEST_CASE("priority is tip per weight") {
    const Weight light{100'000'000, 0};
    const Weight heavy{200'000'000, 0};
    CHECK(priority(0, light, 100, DispatchClass::Normal) == 0);
    CHECK(priority(chain::tph, light, 100, DispatchClass::Normal) == 10'000'000'000'000);
    CHECK(priority(chain::tph, heavy, 100, DispatchClass::Normal) == 5'000'000'000'000);
    CHECK(priority(2 * chain::tph, heavy, 100, DispatchClass::Normal) ==
          priority(chain::tph, light, 100, DispatchClass::Normal));
}

TEST_CASE("bytes count where they are scarcer than time") {
    const Weight light{100'000'000, 0};
    const auto small = priority(chain::tph, light, 1'000, DispatchClass::Normal);
    const auto large = priority(chain::tph, light, 100'000, DispatchClass::Normal);
    CHECK(small == priority(chain::tph, light, 1, DispatchClass::Normal));
    CHECK(large < small / 50);
}

TEST_CASE("no tip outranks a call that is due") {
    const Weight light{1, 0};
    CHECK(priority(chain::u128_max, light, 1, DispatchClass::Normal) ==
          priority(0, light, 1, DispatchClass::Operational) - 1);
    CHECK(priority(5, {}, 0, DispatchClass::Normal) == 5'000);  // no division by nothing
}

TEST_CASE("fees never make or lose a unit, whatever happens between charge and settlement") {
    std::mt19937_64 random{3};
    const auto pick = [&](std::uint64_t from, std::uint64_t to) { return from + random() % (to - from + 1); };
    World world;
    for (int i = 0; i < 500; ++i) {
        const AccountId payer = balances::sample::account(static_cast<std::uint8_t>(pick(1, 4)));
        const AccountId other = balances::sample::account(static_cast<std::uint8_t>(pick(1, 4)));
        world.block.author = pick(0, 4) == 0 ? std::nullopt : std::optional{other};
        auto context = world.context();
        const Balance fee = Balance{pick(0, 2'000)} * (ed / 1'000);
        const auto charge = withdraw(context, open_account(world.state, payer), fee, pick(0, 3) * (ed / 2));
        if (!charge) continue;
        if (pick(0, 1) == 0)
            static_cast<void>(
                balances::transfer(context, payer, other, Balance{pick(0, 100)} * ed, balances::Existence::AllowDeath));
        if (pick(0, 3) == 0)
            static_cast<void>(
                balances::transfer(context, payer, other, world.free(payer), balances::Existence::AllowDeath));
        settle(context, *charge, fee / pick(1, 3));
        world.check_invariants();
    }
}
