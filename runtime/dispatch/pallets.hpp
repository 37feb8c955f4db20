#pragma once
// The list of pallets with their calls, as metadata and documentation fold over it.
// Expensive to include: every pallet's every call comes along.

#include "runtime/dispatch/seats.hpp"
#include "runtime/pallets/balances/calls.hpp"
#include "runtime/pallets/leases/calls.hpp"
#include "runtime/pallets/machines/calls.hpp"

namespace runtime {

namespace detail {
/// The pallet that sits there: the same index, with calls.
template <class Seat>
struct PalletOn {
    using type = Seat;
};
template <>
struct PalletOn<balances::Seat> {
    using type = balances::Pallet;
};
template <>
struct PalletOn<machines::Seat> {
    using type = machines::Pallet;
};
template <>
struct PalletOn<leases::Seat> {
    using type = leases::Pallet;
};

template <class... S>
auto with_calls(PalletList<S...>) -> PalletList<typename PalletOn<S>::type...>;
}  // namespace detail

using Pallets = decltype(detail::with_calls(Seats{}));

}  // namespace runtime
