#pragma once
// The runtime is this list: index, storage, events, errors and hooks of each pallet, in the order of hooks and
// metadata. The calls of a pallet are read in a file of its own (*_calls.cpp): a changed call is not built again with
// all the others. pallets.hpp is the same list with the calls.

#include "runtime/dispatch/any_call.hpp"
#include "runtime/pallets/balances/balances.hpp"
#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/leases.hpp"
#include "runtime/pallets/machines/machines.hpp"
#include "runtime/pallets/sudo/sudo.hpp"
#include "runtime/pallets/system/system.hpp"
#include "runtime/pallets/timestamp/timestamp.hpp"
#include "runtime/pallets/transaction_payment/transaction_payment.hpp"
#include "runtime/pallets/utility/utility.hpp"
#include "runtime/pallets/validators/validators.hpp"

namespace runtime {

template <class... P>
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

using Seats =
    PalletList<frame_system::Pallet, timestamp::Pallet, balances::Seat, transaction_payment::Pallet, utility::Pallet,
               sudo::Pallet, validators::Pallet, machines::Seat, leases::Seat, escrow::Pallet>;
static_assert(Seats::has_unique_indices());

template <>
AnyCall read_call_of<frame_system::Pallet>(scale::Reader& in);
template <>
AnyCall read_call_of<timestamp::Pallet>(scale::Reader& in);
template <>
AnyCall read_call_of<balances::Seat>(scale::Reader& in);
template <>
AnyCall read_call_of<transaction_payment::Pallet>(scale::Reader& in);
template <>
AnyCall read_call_of<utility::Pallet>(scale::Reader& in);
template <>
AnyCall read_call_of<sudo::Pallet>(scale::Reader& in);
template <>
AnyCall read_call_of<validators::Pallet>(scale::Reader& in);
template <>
AnyCall read_call_of<machines::Seat>(scale::Reader& in);
template <>
AnyCall read_call_of<leases::Seat>(scale::Reader& in);
template <>
AnyCall read_call_of<escrow::Pallet>(scale::Reader& in);

}  // namespace runtime
