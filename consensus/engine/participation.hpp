#pragma once
// Who took part in the last thousand views. Pure.

#include "consensus/core/effect.hpp"
#include "consensus/core/report.hpp"

#include <cstdint>
#include <deque>
#include <vector>

namespace consensus {

/// One validator over the views that are remembered.
struct ParticipationRow {
    std::uint64_t voted = 0;   ///< views with a vote of it, heard before the view after it ended
    std::uint64_t led = 0;     ///< views that it led
    std::uint64_t missed = 0;  ///< of these, views that did not end with its block
    bool operator==(const ParticipationRow&) const = default;
};

class Participation {
public:
    static constexpr std::size_t views_max = 1'000;

    /// A new epoch's table: indices mean other validators, and counting begins anew.
    void begin(std::size_t validators);
    /// A view has ended; `validators` as heard so far. A vote that comes a view late still counts: certificates need
    /// only the fastest two thirds.
    void note(const effect::ViewEnded& ended, const std::vector<ValidatorReport>& validators);

    std::uint64_t views() const { return views_.size(); }
    const std::vector<ParticipationRow>& rows() const { return rows_; }

private:
    struct View {
        std::uint32_t leader = 0;
        bool is_missed = false;
        std::vector<bool> voted;
    };
    void count(const View& view, std::uint64_t one);

    std::deque<View> views_;
    std::vector<ParticipationRow> rows_;
};

}  // namespace consensus
