#pragma once
// Listening before the first signature (A2). Memory of what was signed may be lost: to a damaged disk, to a restored
// backup, to a second machine with the same key. Whoever starts therefore listens until two views have ended, or for a
// while, without a sign of a vote that he does not remember; what he hears counts as signed. Where validators that are
// a quorum with himself have told him up to where they heard him, and none of them heard more than he remembers, there
// is little left to hear, and the while is short.
//
// It is an upper limit, never a wait for others: a quorum that starts together must not wait for itself.

#include "consensus/core/effect.hpp"
#include "consensus/safety/watermark.hpp"

#include <map>

namespace consensus {

class Guard {
public:
    static constexpr std::uint64_t views_heard_enough = 2;
    /// For what is on its way: a second machine's vote reaches a quorum and us in about the same time.
    static constexpr std::uint64_t reassured_ms = 500;

    Guard(std::uint64_t now_ms, std::uint64_t length_ms) : length_ms_(length_ms), ends_ms_(now_ms + length_ms) {}

    std::uint64_t ends_ms() const { return ends_ms_; }
    bool is_over(std::uint64_t now_ms) const { return now_ms >= ends_ms_ || views_heard_ >= views_heard_enough; }

    /// A view that others ended without us counts as heard; one that we were told of afterwards does not.
    void view_ended(effect::Outcome outcome);
    /// Somebody voted with our key beyond what we remember: listen anew, and for the whole while.
    void heard_ourselves(std::uint64_t now_ms);
    /// A validator says up to where it saw votes of our key. Nobody has to prove that, so `credible` takes what more
    /// than the faulty say: the highest view that a third of the weight claims or exceeds.
    void claim(std::uint32_t validator, std::uint64_t view);
    std::uint64_t credible(const votes::ValidatorTable& table) const;
    /// Whether those who claim no view above `remembered` are a quorum together with `me`.
    bool is_reassured(const votes::ValidatorTable& table, std::uint32_t me, std::uint64_t remembered) const;
    /// They are: listen for `reassured_ms` more at most.
    void reassured(std::uint64_t now_ms);
    /// Claims are about one epoch.
    void forget_claims() { claims_.clear(); }

private:
    std::uint64_t length_ms_;
    std::uint64_t ends_ms_;
    std::uint64_t views_heard_ = 0;
    bool has_heard_ourselves_ = false;
    std::map<std::uint32_t, std::uint64_t> claims_;
};

}  // namespace consensus
