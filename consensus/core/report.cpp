#include "consensus/core/machine.hpp"

#include <fmt/format.h>

#include <tuple>

namespace consensus {

ViewReport Core::Machine::report() const {
    const View* view = views_.find(view_);
    ViewReport out{.epoch = epoch_.epoch,
                   .view = view_,
                   .leader = deck_.leader(view_),
                   .entered_at_ms = entered_at_,
                   .timers_since_ms = timers_since_ == never ? std::nullopt : std::optional{timers_since_},
                   .backoff_views = view_ - std::max(floor_, std::min(backoff_base_, view_)),
                   .floor_view = floor_,
                   .durable_view = durable_.view,
                   .durable_number = durable_.number,
                   .has_proposal = view != nullptr && view->proposal != View::none,
                   .is_ended = is_ended_};
    for (std::uint32_t i = 0; i < peers_.validators(); ++i) {
        const ValidatorState& state = peers_.validator(i);
        ValidatorReport& said = out.validators.emplace_back();
        said.last_active = state.last_active;
        said.is_connected = state.is_reporting || i == config_.me;
        if (view == nullptr || view->slots.empty()) continue;
        const auto has = [&](Kind kind) {
            const auto slot = view->slots[index(kind) * peers_.validators() + i].state;
            return slot != Slot::State::Empty && slot != Slot::State::Refuted;
        };
        said.notarized = has(Kind::Notarize);
        said.nullified = has(Kind::Nullify);
        said.finalized = has(Kind::Finalize);
    }
    std::tie(out.waits, out.waits_for) = waits_for();
    return out;
}

std::pair<Waits, std::string> Core::Machine::waits_for() const {
    if (is_ended_) return {Waits::NextEpoch, "nothing: the epoch is over"};
    const View* view = views_.find(view_);
    if (timers_since_ == never) return {Waits::Work, "work: the view is idle"};
    if (view == nullptr) return {Waits::Proposal, "its first message"};
    const auto silent = [&](Kind kind) {
        std::string out;
        for (std::uint32_t i = 0; i < peers_.validators() && !view->slots.empty(); ++i)
            if (view->slots[index(kind) * peers_.validators() + i].state == Slot::State::Empty)
                out += fmt::format("{}{}", out.empty() ? "" : ", ", i);
        return out;
    };
    if (view->did(Kind::Nullify))
        return {Waits::Nullifies, fmt::format("nullifies of validators {}", silent(Kind::Nullify))};
    if (leads(view_) && is_building_) return {Waits::Build, "the block that I am building"};
    if (leads(view_) && view->proposal == View::none)
        return {Waits::Parent, "the parent of my proposal: its certificate or its execution"};
    if (view->proposal == View::none)
        return {Waits::Proposal, fmt::format("the proposal of validator {}", view->leader)};
    const Content& content = view->contents[static_cast<std::size_t>(view->proposal)];
    if (!certified_tip(content.parent_view))
        return {Waits::Parent, fmt::format("the block of view {}, parent of this one", content.parent_view)};
    if (content.check == Content::Check::Waiting) return {Waits::Time, "the time that the proposal bears"};
    if (content.check == Content::Check::Asked) return {Waits::Check, "the check of the proposal"};
    if (!view->did(Kind::Notarize) && !view->has(Kind::Notarize) && config_.me)
        return {Waits::Proofs, "nullifications of the views that the proposal skips"};
    if (!view->has(Kind::Notarize))
        return {Waits::Notarizes, fmt::format("notarizes of validators {}", silent(Kind::Notarize))};
    if (content.is_held) return {Waits::Execution, "the execution of the block"};
    return {Waits::Block, "the block, which a quorum has and this node has not"};
}

Footprint Core::Machine::footprint() const {
    Footprint out{.views = views_.end() - views_.base(), .batches = batches_.size(), .peers = peers_.count()};
    for (std::uint64_t u = views_.base(); u < views_.end(); ++u) {
        const View* view = views_.find(u);
        if (view == nullptr) continue;
        for (const Slot& slot : view->slots) out.slots += slot.state != Slot::State::Empty;
        for (const Content& content : view->contents) out.payloads += content.payload != nullptr;
    }
    return out;
}

}  // namespace consensus
