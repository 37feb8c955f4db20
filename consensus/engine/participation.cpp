#include "consensus/engine/participation.hpp"

namespace consensus {

void Participation::begin(std::size_t validators) {
    views_.clear();
    rows_.assign(validators, {});
}

// `one` is 1 to count the view, and -1 modulo 2^64 to forget it.
void Participation::count(const View& view, std::uint64_t one) {
    if (view.leader < rows_.size()) {
        rows_[view.leader].led += one;
        if (view.is_missed) rows_[view.leader].missed += one;
    }
    for (std::size_t i = 0; i < view.voted.size() && i < rows_.size(); ++i)
        if (view.voted[i]) rows_[i].voted += one;
}

void Participation::note(const effect::ViewEnded& ended, const std::vector<ValidatorReport>& validators) {
    View view{.leader = ended.leader, .is_missed = ended.outcome == effect::Outcome::Nullified, .voted = {}};
    for (const ValidatorReport& validator : validators) view.voted.push_back(validator.last_active + 1 >= ended.view);
    count(view, 1);
    views_.push_back(std::move(view));
    if (views_.size() <= views_max) return;
    count(views_.front(), ~std::uint64_t{0});
    views_.pop_front();
}

}  // namespace consensus
