#include "runtime/appchain/describe.hpp"

#include "runtime/pallets/balances/calls.hpp"
#include "runtime/pallets/sudo/sudo.hpp"
#include "runtime/pallets/system/marker.hpp"
#include "runtime/pallets/utility/utility.hpp"
#include "tests/support/blocks/signed_chain.hpp"

#include <catch2/catch.hpp>

using namespace tests;

namespace {

const AccountId alith = dev_account("Alith");
const AccountId baltathar = dev_account("Baltathar");

}  // namespace

TEST_CASE("a block's events read as names and JSON") {
    SignedChain chain{{.accounts = {{alith, 1'000 * tph}, {baltathar, 1 * tph}}}};
    chain.block({chain.sign("Alith", balances::TransferKeepAlive{.dest = baltathar, .value = {5 * tph}})});
    const auto events = runtime::describe_events(*chain.state().get(frame_system::storage.events.key()));
    REQUIRE(events);
    const auto transfer = std::ranges::find_if(*events, [](const auto& event) { return event.name == "Transfer"; });
    REQUIRE(transfer != events->end());
    CHECK(transfer->pallet == "Balances");
    CHECK(transfer->extrinsic == 1U);
    CHECK_FALSE(transfer->doc.empty());
    CHECK(transfer->fields == R"({"from":")" + crypto::to_string(alith) + R"(","to":")" + crypto::to_string(baltathar) +
                                  R"(","amount":"5000000000000000000"})");
    CHECK(runtime::describe_events(chain::Bytes{4, 9, 9}) == std::nullopt);
}

TEST_CASE("errors have a name and a sentence") {
    CHECK(runtime::describe_error(utility::Error::TooManyCalls).name == "Utility.TooManyCalls");
    CHECK(runtime::describe_error(utility::Error::TooManyCalls).doc == doc(utility::Error::TooManyCalls));
    CHECK(runtime::describe_error(frame::TokenError::FundsUnavailable).name == "Token.FundsUnavailable");
    CHECK(runtime::describe_error(frame::failure::BadOrigin{}).name == "BadOrigin");
    const frame::DispatchError unknown{frame::failure::Module{{.index = 250, .error = {1, 0, 0, 0}}}};
    CHECK(runtime::describe_error(unknown).name == "Module(250, 1)");
}

TEST_CASE("calls inside calls are objects inside objects") {
    const auto remark = frame::to_call(frame_system::Remark{.remark = {{0xab}}});
    const auto call = frame::to_call(sudo::SudoAs{.who = alith, .call = remark});
    const auto text = runtime::describe_call(call.encoded);
    REQUIRE(text);
    CHECK(text->pallet == "Sudo");
    CHECK(text->name == "sudo_as");
    CHECK(text->arguments ==
          R"({"who":")" + crypto::to_string(alith) + R"(","call":{"System":{"remark":{"remark":"0xab"}}}})");
    CHECK(runtime::describe_call(chain::Bytes{0}) == std::nullopt);
    CHECK(runtime::describe_call(chain::Bytes{0, 200}) == std::nullopt);
}

TEST_CASE("stored values read as JSON") {
    SignedChain chain{{.accounts = {{alith, 1'000 * tph}}}};
    chain.block({});
    CHECK(runtime::describe_storage("System", "Number", *chain.state().get(frame_system::storage.number.key())) == "1");
    CHECK(runtime::describe_storage("System", "Nothing", chain::Bytes{}) == std::nullopt);
    CHECK(runtime::describe_storage("System", "Number", chain::Bytes{1}) == std::nullopt);
}

TEST_CASE("`:code` is in genesis and names the runtime") {
    const SignedChain chain{{}};
    CHECK(chain.state().get(frame_system::code_key()) == frame_system::code_marker());
    CHECK(chain::to_hex(frame_system::code_key()) == "0x3a636f6465");
    CHECK(chain::as_text(frame_system::code_marker()) == "native:tephra/1");
}
