#pragma once
// What the escrow remembers: who put how much into which lease, what could not be delivered, and what was burned.

#include "chain/codec/scale.hpp"
#include "chain/crypto/account.hpp"

#include <compare>
#include <cstdint>
#include <optional>

namespace escrow {

using chain::Balance;
using crypto::AccountId;

/// The number of a lease; escrow accounts are named by it.
struct LeaseId {
    std::uint64_t value{};
    auto operator<=>(const LeaseId&) const = default;
};

/// What one account still has in a lease. The money stays on that account, on hold.
struct Deposit {
    AccountId payer;
    Balance amount{};

    bool operator==(const Deposit&) const = default;
};

/// Why money was burned.
enum class BurnReason : std::uint8_t {
    Rent,           ///< the burn share of a rent
    Penalty,        ///< half of what a machine owes for going away
    RejectedStart,  ///< what a renter owes for an order that no machine could have started
};

/// Everything ever burned for one reason on one calendar day.
struct BurnedDay {
    Balance amount{};
    std::uint32_t count{};

    bool operator==(const BurnedDay&) const = default;
};

/// The burn share by use: `low_ppm` up to `low_slots` proven GPU slots, linear to `middle_ppm` at `middle_slots`,
/// linear to `high_ppm` at `high_slots`, and so above.
struct BurnRamp {
    std::uint32_t low_slots = 5'000;
    std::uint32_t middle_slots = 10'000;
    std::uint32_t high_slots = 20'000;
    std::uint32_t low_ppm = 300'000;
    std::uint32_t middle_ppm = 500'000;
    std::uint32_t high_ppm = 700'000;

    bool operator==(const BurnRamp&) const = default;
};

/// What root decides about burning. Genesis fills it.
struct Parameters {
    BurnRamp burn_ramp;

    bool operator==(const Parameters&) const = default;
};

}  // namespace escrow
