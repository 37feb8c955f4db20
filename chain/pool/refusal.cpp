#include "chain/pool/refusal.hpp"

#include "chain/base/numbers.hpp"

#include <variant>

namespace pool {

Refusal refusal_of(const chain::ValidityError& error) {
    if (std::holds_alternative<chain::Unknown>(error))
        return {RefusalCode::UnknownValidity, "Unknown Transaction Validity", chain::text(error)};
    return {RefusalCode::InvalidTransaction, "Invalid Transaction", chain::text(error)};
}

Refusal banned() { return {RefusalCode::TemporarilyBanned, "Transaction is temporarily banned", std::nullopt}; }

Refusal already_imported(const chain::Hash& hash) {
    return {RefusalCode::AlreadyImported, "Transaction Already Imported", chain::to_hex(hash)};
}

Refusal too_low_priority(chain::u128 needed, chain::u128 offered) {
    return {RefusalCode::TooLowPriority,
            "Priority is too low: (" + chain::to_decimal(needed) + " vs " + chain::to_decimal(offered) + ")",
            "The transaction has too low priority to replace another transaction already in the pool."};
}

Refusal immediately_dropped() {
    return {RefusalCode::ImmediatelyDropped, "Immediately Dropped",
            "The transaction couldn't enter the pool because of the limit."};
}

}  // namespace pool
