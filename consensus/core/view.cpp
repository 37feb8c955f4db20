#include "consensus/core/view.hpp"

namespace consensus {

std::uint16_t View::content(std::uint64_t parent_view, const Hash& block) {
    for (std::size_t i = 0; i < contents.size(); ++i)
        if (contents[i].is(parent_view, block)) return static_cast<std::uint16_t>(i);
    // Every validator names at most two contents here, every certificate one.
    chain::check(contents.size() < std::numeric_limits<std::uint16_t>::max());
    contents.push_back({.parent_view = parent_view, .block = block});
    return static_cast<std::uint16_t>(contents.size() - 1);
}

Tally& View::tally(Kind kind, std::uint16_t content) {
    if (kind == Kind::Nullify) return nullifies;
    return kind == Kind::Notarize ? contents[content].notarizes : contents[content].finalizes;
}

const votes::Statement* View::proved() const {
    if (has(Kind::Finalize)) return &certificate(Kind::Finalize)->statement;
    return has(Kind::Notarize) ? &certificate(Kind::Notarize)->statement : nullptr;
}

bool View::is_proved(const Content& content) const {
    const votes::Statement* statement = proved();
    return statement != nullptr && content.is(statement->parent_view, statement->block);
}

votes::Statement View::statement(Kind kind, std::uint64_t epoch, std::uint16_t content) const {
    votes::Statement out{.kind = kind, .epoch = epoch, .view = number};
    if (kind == Kind::Nullify) return out;
    out.parent_view = contents[content].parent_view;
    out.block = contents[content].block;
    return out;
}

View& Views::at(std::uint64_t view) {
    chain::check(view >= base_);
    while (view - base_ >= views_.size()) views_.emplace_back();
    auto& place = views_[view - base_];
    if (place) return *place;
    if (spare_.empty()) {
        place = std::make_unique<View>();
    } else {
        place = std::move(spare_.back());
        spare_.pop_back();
    }
    place->number = view;
    place->leader = deck_.leader(view);
    place->slots.resize(kinds * validators_);
    return *place;
}

void Views::prune_below(std::uint64_t view) {
    constexpr std::size_t spare_max = 8;
    while (base_ < view && !views_.empty()) {
        auto gone = std::move(views_.front());
        views_.pop_front();
        ++base_;
        if (!gone || spare_.size() == spare_max) continue;
        auto slots = std::move(gone->slots);
        auto contents = std::move(gone->contents);
        slots.clear();
        contents.clear();
        *gone = View{};
        gone->slots = std::move(slots);
        gone->contents = std::move(contents);
        spare_.push_back(std::move(gone));
    }
    base_ = std::max(base_, view);
}

void Views::compact(std::uint64_t view) {
    View* old = find(view);
    if (old == nullptr || old->slots.empty()) return;
    old->slots = {};
    for (Content& content : old->contents) content.payload = nullptr;
}

}  // namespace consensus
