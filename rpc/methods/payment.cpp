#include "rpc/methods/payment.hpp"

#include "chain/base/check.hpp"
#include "rpc/methods/at.hpp"

#include <fmt/format.h>

namespace rpc {

namespace {

enum class DispatchClass : std::uint8_t { Normal, Operational, Mandatory };

/// pallet-transaction-payment's RuntimeDispatchInfo as the runtime encodes it.
struct DispatchInfo {
    scale::Compact<std::uint64_t> ref_time;
    scale::Compact<std::uint64_t> proof_size;
    DispatchClass class_{};
    u128 partial_fee = 0;
};

/// Its FeeDetails.
struct InclusionFee {
    u128 base_fee = 0;
    u128 len_fee = 0;
    u128 adjusted_weight_fee = 0;
};
struct FeeDetails {
    std::optional<InclusionFee> inclusion_fee;
    u128 tip = 0;
};

std::string name_of(DispatchClass dispatch_class) {
    switch (dispatch_class) {
        case DispatchClass::Normal: return "normal";
        case DispatchClass::Operational: return "operational";
        case DispatchClass::Mandatory: return "mandatory";
    }
    std::unreachable();
}

/// Runs the API on an extrinsic and reads the answer. The arguments are the extrinsic and its length.
template <class T>
Answer<T> query(const ledger::Ledger& ledger, const std::optional<Hash>& at, std::string_view method,
                const Bytes& extrinsic) {
    Bytes arguments = extrinsic;
    scale::encode(static_cast<std::uint32_t>(extrinsic.size()), arguments);
    TRY(const Bytes result, runtime_call(ledger, at, method, arguments));
    auto decoded = scale::decode<T>(result);
    if (!decoded) return std::unexpected{client_error(fmt::format("{} gave an unknown result", method))};
    return *std::move(decoded);
}

}  // namespace

Answer<QueryInfo::Result> Payment::answer(const QueryInfo::Params& params) const {
    TRY(const auto info,
        query<DispatchInfo>(ledger_, params.at, "TransactionPaymentApi_query_info", params.extrinsic.value));
    return QueryInfo::Result{.weight = {info.ref_time.value, info.proof_size.value},
                             .class_ = name_of(info.class_),
                             .partial_fee = {info.partial_fee}};
}

Answer<QueryFeeDetails::Result> Payment::answer(const QueryFeeDetails::Params& params) const {
    TRY(const auto details,
        query<FeeDetails>(ledger_, params.at, "TransactionPaymentApi_query_fee_details", params.extrinsic.value));
    if (!details.inclusion_fee) return QueryFeeDetails::Result{};
    const InclusionFee& fee = *details.inclusion_fee;
    return QueryFeeDetails::Result{
        QueryFeeDetails::InclusionFee{{fee.base_fee}, {fee.len_fee}, {fee.adjusted_weight_fee}}};
}

}  // namespace rpc
