#pragma once
// The runtime is this list. Decoding, dispatch, hooks, metadata and documentation fold over it.
// Expensive to include: every pallet comes along.

#include "runtime/pallets/balances/calls.hpp"
#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/calls.hpp"
#include "runtime/pallets/machines/calls.hpp"
#include "runtime/pallets/sudo/sudo.hpp"
#include "runtime/pallets/system/system.hpp"
#include "runtime/pallets/timestamp/timestamp.hpp"
#include "runtime/pallets/transaction_payment/transaction_payment.hpp"
#include "runtime/pallets/utility/utility.hpp"
#include "runtime/pallets/validators/validators.hpp"

namespace runtime {

template <frame::PalletType... P>
struct PalletList {
    /// f(std::type_identity<P>) for each pallet, in the order of hooks and metadata.
    static constexpr void for_each(auto&& f) { (f(std::type_identity<P>{}), ...); }

    /// f(std::type_identity<P>) for the pallet with this index; false where there is none.
    static constexpr bool with(std::uint8_t index, auto&& f) {
        return ((P::index == index ? (f(std::type_identity<P>{}), true) : false) || ...);
    }

    static consteval bool has_unique_indices() {
        std::array<bool, 256> seen{};
        bool unique = true;
        ((unique = unique && !seen[P::index], seen[P::index] = true), ...);
        return unique;
    }
};

using Pallets =
    PalletList<frame_system::Pallet, timestamp::Pallet, balances::Pallet, transaction_payment::Pallet, utility::Pallet,
               sudo::Pallet, validators::Pallet, machines::Pallet, leases::Pallet, escrow::Pallet>;
static_assert(Pallets::has_unique_indices());

}  // namespace runtime
