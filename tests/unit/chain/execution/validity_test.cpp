#include "chain/execution/validity.hpp"

#include <catch2/catch.hpp>

using namespace chain;

TEST_CASE("a refusal has Substrate's bytes") {
    // sp_runtime: TransactionValidityError::Invalid = 0, InvalidTransaction::Stale = 3, ::Custom(u8) = 7.
    CHECK(scale::encode(ValidityError{Invalid{InvalidTransaction::Stale}}) == Bytes{0, 3});
    CHECK(scale::encode(ValidityError{Invalid{InvalidTransaction::Custom, 9}}) == Bytes{0, 7, 9});
    CHECK(scale::encode(ValidityError{Invalid{InvalidTransaction::UnknownOrigin}}) == Bytes{0, 12});
    CHECK(scale::encode(ValidityError{Unknown{UnknownTransaction::CannotLookup}}) == Bytes{1, 0});
    CHECK(scale::encode(ValidityError{Unknown{UnknownTransaction::Custom, 255}}) == Bytes{1, 2, 255});
}

TEST_CASE("a refusal reads back, and nothing else does") {
    for (std::uint8_t reason = 0; reason <= 12; ++reason) {
        const ValidityError error = Invalid{static_cast<InvalidTransaction>(reason)};
        CHECK(scale::decode<ValidityError>(scale::encode(error)).value() == error);
    }
    CHECK_FALSE(scale::decode<ValidityError>(Bytes{0, 13}));
    CHECK_FALSE(scale::decode<ValidityError>(Bytes{0, 7}));  // Custom without its byte
    CHECK_FALSE(scale::decode<ValidityError>(Bytes{0, 3, 0}));
    CHECK_FALSE(scale::decode<ValidityError>(Bytes{2, 0}));
}

TEST_CASE("people read Substrate's sentences") {
    CHECK(text(Invalid{InvalidTransaction::Stale}) == "Transaction is outdated");
    CHECK(text(Invalid{InvalidTransaction::BadProof}) == "Transaction has a bad signature");
    CHECK(text(Invalid{InvalidTransaction::Payment}) == "Inability to pay some fees (e.g. account balance too low)");
    CHECK(text(Invalid{InvalidTransaction::Custom, 42}) == "Custom error: 42");
    CHECK(is(Invalid{InvalidTransaction::Custom, 42}, InvalidTransaction::Custom));
    CHECK_FALSE(is(Unknown{UnknownTransaction::Custom, 42}, InvalidTransaction::Custom));
}
