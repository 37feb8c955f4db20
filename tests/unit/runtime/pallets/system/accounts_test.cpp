#include "runtime/pallets/system/accounts.hpp"

#include "tests/support/chain.hpp"

#include <catch2/catch.hpp>

using namespace tests;
using frame_system::Dec;
using frame_system::Inc;

namespace {

/// Runs `steps` inside a call that succeeds.
Outcome within(Chain& chain, const std::function<void(frame::Context&)>& steps) {
    return chain.run([&](frame::Context& context) -> frame::DispatchResult {
        steps(context);
        return {};
    });
}

}  // namespace

TEST_CASE("the first provider makes an account, the last one ends it") {
    Chain chain;
    const auto born = within(chain, [](frame::Context& context) {
        CHECK(frame_system::inc_providers(context, alice) == Inc::Created);
        CHECK(frame_system::inc_providers(context, alice) == Inc::Existed);
    });
    CHECK(born.event<frame_system::NewAccount>().account == alice);
    CHECK(frame_system::account_exists(chain.state(), alice));

    const auto dead = within(chain, [](frame::Context& context) {
        CHECK(frame_system::dec_providers(context, alice) == Dec::Exists);
        CHECK(frame_system::dec_providers(context, alice) == Dec::Reaped);
    });
    CHECK(dead.event<frame_system::KilledAccount>().account == alice);
    CHECK_FALSE(frame_system::storage.account.contains(chain.state(), alice));
}

TEST_CASE("a sufficient keeps an account alive without a provider") {
    Chain chain;
    within(chain, [](frame::Context& context) {
        CHECK(frame_system::inc_sufficients(context, alice) == Inc::Created);
        CHECK(frame_system::inc_providers(context, alice) == Inc::Existed);
        CHECK(frame_system::dec_providers(context, alice) == Dec::Exists);
        CHECK(frame_system::dec_sufficients(context, alice) == Dec::Reaped);
    });
}

TEST_CASE("a consumer needs a provider and holds the last one fast") {
    Chain chain;
    within(chain, [](frame::Context& context) {
        CHECK(frame_system::inc_consumers(context, alice).error() == frame::failure::NoProviders{});
        frame_system::inc_providers(context, alice);
        REQUIRE(frame_system::inc_consumers(context, alice));
        CHECK_FALSE(frame_system::can_dec_providers(context.state, alice));
        CHECK(frame_system::dec_providers(context, alice).error() == frame::failure::ConsumerRemaining{});
        frame_system::dec_consumers(context, alice);
        CHECK(frame_system::dec_providers(context, alice) == Dec::Reaped);
    });
}

TEST_CASE("consumers have a bound") {
    Chain chain;
    within(chain, [](frame::Context& context) {
        frame_system::inc_providers(context, alice);
        for (std::uint32_t i = 0; i < frame_system::max_consumers; ++i)
            REQUIRE(frame_system::inc_consumers(context, alice));
        CHECK_FALSE(frame_system::can_inc_consumers(context.state, alice));
        CHECK(frame_system::inc_consumers(context, alice).error() == frame::failure::TooManyConsumers{});
        for (std::uint32_t i = 0; i < frame_system::max_consumers; ++i) frame_system::dec_consumers(context, alice);
        CHECK(frame_system::dec_providers(context, alice) == Dec::Reaped);
    });
}

TEST_CASE("a new account's record is Substrate's 80 bytes with the flag of the newer counting") {
    const auto bytes = scale::encode(frame_system::AccountInfo{});
    REQUIRE(bytes.size() == 80);
    CHECK(bytes.back() == 0x80);
}
