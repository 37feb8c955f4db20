#pragma once
// A call of any pallet, decoded once: what it weighs, whether it is due, and what it does.

#include "runtime/frame/call.hpp"

#include <memory>
#include <string_view>

namespace runtime {

class DecodedCall {
public:
    /// The whole input must be one call of this runtime.
    static chain::Result<DecodedCall, scale::Error> decode(chain::ByteView encoded);

    DecodedCall(DecodedCall&&) noexcept;
    DecodedCall& operator=(DecodedCall&&) noexcept;
    ~DecodedCall();

    /// Weight, class and payment that the call declares for these arguments.
    const frame::DispatchInfo& info() const { return info_; }
    /// Runs it in a layer of its own.
    frame::DispatchResult dispatch(frame::Context& context) const;
    /// Success for every call but one that is free only when due and is not due.
    chain::Result<void, frame::NotDue> check_due(const state::StateView& view, const frame::AccountId& signer) const;
    /// The bytes that it was decoded from: there is only one encoding of a call.
    chain::Bytes encode() const;
    /// "Balances".
    std::string_view pallet() const;
    /// "transfer_keep_alive".
    std::string_view name() const;

    /// What knows the call's type; defined in call.cpp.
    struct Any;

private:
    explicit DecodedCall(std::unique_ptr<const Any> any);
    std::unique_ptr<const Any> any_;
    frame::DispatchInfo info_;
};

}  // namespace runtime
