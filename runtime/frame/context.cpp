#include "runtime/frame/context.hpp"

namespace frame {

chain::Result<AccountId, DispatchError> ensure_signed(const Context& context) {
    if (const auto* by = std::get_if<Signed>(&context.origin)) return by->account;
    return std::unexpected{failure::BadOrigin{}};
}

DispatchResult ensure_root(const Context& context) {
    if (!std::holds_alternative<Root>(context.origin)) return std::unexpected{failure::BadOrigin{}};
    return {};
}

DispatchResult ensure_none(const Context& context) {
    if (!std::holds_alternative<None>(context.origin)) return std::unexpected{failure::BadOrigin{}};
    return {};
}

}  // namespace frame
