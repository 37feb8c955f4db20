#pragma once
// Runtime APIs: what clients may ask of the runtime at a block, by Substrate's names. A method is a Record: its members
// are its arguments, `Output` is what it returns. The table of calls and metadata V15 follow from the lists at the end.

#include "runtime/appchain/api_types.hpp"
#include "runtime/pallets/leases/quote.hpp"
#include "runtime/pallets/transaction_payment/transaction_payment.hpp"

namespace runtime {

class Appchain;

/// Where a runtime API method runs.
struct ApiContext {
    const state::StateView& state;
    const Appchain& runtime;
};

template <class T>
using ApiResult = chain::Result<T, std::string>;

namespace api {

// ---- Core ----------------------------------------------------------------------------------------------------

struct Version {
    static constexpr auto doc = "The runtime's names, versions and APIs.";
    using Output = chain::RuntimeVersion;
    ApiResult<Output> operator()(const ApiContext&) const;
};

// ---- Metadata ------------------------------------------------------------------------------------------------

struct Metadata {
    static constexpr auto doc = "The metadata, version 14.";
    using Output = OpaqueMetadata;
    ApiResult<Output> operator()(const ApiContext&) const;
};

struct MetadataAtVersion {
    static constexpr auto doc = "The metadata in the version asked for; none where it is not offered.";
    std::uint32_t version{};
    using Output = std::optional<OpaqueMetadata>;
    ApiResult<Output> operator()(const ApiContext&) const;
};

struct MetadataVersions {
    static constexpr auto doc = "The versions of metadata that are offered.";
    using Output = std::vector<std::uint32_t>;
    ApiResult<Output> operator()(const ApiContext&) const;
};

// ---- TaggedTransactionQueue ----------------------------------------------------------------------------------

struct ValidateTransaction {
    static constexpr auto doc = "Whether the transaction could enter a block on top of the block with this hash.";
    chain::TransactionSource source{};
    OpaqueExtrinsic tx;
    chain::Hash block_hash;
    using Output = TransactionValidity;
    ApiResult<Output> operator()(const ApiContext&) const;
};

// ---- AccountNonceApi -----------------------------------------------------------------------------------------

struct AccountNonce {
    static constexpr auto doc = "The nonce that the account's next transaction has, pool aside.";
    frame::AccountId account;
    using Output = std::uint32_t;
    ApiResult<Output> operator()(const ApiContext&) const;
};

// ---- TransactionPaymentApi -----------------------------------------------------------------------------------

using transaction_payment::FeeDetails;

struct QueryInfo {
    static constexpr auto doc = "Weight, class and fee of an extrinsic; its signature may be a placeholder.";
    OpaqueExtrinsic uxt;
    std::uint32_t len{};
    using Output = RuntimeDispatchInfo;
    ApiResult<Output> operator()(const ApiContext&) const;
};

struct QueryFeeDetails {
    static constexpr auto doc = "The parts of an extrinsic's fee.";
    OpaqueExtrinsic uxt;
    std::uint32_t len{};
    using Output = FeeDetails;
    ApiResult<Output> operator()(const ApiContext&) const;
};

struct QueryWeightToFee {
    static constexpr auto doc = "The fee for this much weight, before the multiplier.";
    frame::Weight weight;
    using Output = chain::Balance;
    ApiResult<Output> operator()(const ApiContext&) const;
};

struct QueryLengthToFee {
    static constexpr auto doc = "The fee for this many bytes.";
    std::uint32_t length{};
    using Output = chain::Balance;
    ApiResult<Output> operator()(const ApiContext&) const;
};

// ---- TransactionPaymentCallApi -------------------------------------------------------------------------------

struct QueryCallInfo {
    static constexpr auto doc = "Weight, class and fee of a call in an extrinsic of `len` bytes.";
    frame::Call call;
    std::uint32_t len{};
    using Output = RuntimeDispatchInfo;
    ApiResult<Output> operator()(const ApiContext&) const;
};

struct QueryCallFeeDetails {
    static constexpr auto doc = "The parts of the fee of a call in an extrinsic of `len` bytes.";
    frame::Call call;
    std::uint32_t len{};
    using Output = FeeDetails;
    ApiResult<Output> operator()(const ApiContext&) const;
};

// ---- ComputeApi ------------------------------------------------------------------------------------------------

struct Quote {
    static constexpr auto doc =
        "What machines ask for an order, and why others do not take it: at most `limit` machines that follow `after`.";
    leases::Order order;
    std::optional<frame::AccountId> after;
    std::uint32_t limit{};
    using Output = leases::QuotePage;
    ApiResult<Output> operator()(const ApiContext&) const;
};

}  // namespace api

/// One runtime API: its name and its methods, each called "Name_method".
template <class... Methods>
struct ApiDeclaration {
    std::string_view name;
    std::string_view doc;
    static constexpr void for_each_method(auto&& f) { (f(std::type_identity<Methods>{}), ...); }
};

/// f(declaration) for each runtime API that has methods to call. Their versions stand in system/version.hpp.
constexpr void for_each_api(auto&& f) {
    using namespace api;
    f(ApiDeclaration<Version>{"Core", "What the runtime is."});
    f(ApiDeclaration<Metadata, MetadataAtVersion, MetadataVersions>{"Metadata",
                                                                    "What clients need to know to use it."});
    f(ApiDeclaration<ValidateTransaction>{"TaggedTransactionQueue", "The pool's questions."});
    f(ApiDeclaration<AccountNonce>{"AccountNonceApi", "Nonces."});
    f(ApiDeclaration<QueryInfo, QueryFeeDetails, QueryWeightToFee, QueryLengthToFee>{"TransactionPaymentApi",
                                                                                     "What extrinsics cost."});
    f(ApiDeclaration<QueryCallInfo, QueryCallFeeDetails, QueryWeightToFee, QueryLengthToFee>{
        "TransactionPaymentCallApi", "What calls cost."});
    f(ApiDeclaration<Quote>{"ComputeApi", "The market for machines."});
}

/// Calls "Name_method" with SCALE arguments; the answer is SCALE. The error is a sentence.
chain::Result<chain::Bytes, std::string> call_api(const ApiContext& context, std::string_view name,
                                                  chain::ByteView arguments);

}  // namespace runtime
