#pragma once
// The machine's sign of life: free, but only when due.

#include "runtime/pallets/machines/machines.hpp"
#include "runtime/pallets/machines/weights.hpp"

namespace machines {

struct Heartbeat {
    static constexpr std::uint8_t index = 9;
    static constexpr auto doc = "The machine lives: once in each interval of the live clock.";
    static constexpr frame::Weight weight = weights::heartbeat;
    static constexpr auto dispatch_class = frame::DispatchClass::Operational;
    static constexpr auto pays = frame::Pays::No;

    std::uint64_t interval{};
    std::uint8_t utilisation_percent{};

    chain::Result<void, frame::NotDue> check_due(const state::StateView& state, const AccountId& signer) const;
    DispatchResult operator()(Context& context) const;
};

}  // namespace machines
