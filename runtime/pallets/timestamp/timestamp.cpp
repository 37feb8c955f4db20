#include "runtime/pallets/timestamp/timestamp.hpp"

#include "chain/base/check.hpp"

#include <algorithm>

namespace timestamp {

constinit const Storage storage = frame::declare_storage<Storage>(name);

frame::DispatchResult Set::operator()(frame::Context& context) const {
    TRY_VOID(frame::ensure_none(context));
    if (storage.did_update.get(context.state)) return std::unexpected{Error::AlreadySet};
    const std::uint64_t before = storage.now.get(context.state);
    if (now.value <= before) return std::unexpected{Error::NotLater};

    storage.now.put(context.state, now.value);
    storage.did_update.put(context.state, true);
    storage.live_now.update(context.state, [&](std::uint64_t& live) {
        live = chain::saturating_add(live, std::min(now.value - before, constants.max_live_step.value));
    });
    return {};
}

frame::Weight Pallet::on_initialize(frame::Context&) { return weights::finalize; }

void Pallet::on_finalize(frame::Context& context) {
    chain::check(storage.did_update.get(context.state));
    storage.did_update.remove(context.state);
}

}  // namespace timestamp
