#pragma once
// Which runtime this is. Clients choose their codecs, their signing payloads and their API calls by these values.

#include "chain/execution/version.hpp"

#include <string_view>

namespace frame_system {

inline constexpr std::string_view spec_name = "tephra";
inline constexpr std::string_view impl_name = "tephra-node";

/// Grows with every change of what blocks mean.
inline constexpr std::uint32_t spec_version = 1;
/// Grows when a call's index, its arguments or the signed extensions change: wallets sign it.
inline constexpr std::uint32_t transaction_version = 1;

/// Name and version of each runtime API that this runtime answers, by Substrate's names.
struct ApiVersion {
    std::string_view name;
    std::uint32_t version;
};
inline constexpr ApiVersion api_versions[] = {
    {"Core", 5},
    {"Metadata", 2},
    {"BlockBuilder", 6},
    {"TaggedTransactionQueue", 3},
    {"AccountNonceApi", 1},
    {"TransactionPaymentApi", 4},
    {"TransactionPaymentCallApi", 3},
    {"ComputeApi", 1},
};

/// What the constant System.Version, Core_version and state_getRuntimeVersion show.
chain::RuntimeVersion runtime_version();

}  // namespace frame_system
