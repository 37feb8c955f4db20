#pragma once
// Calls by which a renter takes slots, alone or at a sponsor's cost.

#include "runtime/pallets/leases/leases.hpp"
#include "runtime/pallets/leases/weights.hpp"

namespace leases {

struct Rent {
    static constexpr std::uint8_t index = 0;
    static constexpr auto doc =
        "Rent slots of a machine, at the named version of its card and for at most `max_price` per slot-hour. "
        "`deposit` is "
        "what is put in now; without it, the rent of the whole duration. With a sponsor the sponsor pays.";
    static constexpr frame::Weight weight = weights::rent;

    AccountId machine;
    std::uint8_t slots{};
    std::uint64_t duration_ms{};
    Balance max_price{};
    std::uint32_t card_version{};
    std::optional<Workload> workload;
    std::optional<AccountId> sponsor;
    std::optional<AccountId> frontend;
    std::optional<Balance> deposit;

    DispatchResult operator()(Context& context) const;
};

struct SetAllowance {
    static constexpr std::uint8_t index = 6;
    static constexpr auto doc =
        "Let a renter rent at the signer's cost within these bounds; without them, take the leave back. Leases that "
        "run "
        "are not touched.";
    static constexpr frame::Weight weight = weights::small_call;

    AccountId renter;
    std::optional<Allowance> allowance;

    DispatchResult operator()(Context& context) const;
};

}  // namespace leases
