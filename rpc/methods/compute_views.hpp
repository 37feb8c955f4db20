#pragma once
// The compute pallets' records in the shapes that clients read.

#include "chain/state/view.hpp"
#include "rpc/schema/compute.hpp"
#include "runtime/pallets/leases/quote.hpp"
#include "runtime/pallets/leases/records.hpp"
#include "runtime/pallets/machines/records.hpp"

namespace rpc {

/// The machine's record with its claims and open leases.
MachineView view(const state::StateView& state, const AccountId& account, const machines::Machine& machine);
/// The lease's record with what it still has.
LeaseView view(const state::StateView& state, leases::LeaseId id, const leases::Lease& lease);
QuoteView view(const leases::Quote& quote);

/// An enumerator's name.
template <reflect::Enum E>
std::string name_of(E value) {
    std::string out;
    reflect::for_each_index<reflect::enumerator_count<E>()>([&](auto i) {
        if (static_cast<E>(i.value) == value) out = reflect::enumerator_name<static_cast<E>(i.value)>;
    });
    return out;
}

/// The enumerator of this name.
template <reflect::Enum E>
std::optional<E> from_name(std::string_view name) {
    std::optional<E> out;
    reflect::for_each_index<reflect::enumerator_count<E>()>([&](auto i) {
        if (reflect::enumerator_name<static_cast<E>(i.value)> == name) out = static_cast<E>(i.value);
    });
    return out;
}

}  // namespace rpc
