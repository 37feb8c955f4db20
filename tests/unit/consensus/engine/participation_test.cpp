#include "consensus/engine/participation.hpp"

#include <catch2/catch.hpp>

using namespace consensus;

namespace {

effect::ViewEnded ended(std::uint64_t view, std::uint32_t leader, effect::Outcome outcome) {
    return {.view = view, .leader = leader, .outcome = outcome};
}

std::vector<ValidatorReport> active(std::uint64_t first, std::uint64_t second) {
    return {{.last_active = first}, {.last_active = second}};
}

}  // namespace

TEST_CASE("votes count until the next view has ended, led views by their outcome") {
    Participation participation;
    participation.begin(2);
    participation.note(ended(1, 0, effect::Outcome::Notarized), active(1, 0));
    participation.note(ended(2, 1, effect::Outcome::Nullified), active(2, 0));
    participation.note(ended(3, 0, effect::Outcome::Overtaken), active(2, 1));

    CHECK(participation.views() == 3);
    CHECK(participation.rows() ==
          std::vector<ParticipationRow>{{.voted = 3, .led = 2, .missed = 0}, {.voted = 1, .led = 1, .missed = 1}});
}

TEST_CASE("the oldest views are forgotten") {
    Participation participation;
    participation.begin(2);
    for (std::uint64_t view = 1; view <= Participation::views_max; ++view)
        participation.note(ended(view, 1, effect::Outcome::Nullified), active(view, 0));
    for (std::uint64_t view = 1'001; view <= 1'010; ++view)
        participation.note(ended(view, 0, effect::Outcome::Notarized), active(0, view));

    CHECK(participation.views() == Participation::views_max);
    CHECK(participation.rows()[0] == ParticipationRow{.voted = 990, .led = 10, .missed = 0});
    CHECK(participation.rows()[1] == ParticipationRow{.voted = 10, .led = 990, .missed = 990});
    participation.begin(3);
    CHECK(participation.views() == 0);
    CHECK(participation.rows().size() == 3);
}
