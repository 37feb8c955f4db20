#include "runtime/pallets/system/system.hpp"

namespace frame_system {

constinit const Storage storage = frame::declare_storage<Storage>(name);

frame::DispatchResult Remark::operator()(frame::Context& context) const {
    // Anybody may, the chain itself included, but an inherent has no business here.
    if (std::holds_alternative<frame::None>(context.origin)) return std::unexpected{frame::failure::BadOrigin{}};
    return {};
}

frame::DispatchResult RemarkWithEvent::operator()(frame::Context& context) const {
    TRY(const AccountId sender, frame::ensure_signed(context));
    context.emit(Remarked{.sender = sender, .hash = crypto::blake2b_256(remark.value)});
    return {};
}

}  // namespace frame_system
