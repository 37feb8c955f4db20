#pragma once
// What stands behind a DecodedCall: a call of one pallet, whose type only the pallet's *_calls.cpp knows.

#include "runtime/dispatch/call.hpp"

namespace runtime {

struct DecodedCall::Any {
    Any() = default;
    Any(const Any&) = delete;
    Any& operator=(const Any&) = delete;
    virtual ~Any() = default;
    virtual frame::DispatchInfo info() const = 0;
    virtual frame::DispatchResult run(frame::Context& context) const = 0;
    virtual chain::Result<void, frame::NotDue> check_due(const state::StateView& view,
                                                         const frame::AccountId& signer) const = 0;
    virtual chain::Bytes encode() const = 0;
    virtual std::string_view pallet() const = 0;
    virtual std::string_view name() const = 0;
};

using AnyCall = std::unique_ptr<const DecodedCall::Any>;

/// Reads what follows the pallet's index; an error in `in`, or null, where that is no call of it. Specialized for each
/// pallet of seats.hpp.
template <class Seat>
AnyCall read_call_of(scale::Reader& in);

}  // namespace runtime
