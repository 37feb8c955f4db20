#include "runtime/pallets/utility/utility.hpp"

#include "runtime/pallets/utility/weights.hpp"

namespace utility {

namespace {

/// Runs one call as whoever runs the batch, and passes on what it did not use.
frame::DispatchResult run(frame::Context& context, const frame::Call& call) {
    frame::Context inner = context.on_behalf_of(context.origin);
    auto result = frame::dispatch(inner, call);
    context.unused += inner.unused;
    return result;
}

frame::DispatchResult ensure_may_batch(const frame::Context& context, const std::vector<frame::Call>& calls) {
    if (std::holds_alternative<frame::None>(context.origin)) return std::unexpected{frame::failure::BadOrigin{}};
    if (calls.size() > batched_calls_limit) return std::unexpected{Error::TooManyCalls};
    return {};
}

/// Gives back the weight of the calls from `first` on: they never ran.
void give_back(frame::Context& context, const std::vector<frame::Call>& calls, std::size_t first) {
    for (std::size_t i = first; i < calls.size(); ++i) context.unused += frame::info_of(calls[i]).weight;
}

}  // namespace

frame::Weight batch_weight(const std::vector<frame::Call>& calls) {
    frame::Weight sum = weights::batch(calls.size());
    for (const auto& call : calls) sum += frame::info_of(call).weight;
    return sum;
}

frame::DispatchResult Batch::operator()(frame::Context& context) const {
    TRY_VOID(ensure_may_batch(context, calls));
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (const auto result = run(context, calls[i]); !result) {
            context.emit(BatchInterrupted{.index_ = static_cast<std::uint32_t>(i), .error = result.error()});
            give_back(context, calls, i + 1);
            return {};
        }
        context.emit(ItemCompleted{});
    }
    context.emit(BatchCompleted{});
    return {};
}

frame::DispatchResult BatchAll::operator()(frame::Context& context) const {
    TRY_VOID(ensure_may_batch(context, calls));
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (auto result = run(context, calls[i]); !result) {
            give_back(context, calls, i + 1);
            return result;
        }
        context.emit(ItemCompleted{});
    }
    context.emit(BatchCompleted{});
    return {};
}

}  // namespace utility
