#pragma once
// Calls inside calls: batches, sudo. Which pallets exist is known only above, so runtime/appchain defines the
// functions of this header, and programs that run nested calls link it.

#include "runtime/frame/context.hpp"

namespace frame {

/// Any pallet's call, checked to be one when it was decoded: pallet index, call index, arguments.
struct Call {
    chain::Bytes encoded;

    bool operator==(const Call&) const = default;
    void encode_to(chain::Bytes& out) const { chain::append(out, encoded); }
    /// Takes exactly one call. Nesting is bounded by Reader::enter.
    void decode_from(scale::Reader& in);
};

/// The call of a pallet as any pallet's call.
template <class C>
Call to_call(const C& call) {
    using P = PalletOf<C>;
    chain::Bytes encoded{P::index, C::index};
    reflect::for_each_index<reflect::field_count<C>>([&](auto i) { scale::encode(reflect::field<i>(call), encoded); });
    return {std::move(encoded)};
}

/// Weight, class and payment of a call, nested calls included.
DispatchInfo info_of(const Call& call);

/// Runs the call as `context.origin`, in a storage layer of its own: an error leaves no trace.
DispatchResult dispatch(Context& context, const Call& call);

/// Why a call that is free only when due is not due. Clients see `Custom error: code`; a pallet lists its codes once.
struct NotDue {
    std::uint8_t code{};
    bool operator==(const NotDue&) const = default;
};

/// A call that is free only when due declares
/// `chain::Result<void, frame::NotDue> check_due(const state::StateView&, const AccountId& signer) const;`
/// The pool and the block builder ask it with the state the call would run on; a refusal keeps the call out of both.
template <class C>
concept FreeWhenDue = requires(const C& call, const state::StateView& view, const AccountId& signer) {
    { call.check_due(view, signer) } -> std::same_as<chain::Result<void, NotDue>>;
};

}  // namespace frame
