#pragma once
// A call of one pallet as any call. Expensive to compile: for the *_calls.cpp alone.

#include "runtime/dispatch/any_call.hpp"
#include "runtime/frame/pallet.hpp"

namespace runtime {

template <class C>
constexpr reflect::Name call_name = reflect::snake_case(reflect::type_name<C>);

/// A call that is free must say when, or the block's share of free calls would be anybody's.
template <class C>
constexpr bool says_when_it_is_free = frame::pays_of<C>() == frame::Pays::Yes ||
                                      frame::class_of<C>() == frame::DispatchClass::Mandatory || frame::FreeWhenDue<C>;

template <class P>
struct CallOf final : DecodedCall::Any {
    typename P::Call call;

    frame::DispatchInfo info() const override {
        return std::visit(
            []<class C>(const C& c) {
                static_assert(says_when_it_is_free<C>, "declare check_due");
                return frame::DispatchInfo{frame::weight_of(c), frame::class_of<C>(), frame::pays_of<C>()};
            },
            call);
    }

    frame::DispatchResult run(frame::Context& context) const override {
        return std::visit([&](const auto& c) { return c(context); }, call);
    }

    chain::Result<void, frame::NotDue> check_due(const state::StateView& view,
                                                 const frame::AccountId& signer) const override {
        return std::visit(
            [&]<class C>(const C& c) -> chain::Result<void, frame::NotDue> {
                if constexpr (frame::FreeWhenDue<C>) return c.check_due(view, signer);
                else return {};
            },
            call);
    }

    chain::Bytes encode() const override {
        chain::Bytes out{P::index};
        scale::encode(call, out);
        return out;
    }

    std::string_view pallet() const override { return P::name; }
    std::string_view name() const override {
        return std::visit([]<class C>(const C&) -> std::string_view { return call_name<C>; }, call);
    }
};

template <class P>
AnyCall read_as(scale::Reader& in) {
    if constexpr (std::variant_size_v<typename P::Call> == 0) {
        return nullptr;
    } else {
        auto call = std::make_unique<CallOf<P>>();
        scale::decode(in, call->call);
        return call;
    }
}

}  // namespace runtime
