#include "runtime/frame/dispatch_error.hpp"

#include "tests/unit/runtime/frame/sample_pallet.hpp"

#include <catch2/catch.hpp>

using frame::DispatchError;
namespace failure = frame::failure;

TEST_CASE("errors encode as sp_runtime's DispatchError") {
    const auto hex = [](const DispatchError& error) { return chain::to_hex(scale::encode(error)); };
    CHECK(hex(failure::Other{}) == "0x00");
    CHECK(hex(failure::CannotLookup{}) == "0x01");
    CHECK(hex(failure::BadOrigin{}) == "0x02");
    CHECK(hex(sample::Error::NotOwner) == "0x030001000000");
    CHECK(hex(failure::ConsumerRemaining{}) == "0x04");
    CHECK(hex(failure::NoProviders{}) == "0x05");
    CHECK(hex(failure::TooManyConsumers{}) == "0x06");
    CHECK(hex(frame::TokenError::Frozen) == "0x0705");
    CHECK(hex(frame::ArithmeticError::Overflow) == "0x0801");
    CHECK(hex(frame::TransactionalError::NoLayer) == "0x0901");
    CHECK(hex(failure::Exhausted{}) == "0x0a");
    CHECK(hex(failure::Corruption{}) == "0x0b");
    CHECK(hex(failure::Unavailable{}) == "0x0c");
    CHECK(hex(failure::RootNotAllowed{}) == "0x0d");
    CHECK(hex(failure::Trie{}) == "0x0e00");
}

TEST_CASE("errors decode again, and only what is one") {
    for (const DispatchError& error : {DispatchError{sample::Error::Unknown}, DispatchError{frame::TokenError::Blocked},
                                       DispatchError{failure::RootNotAllowed{}}}) {
        CHECK(scale::decode<DispatchError>(scale::encode(error)) == error);
    }
    CHECK_FALSE(scale::decode<DispatchError>(chain::Bytes{15}));
    CHECK_FALSE(scale::decode<DispatchError>(chain::Bytes{7, 10}));
}

TEST_CASE("an outcome is Ok or the error") {
    const frame::DispatchOutcome good{};
    const frame::DispatchOutcome bad{std::unexpected{failure::BadOrigin{}}};
    CHECK(scale::encode(good) == chain::Bytes{0});
    CHECK(scale::encode(bad) == chain::Bytes{1, 2});
    CHECK(scale::decode<frame::DispatchOutcome>(chain::Bytes{1, 2}) == bad);
    CHECK(scale::decode<frame::DispatchOutcome>(chain::Bytes{0}) == good);
    CHECK_FALSE(scale::decode<frame::DispatchOutcome>(chain::Bytes{2}));
}
