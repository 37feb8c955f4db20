#include "runtime/pallets/sudo/sudo.hpp"

namespace sudo {

constinit const Storage storage = frame::declare_storage<Storage>(name);

namespace {

frame::DispatchResult ensure_sudo(const frame::Context& context) {
    TRY(const AccountId signer, frame::ensure_signed(context));
    if (storage.key.get(context.state) != signer) return std::unexpected{Error::RequireSudo};
    return {};
}

frame::DispatchResult ensure_sudo_or_root(const frame::Context& context) {
    return frame::ensure_root(context) ? frame::DispatchResult{} : ensure_sudo(context);
}

/// Runs the call as `origin` and returns how it ended.
frame::DispatchOutcome run_as(frame::Context& context, frame::Origin origin, const frame::Call& call) {
    frame::Context inner = context.on_behalf_of(origin);
    auto result = frame::dispatch(inner, call);
    context.unused += inner.unused;
    context.pays = frame::Pays::No;
    return {std::move(result)};
}

}  // namespace

frame::DispatchResult Sudo::operator()(frame::Context& context) const {
    TRY_VOID(ensure_sudo(context));
    context.emit(Sudid{.sudo_result = run_as(context, frame::Root{}, call)});
    return {};
}

frame::DispatchResult SudoAs::operator()(frame::Context& context) const {
    TRY_VOID(ensure_sudo(context));
    context.emit(SudoAsDone{.sudo_result = run_as(context, frame::Signed{who}, call)});
    return {};
}

frame::DispatchResult SetKey::operator()(frame::Context& context) const {
    TRY_VOID(ensure_sudo_or_root(context));
    const auto old = storage.key.get(context.state);
    storage.key.put(context.state, new_);
    context.emit(KeyChanged{.old = old, .new_ = new_});
    context.pays = frame::Pays::No;
    return {};
}

frame::DispatchResult RemoveKey::operator()(frame::Context& context) const {
    TRY_VOID(ensure_sudo_or_root(context));
    storage.key.remove(context.state);
    context.emit(KeyRemoved{});
    context.pays = frame::Pays::No;
    return {};
}

}  // namespace sudo
