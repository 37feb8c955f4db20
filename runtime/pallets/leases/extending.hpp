#pragma once
// Calls that give a running lease more time or money, or pay out what it has earned.

#include "runtime/pallets/leases/leases.hpp"
#include "runtime/pallets/leases/weights.hpp"

namespace leases {

struct Extend {
    static constexpr std::uint8_t index = 2;
    static constexpr auto doc =
        "Renter or sponsor adds time, at the present card and burn share; the signer pays what the lease then lacks.";
    static constexpr frame::Weight weight = weights::extend;

    LeaseId lease;
    std::uint64_t added_ms{};
    Balance max_price{};
    std::uint32_t card_version{};

    DispatchResult operator()(Context& context) const;
};

/// The bounds within which a lease is extended by itself.
struct AutoExtendRules {
    Balance max_price{};
    Balance total{};
    std::uint64_t step_ms{};
};

struct SetAutoExtend {
    static constexpr std::uint8_t index = 3;
    static constexpr auto doc =
        "Renter or sponsor lets the lease be extended by a step whenever its time is up, at the signer's cost, while a "
        "slot-hour costs at most `max_price` and all extensions together at most `total`. Without rules: no more.";
    static constexpr frame::Weight weight = weights::small_call;

    LeaseId lease;
    std::optional<AutoExtendRules> rules;

    DispatchResult operator()(Context& context) const;
};

struct TopUp {
    static constexpr std::uint8_t index = 4;
    static constexpr auto doc = "Add money to a lease, at most what its agreed time still lacks; never time.";
    static constexpr frame::Weight weight = weights::top_up;

    LeaseId lease;
    Balance amount{};

    DispatchResult operator()(Context& context) const;
};

struct Settle {
    static constexpr std::uint8_t index = 5;
    static constexpr auto doc = "Pay out what a running lease has earned and need not withhold. Anyone may ask for it.";
    static constexpr frame::Weight weight = weights::settle;

    LeaseId lease;

    DispatchResult operator()(Context& context) const;
};

}  // namespace leases
