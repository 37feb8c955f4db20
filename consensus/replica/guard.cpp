#include "consensus/replica/guard.hpp"

#include <algorithm>

namespace consensus {

void Guard::view_ended(effect::Outcome outcome) {
    if (outcome != effect::Outcome::Overtaken) ++views_heard_;
}

void Guard::heard_ourselves(std::uint64_t now_ms) {
    ends_ms_ = now_ms + length_ms_;
    views_heard_ = 0;
    has_heard_ourselves_ = true;
}

void Guard::claim(std::uint32_t validator, std::uint64_t view) {
    std::uint64_t& highest = claims_[validator];
    highest = std::max(highest, view);
}

std::uint64_t Guard::credible(const votes::ValidatorTable& table) const {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> by_view;  // view, weight
    for (const auto& [validator, view] : claims_)
        if (validator < table.size()) by_view.emplace_back(view, table[validator].weight);
    std::ranges::sort(by_view, std::greater{});
    chain::u128 weight = 0;
    for (const auto& [view, more] : by_view) {
        weight += more;
        if (weight * 3 >= table.total()) return view;
    }
    return 0;
}

bool Guard::is_reassured(const votes::ValidatorTable& table, std::uint32_t me, std::uint64_t remembered) const {
    chain::u128 weight = table[me].weight;
    for (const auto& [validator, view] : claims_)
        if (validator < table.size() && validator != me && view <= remembered) weight += table[validator].weight;
    return weight >= table.quorum();
}

void Guard::reassured(std::uint64_t now_ms) {
    if (!has_heard_ourselves_) ends_ms_ = std::min(ends_ms_, now_ms + reassured_ms);
}

}  // namespace consensus
