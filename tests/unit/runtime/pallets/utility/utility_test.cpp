#include "runtime/pallets/utility/utility.hpp"

#include "runtime/pallets/balances/calls.hpp"
#include "runtime/pallets/sudo/sudo.hpp"
#include "tests/support/chain.hpp"

#include <catch2/catch.hpp>

using namespace tests;

namespace {

frame::Call pay(const AccountId& to, Balance amount) {
    return frame::to_call(balances::TransferKeepAlive{.dest = to, .value = {amount}});
}

}  // namespace

TEST_CASE("a batch runs its calls in order and reports each") {
    Chain chain{{.accounts = {{alice, 100 * tph}, {bob, 1 * tph}, {carol, 1 * tph}}}};
    const auto outcome = chain.apply(alice, utility::Batch{.calls = {pay(bob, 2 * tph), pay(carol, 3 * tph)}});
    REQUIRE(outcome.ok());
    CHECK(outcome.all<utility::ItemCompleted>().size() == 2);
    CHECK(outcome.has<utility::BatchCompleted>());
    CHECK(chain.free(bob) == 3 * tph);
    CHECK(chain.free(carol) == 4 * tph);
}

TEST_CASE("a batch stops at the first failure, keeps what ran before, and succeeds") {
    Chain chain{{.accounts = {{alice, 100 * tph}, {bob, 1 * tph}, {carol, 1 * tph}}}};
    const auto outcome =
        chain.apply(alice, utility::Batch{.calls = {pay(bob, 2 * tph), pay(bob, 1'000 * tph), pay(carol, 3 * tph)}});
    REQUIRE(outcome.ok());
    const auto interrupted = outcome.event<utility::BatchInterrupted>();
    CHECK(interrupted.index_ == 1);
    CHECK(interrupted.error == frame::TokenError::FundsUnavailable);
    CHECK(outcome.all<utility::ItemCompleted>().size() == 1);
    CHECK_FALSE(outcome.has<utility::BatchCompleted>());
    CHECK(chain.free(bob) == 3 * tph);
    CHECK(chain.free(carol) == 1 * tph);
}

TEST_CASE("batch_all takes everything back after one failure, events included") {
    Chain chain{{.accounts = {{alice, 100 * tph}, {bob, 1 * tph}}}};
    const auto before = chain.fingerprint();
    CHECK(chain.apply(alice, utility::BatchAll{.calls = {pay(bob, 2 * tph), pay(bob, 1'000 * tph)}}) ==
          frame::TokenError::FundsUnavailable);
    CHECK(chain.events().empty());
    CHECK(chain.fingerprint() == before);
}

TEST_CASE("a failed batch_all inside a batch leaves the outer calls alone") {
    Chain chain{{.accounts = {{alice, 100 * tph}, {bob, 1 * tph}, {carol, 1 * tph}}}};
    const auto inner = frame::to_call(utility::BatchAll{.calls = {pay(carol, 2 * tph), pay(carol, 1'000 * tph)}});
    const auto outcome = chain.apply(alice, utility::Batch{.calls = {pay(bob, 2 * tph), inner}});
    REQUIRE(outcome.ok());
    CHECK(outcome.event<utility::BatchInterrupted>().index_ == 1);
    CHECK(chain.free(bob) == 3 * tph);
    CHECK(chain.free(carol) == 1 * tph);
}

TEST_CASE("an empty batch completes") {
    Chain chain{{.accounts = {{alice, 100 * tph}}}};
    CHECK(chain.apply(alice, utility::Batch{}).has<utility::BatchCompleted>());
}

TEST_CASE("a batch has a limit and an origin") {
    Chain chain{{.accounts = {{alice, 100 * tph}}}};
    const std::vector<frame::Call> many(utility::batched_calls_limit + 1, frame::to_call(frame_system::Remark{}));
    CHECK(chain.apply(alice, utility::Batch{.calls = many}) == utility::Error::TooManyCalls);
    CHECK(chain.apply(alice, utility::BatchAll{.calls = many}) == utility::Error::TooManyCalls);
    CHECK(chain.unsigned_call(utility::Batch{}) == frame::failure::BadOrigin{});
}

TEST_CASE("a batch does not raise its caller: sudo and inherents stay refused inside") {
    Chain chain{{.accounts = {{alice, 100 * tph}}}};
    const auto sudo_call = frame::to_call(sudo::Sudo{.call = frame::to_call(frame_system::Remark{})});
    CHECK(chain.apply(alice, utility::BatchAll{.calls = {sudo_call}}) == sudo::Error::RequireSudo);
}

TEST_CASE("a batch weighs what its calls weigh, and gives back what did not run") {
    const auto call = pay(bob, 1 * tph);
    const auto one = frame::info_of(call).weight;
    const utility::Batch batch{.calls = {call, call, call}};
    CHECK(frame::fits(one * 3, frame::weight_of(batch)));
    CHECK(frame::info_of(frame::to_call(batch)).class_ == frame::DispatchClass::Normal);

    Chain chain{{.accounts = {{bob, 1 * tph}}}};
    frame::Weight unused;
    const auto outcome = chain.run([&](frame::Context& context) {
        frame::Context as_carol = context.on_behalf_of(frame::Signed{carol});
        auto result = batch(as_carol);
        unused = as_carol.unused;
        return result;
    });
    REQUIRE(outcome.ok());
    CHECK(frame::fits(one * 2, unused));
}
