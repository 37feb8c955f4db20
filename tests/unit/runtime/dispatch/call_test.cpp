#include "runtime/dispatch/call.hpp"

#include "runtime/pallets/balances/calls.hpp"
#include "runtime/pallets/timestamp/timestamp.hpp"
#include "runtime/pallets/utility/utility.hpp"
#include "tests/support/chain.hpp"

#include <catch2/catch.hpp>

using namespace tests;
using runtime::DecodedCall;

TEST_CASE("a call decodes to what it says, and only the whole of it") {
    const auto call = frame::to_call(balances::TransferKeepAlive{.dest = alice, .value = {5}});
    const auto decoded = DecodedCall::decode(call.encoded);
    REQUIRE(decoded);
    CHECK(decoded->pallet() == "Balances");
    CHECK(decoded->name() == "transfer_keep_alive");
    CHECK(decoded->encode() == call.encoded);
    CHECK(decoded->info().pays_fee == frame::Pays::Yes);

    auto longer = call.encoded;
    longer.push_back(0);
    CHECK(DecodedCall::decode(longer).error() == scale::Error::InputTooLong);
    for (std::size_t size = 0; size < call.encoded.size(); ++size)
        CHECK_FALSE(DecodedCall::decode(chain::ByteView{call.encoded}.first(size)));
    CHECK(DecodedCall::decode(chain::Bytes{99, 0}).error() == scale::Error::BadVariant);
    CHECK(DecodedCall::decode(chain::Bytes{0, 99}).error() == scale::Error::BadVariant);
}

TEST_CASE("calls nest only so deep") {
    const auto wrapped = [](int times) {
        frame::Call call = frame::to_call(frame_system::Remark{});
        for (int i = 0; i < times; ++i) call = frame::to_call(utility::Batch{.calls = {call}});
        return call.encoded;
    };
    CHECK(DecodedCall::decode(wrapped(15)));
    CHECK(DecodedCall::decode(wrapped(16)).error() == scale::Error::TooDeep);
    CHECK(DecodedCall::decode(wrapped(10'000)).error() == scale::Error::TooDeep);
}

TEST_CASE("a count larger than the bytes that follow is refused before any memory is taken") {
    chain::Bytes batch{utility::index, utility::Batch::index};
    scale::encode_compact(1'000'000'000, batch);
    CHECK(DecodedCall::decode(batch).error() == scale::Error::CountTooLarge);
}

TEST_CASE("the time's inherent is mandatory and free") {
    const auto decoded = DecodedCall::decode(frame::to_call(timestamp::Set{.now = {1}}).encoded);
    REQUIRE(decoded);
    CHECK(decoded->info().class_ == frame::DispatchClass::Mandatory);
    CHECK(decoded->info().pays_fee == frame::Pays::No);
}
