#pragma once
// payment_*: what an extrinsic costs, in the shapes of polkadot-sdk's pallet-transaction-payment-rpc.

#include "rpc/schema/method.hpp"

namespace rpc {

struct WeightView {
    static constexpr bool json_names_as_written = true;
    std::uint64_t ref_time = 0;
    std::uint64_t proof_size = 0;
};

struct QueryInfo {
    static constexpr std::string_view name = "payment_queryInfo";
    static constexpr std::string_view doc =
        "Weight, class and fee (base units of TPH, without tip) of an extrinsic with its length prefix. An unsigned "
        "one "
        "costs nothing.";
    struct Params {
        HexBytes extrinsic;
        std::optional<Hash> at;
    };
    struct Result {
        WeightView weight;
        std::string class_;
        Decimal partial_fee;
    };
};

struct QueryFeeDetails {
    static constexpr std::string_view name = "payment_queryFeeDetails";
    static constexpr std::string_view doc =
        "The parts of an extrinsic's fee in base units of TPH: base, by length, by weight. Null for an unsigned one.";
    struct Params {
        HexBytes extrinsic;
        std::optional<Hash> at;
    };
    struct InclusionFee {
        HexNumber base_fee;
        HexNumber len_fee;
        HexNumber adjusted_weight_fee;
    };
    struct Result {
        std::optional<InclusionFee> inclusion_fee;
    };
};

using PaymentMethods = Methods<QueryInfo, QueryFeeDetails>;

}  // namespace rpc
