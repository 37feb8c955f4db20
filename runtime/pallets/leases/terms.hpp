#pragma once
// Rent over stretches of different terms: what a lease earns between two moments, where that goes, and when its money
// ends. Moments count from the start of the lease. Pure.

#include "runtime/pallets/escrow/money.hpp"
#include "runtime/pallets/leases/records.hpp"

#include <span>

namespace leases {

/// The agreed duration: the end of the last stretch.
std::uint64_t duration_ms(std::span<const Term> terms);

/// What is earned from `from_ms` to `to_ms`. Each stretch counts ⌊…⌋ from its own beginning, so the sum does not depend
/// on how often a lease is settled. Time after the last stretch earns nothing.
Balance earned(std::span<const Term> terms, std::uint32_t slots, std::uint64_t from_ms, std::uint64_t to_ms);

/// The same, split into burn, frontend and owner by each stretch's own shares.
escrow::Split earned_split(std::span<const Term> terms, std::uint32_t slots, std::uint64_t from_ms,
                           std::uint64_t to_ms);

/// The moment up to which `money` pays for what follows `from_ms`, at most the agreed duration.
std::uint64_t funded_until(std::span<const Term> terms, std::uint32_t slots, std::uint64_t from_ms, Balance money);

}  // namespace leases
