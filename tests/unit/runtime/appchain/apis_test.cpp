#include "runtime/appchain/apis.hpp"

#include "runtime/pallets/balances/calls.hpp"
#include "runtime/pallets/transaction_payment/transaction_payment.hpp"
#include "tests/support/blocks/signed_chain.hpp"

#include <catch2/catch.hpp>

using namespace tests;

namespace {

const AccountId alith = dev_account("Alith");

SignedChain rich_chain() { return SignedChain{{.accounts = {{alith, 1'000 * tph}}}}; }

template <class T>
T call(const SignedChain& chain, std::string_view method, const chain::Bytes& arguments) {
    const auto answer = chain.executor().call(chain.state(), method, arguments);
    REQUIRE(answer);
    auto value = scale::decode<T>(*answer);
    REQUIRE(value);
    return *std::move(value);
}

}  // namespace

TEST_CASE("metadata is offered in versions 14 and 15, wrapped as clients expect") {
    const auto chain = rich_chain();
    CHECK(call<std::vector<std::uint32_t>>(chain, "Metadata_metadata_versions", {}) ==
          std::vector<std::uint32_t>{14, 15});

    const auto plain = call<chain::Bytes>(chain, "Metadata_metadata", {});
    CHECK(plain == chain.executor().metadata(14));
    CHECK(chain::to_hex(chain::ByteView{plain}.first(5)) == "0x6d6574610e");

    const auto v15 = call<std::optional<chain::Bytes>>(chain, "Metadata_metadata_at_version", scale::encode(15U));
    REQUIRE(v15);
    CHECK(chain::to_hex(chain::ByteView{*v15}.first(5)) == "0x6d6574610f");
    CHECK(call<std::optional<chain::Bytes>>(chain, "Metadata_metadata_at_version", scale::encode(16U)) == std::nullopt);
    CHECK(chain.executor().metadata(16).empty());
}

TEST_CASE("the nonce is a little-endian u32") {
    auto chain = rich_chain();
    chain.block({chain.sign("Alith", frame_system::Remark{})});
    const auto answer = chain.executor().call(chain.state(), "AccountNonceApi_account_nonce", scale::encode(alith));
    CHECK(answer == chain::Bytes{1, 0, 0, 0});
}

TEST_CASE("Core_version and the constant System.Version are the same bytes") {
    const auto chain = rich_chain();
    CHECK(*chain.executor().call(chain.state(), "Core_version", {}) == scale::encode(frame_system::runtime_version()));
}

TEST_CASE("the fee that is quoted is the fee that is paid, with any signature") {
    auto chain = rich_chain();
    const auto extrinsic = chain.sign("Alith", balances::TransferKeepAlive{.dest = alith, .value = {1}});
    auto fake = *chain::decode_extrinsic(extrinsic);
    fake.signed_part->signature = {};
    chain::Bytes arguments = chain::with_length_prefix(chain::encode_extrinsic(fake));
    const auto length = static_cast<std::uint32_t>(arguments.size());
    scale::encode(length, arguments);

    const auto quoted = call<runtime::RuntimeDispatchInfo>(chain, "TransactionPaymentApi_query_info", arguments);
    const auto details =
        call<transaction_payment::FeeDetails>(chain, "TransactionPaymentApi_query_fee_details", arguments);
    REQUIRE(details.inclusion_fee);
    CHECK(details.inclusion_fee->base_fee + details.inclusion_fee->len_fee +
              details.inclusion_fee->adjusted_weight_fee ==
          quoted.partial_fee);

    const auto block = chain.block({extrinsic});
    CHECK(block.all<transaction_payment::TransactionFeePaid>(1).at(0).actual_fee == quoted.partial_fee);
}

TEST_CASE("a bare extrinsic costs nothing") {
    auto chain = rich_chain();
    const auto block = chain.block({});
    chain::Bytes arguments = chain::with_length_prefix(block.block.extrinsics[0]);
    scale::encode(std::uint32_t{10}, arguments);
    CHECK(call<runtime::RuntimeDispatchInfo>(chain, "TransactionPaymentApi_query_info", arguments).partial_fee == 0);
}

TEST_CASE("validate_transaction answers as Substrate's pool does") {
    auto chain = rich_chain();
    const auto ask = [&](const chain::Bytes& extrinsic) {
        chain::Bytes arguments{2};  // TransactionSource::External
        chain::append(arguments, chain::with_length_prefix(extrinsic));
        scale::encode(chain.best(), arguments);
        return *chain.executor().call(chain.state(), "TaggedTransactionQueue_validate_transaction", arguments);
    };
    const auto extrinsic = chain.sign("Alith", frame_system::Remark{});
    const auto good = scale::decode<runtime::TransactionValidity>(ask(extrinsic));
    REQUIRE(good);
    REQUIRE(good->value);
    CHECK(good->value->propagate);
    chain.block({extrinsic});
    CHECK(ask(extrinsic) == chain::Bytes{1, 0, 3});  // Err(Invalid(Stale))
}

TEST_CASE("an unknown API and bad arguments have their own errors") {
    const auto chain = rich_chain();
    const auto error = [&](std::string_view method, const chain::Bytes& arguments) {
        const auto answer = chain.executor().call(chain.state(), method, arguments);
        return answer ? std::string{} : answer.error();
    };
    CHECK(error("Nobody_knows", {}) == "this runtime has no API Nobody_knows");
    CHECK(error("AccountNonceApi_account_nonce", {1}) == "the arguments do not decode: the input ends too early");
    CHECK(error("Core_version", {1}) == "the arguments do not decode: bytes follow the end of the value");
}
