#include "runtime/dispatch/call.hpp"

#include "runtime/dispatch/pallets.hpp"

namespace runtime {

using chain::Bytes;
using chain::ByteView;
using frame::DispatchInfo;

struct DecodedCall::Any {
    Any() = default;
    Any(const Any&) = delete;
    Any& operator=(const Any&) = delete;
    virtual ~Any() = default;
    virtual DispatchInfo info() const = 0;
    virtual frame::DispatchResult run(frame::Context& context) const = 0;
    virtual chain::Result<void, frame::NotDue> check_due(const state::StateView& view,
                                                         const frame::AccountId& signer) const = 0;
    virtual Bytes encode() const = 0;
    virtual std::string_view pallet() const = 0;
    virtual std::string_view name() const = 0;
};

namespace {

template <class C>
constexpr reflect::Name call_name = reflect::snake_case(reflect::type_name<C>);

/// A call that is free must say when, or the block's share of free calls would be anybody's.
template <class C>
constexpr bool says_when_it_is_free = frame::pays_of<C>() == frame::Pays::Yes ||
                                      frame::class_of<C>() == frame::DispatchClass::Mandatory || frame::FreeWhenDue<C>;

template <class P>
struct CallOf final : DecodedCall::Any {
    typename P::Call call;

    DispatchInfo info() const override {
        return std::visit(
            []<class C>(const C& c) {
                static_assert(says_when_it_is_free<C>, "declare check_due");
                return DispatchInfo{frame::weight_of(c), frame::class_of<C>(), frame::pays_of<C>()};
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

    Bytes encode() const override {
        Bytes out{P::index};
        scale::encode(call, out);
        return out;
    }

    std::string_view pallet() const override { return P::name; }
    std::string_view name() const override {
        return std::visit([]<class C>(const C&) -> std::string_view { return call_name<C>; }, call);
    }
};

/// Reads one call; null and an error in `in` where there is none.
std::unique_ptr<const DecodedCall::Any> read_call(scale::Reader& in) {
    std::unique_ptr<const DecodedCall::Any> out;
    if (!in.enter()) return out;
    const auto index = static_cast<std::uint8_t>(in.little_endian(1));
    Pallets::with(index, [&]<class P>(std::type_identity<P>) {
        if constexpr (std::variant_size_v<typename P::Call> != 0) {
            auto call = std::make_unique<CallOf<P>>();
            scale::decode(in, call->call);
            out = std::move(call);
        }
    });
    in.leave();
    if (!out) in.fail(scale::Error::BadVariant);
    if (in.error()) out.reset();
    return out;
}

}  // namespace

DecodedCall::DecodedCall(std::unique_ptr<const Any> any) : any_(std::move(any)), info_(any_->info()) {}
DecodedCall::DecodedCall(DecodedCall&&) noexcept = default;
DecodedCall& DecodedCall::operator=(DecodedCall&&) noexcept = default;
DecodedCall::~DecodedCall() = default;

chain::Result<DecodedCall, scale::Error> DecodedCall::decode(ByteView encoded) {
    scale::Reader in{encoded};
    auto any = read_call(in);
    if (!in.error() && in.left() != 0) in.fail(scale::Error::InputTooLong);
    if (in.error()) return std::unexpected{*in.error()};
    return DecodedCall{std::move(any)};
}

frame::DispatchResult DecodedCall::dispatch(frame::Context& context) const {
    return frame::with_layer(context, [this](frame::Context& inside) { return any_->run(inside); });
}

chain::Result<void, frame::NotDue> DecodedCall::check_due(const state::StateView& view,
                                                          const frame::AccountId& signer) const {
    return any_->check_due(view, signer);
}

Bytes DecodedCall::encode() const { return any_->encode(); }
std::string_view DecodedCall::pallet() const { return any_->pallet(); }
std::string_view DecodedCall::name() const { return any_->name(); }

}  // namespace runtime

// ---- what frame/call.hpp and frame/context.hpp leave to the runtime ------------------------------------------

namespace frame {

void Call::decode_from(scale::Reader& in) {
    const ByteView before = in.rest();
    runtime::read_call(in);
    encoded = in.error() ? Bytes{} : chain::to_bytes(before.first(before.size() - in.left()));
}

DispatchInfo info_of(const Call& call) {
    const auto decoded = runtime::DecodedCall::decode(call.encoded);
    return decoded ? decoded->info() : DispatchInfo{};
}

DispatchResult dispatch(Context& context, const Call& call) {
    // A Call is checked when it is decoded; only one that the program itself made up can fail here.
    const auto decoded = runtime::DecodedCall::decode(call.encoded);
    if (!decoded) return std::unexpected{failure::CannotLookup{}};
    return decoded->dispatch(context);
}

void RuntimeEvent::decode_from(scale::Reader& in) {
    const ByteView before = in.rest();
    const auto index = static_cast<std::uint8_t>(in.little_endian(1));
    const bool known = runtime::Pallets::with(index, [&]<class P>(std::type_identity<P>) {
        if constexpr (std::variant_size_v<typename P::Event> != 0) {
            typename P::Event event;
            scale::decode(in, event);
        } else {
            in.fail(scale::Error::BadVariant);
        }
    });
    if (!known) in.fail(scale::Error::BadVariant);
    encoded = in.error() ? Bytes{} : chain::to_bytes(before.first(before.size() - in.left()));
}

}  // namespace frame
