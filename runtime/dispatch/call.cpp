#include "runtime/dispatch/call.hpp"

#include "runtime/dispatch/seats.hpp"

namespace runtime {

using chain::Bytes;
using chain::ByteView;
using frame::DispatchInfo;

namespace {

/// Reads one call; null and an error in `in` where there is none.
AnyCall read_call(scale::Reader& in) {
    AnyCall out;
    if (!in.enter()) return out;
    const auto index = static_cast<std::uint8_t>(in.little_endian(1));
    Seats::with(index, [&]<class S>(std::type_identity<S>) { out = read_call_of<S>(in); });
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
    const bool known = runtime::Seats::with(index, [&]<class P>(std::type_identity<P>) {
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
