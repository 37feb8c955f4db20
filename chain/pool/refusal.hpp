#pragma once
// Why the pool did not take a transaction, in the words and numbers of Substrate's author RPC: clients match on them
// (substrate-clients.md §1.1).

#include "chain/base/bytes.hpp"
#include "chain/execution/validity.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace pool {

/// JSON-RPC error codes of Substrate's pool.
enum class RefusalCode : std::int32_t {
    InvalidTransaction = 1010,
    UnknownValidity = 1011,
    TemporarilyBanned = 1012,
    AlreadyImported = 1013,
    TooLowPriority = 1014,
    CycleDetected = 1015,  ///< of Substrate's tags; nonces make no cycles, so this pool never says it
    ImmediatelyDropped = 1016
};

/// A JSON-RPC error object in parts.
struct Refusal {
    RefusalCode code{};
    std::string message;
    std::optional<std::string> data;
    bool operator==(const Refusal&) const = default;
};

/// 1010 or 1011 with Substrate's sentence for the reason.
Refusal refusal_of(const chain::ValidityError& error);
/// 1012.
Refusal banned();
/// 1013 with the extrinsic's hash.
Refusal already_imported(const chain::Hash& hash);
/// 1014: `offered` would have to be at least `needed` (priorities, or tips in base units for a replacement).
Refusal too_low_priority(chain::u128 needed, chain::u128 offered);
/// 1016.
Refusal immediately_dropped();

}  // namespace pool
