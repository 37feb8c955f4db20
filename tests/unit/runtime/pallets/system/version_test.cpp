#include "runtime/pallets/system/version.hpp"

#include "chain/codec/scale.hpp"

#include <catch2/catch.hpp>

TEST_CASE("the APIs that clients look for are there under Substrate's ids") {
    const auto version = frame_system::runtime_version();
    const auto has = [&](std::string_view id, std::uint32_t number) {
        for (const auto& [own, own_number] : version.apis)
            if (chain::to_hex(own) == id) return own_number == number;
        return false;
    };
    CHECK(has("0xdf6acb689907609b", 5));  // Core
    CHECK(has("0x37e397fc7c91f5e4", 2));  // Metadata: without it polkadot-js has no runtime calls
    CHECK(has("0x40fe3ad401f8959a", 6));  // BlockBuilder
    CHECK(has("0xd2bc9897eed08f15", 3));  // TaggedTransactionQueue
    CHECK(has("0xbc9d89904f5b923f", 1));  // AccountNonceApi
    CHECK(has("0x37c8bb1350a9a2a8", 4));  // TransactionPaymentApi
    CHECK(has("0xf3ff14d5ab527059", 3));  // TransactionPaymentCallApi
    CHECK(scale::decode<chain::RuntimeVersion>(scale::encode(version)) == version);
}
