#include "runtime/appchain/apis.hpp"

#include "chain/block/extrinsic.hpp"
#include "runtime/appchain/executor.hpp"
#include "runtime/appchain/runtime_metadata.hpp"
#include "runtime/dispatch/call.hpp"
#include "runtime/pallets/system/accounts.hpp"

namespace runtime {

namespace api {

namespace {

/// Length that the fee counts, and the call's own info. Placeholder signatures are fine: only the call matters.
struct Priced {
    std::uint32_t length = 0;
    frame::DispatchInfo info;
    bool is_signed = false;
};

ApiResult<Priced> price(const OpaqueExtrinsic& extrinsic, std::uint32_t length) {
    const auto transaction = chain::decode_extrinsic(extrinsic.bytes);
    if (!transaction) return std::unexpected{std::string{chain::text(transaction.error())}};
    const auto call = DecodedCall::decode(transaction->call);
    if (!call) return std::unexpected{"the call does not decode: " + std::string{scale::text(call.error())}};
    return Priced{.length = length, .info = call->info(), .is_signed = transaction->signed_part.has_value()};
}

RuntimeDispatchInfo info_of(const ApiContext& context, const Priced& priced) {
    const auto fee =
        priced.is_signed ? transaction_payment::inclusion_fee(context.state, priced.length, priced.info) : 0;
    return {.weight = priced.info.weight, .class_ = priced.info.class_, .partial_fee = fee};
}

FeeDetails details_of(const ApiContext& context, const Priced& priced) {
    return priced.is_signed ? transaction_payment::fee_details(context.state, priced.length, priced.info)
                            : FeeDetails{};
}

}  // namespace

ApiResult<chain::RuntimeVersion> Version::operator()(const ApiContext& context) const {
    return context.runtime.version();
}

ApiResult<OpaqueMetadata> Metadata::operator()(const ApiContext&) const { return OpaqueMetadata{metadata_v14()}; }

ApiResult<std::optional<OpaqueMetadata>> MetadataAtVersion::operator()(const ApiContext& context) const {
    auto bytes = context.runtime.metadata(version);
    return bytes.empty() ? std::nullopt : std::optional{OpaqueMetadata{std::move(bytes)}};
}

ApiResult<std::vector<std::uint32_t>> MetadataVersions::operator()(const ApiContext&) const {
    return std::vector<std::uint32_t>{14, 15};
}

ApiResult<TransactionValidity> ValidateTransaction::operator()(const ApiContext& context) const {
    const auto checked = context.runtime.check(context.state, block_hash, tx.bytes, source);
    if (!checked) return TransactionValidity{std::unexpected{checked.error()}};
    return TransactionValidity{ValidTransaction{.priority = checked->priority,
                                                .requires_ = checked->requires_,
                                                .provides = checked->provides,
                                                .longevity = checked->longevity,
                                                .propagate = true}};
}

ApiResult<std::uint32_t> AccountNonce::operator()(const ApiContext& context) const {
    return frame_system::account_nonce(context.state, account);
}

ApiResult<RuntimeDispatchInfo> QueryInfo::operator()(const ApiContext& context) const {
    TRY(const auto priced, price(uxt, len));
    return info_of(context, priced);
}

ApiResult<FeeDetails> QueryFeeDetails::operator()(const ApiContext& context) const {
    TRY(const auto priced, price(uxt, len));
    return details_of(context, priced);
}

ApiResult<chain::Balance> QueryWeightToFee::operator()(const ApiContext&) const {
    return transaction_payment::weight_to_fee(weight);
}

ApiResult<chain::Balance> QueryLengthToFee::operator()(const ApiContext&) const {
    return transaction_payment::length_to_fee(length);
}

ApiResult<RuntimeDispatchInfo> QueryCallInfo::operator()(const ApiContext& context) const {
    return info_of(context, {.length = len, .info = frame::info_of(call), .is_signed = true});
}

ApiResult<FeeDetails> QueryCallFeeDetails::operator()(const ApiContext& context) const {
    return details_of(context, {.length = len, .info = frame::info_of(call), .is_signed = true});
}

ApiResult<leases::QuotePage> Quote::operator()(const ApiContext& context) const {
    return leases::quote(context.state, order, after, limit);
}

}  // namespace api

namespace {

template <class Method>
ApiResult<chain::Bytes> run(const ApiContext& context, chain::ByteView arguments) {
    const auto method = scale::decode<Method>(arguments);
    if (!method) return std::unexpected{"the arguments do not decode: " + std::string{scale::text(method.error())}};
    TRY(const auto output, (*method)(context));
    return scale::encode(output);
}

}  // namespace

ApiResult<chain::Bytes> call_api(const ApiContext& context, std::string_view name, chain::ByteView arguments) {
    std::optional<ApiResult<chain::Bytes>> answer;
    for_each_api([&](const auto& api) {
        api.for_each_method([&]<class Method>(std::type_identity<Method>) {
            const std::string own = std::string{api.name} + "_" +
                                    std::string{std::string_view{reflect::snake_case(reflect::type_name<Method>)}};
            if (!answer && own == name) answer = run<Method>(context, arguments);
        });
    });
    if (!answer) return std::unexpected{"this runtime has no API " + std::string{name}};
    return *std::move(answer);
}

}  // namespace runtime
