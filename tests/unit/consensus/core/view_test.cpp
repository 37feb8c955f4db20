#include "consensus/core/view.hpp"

#include <catch2/catch.hpp>

using namespace consensus;

namespace {

const votes::ValidatorTable table{{{.weight = 1}, {.weight = 1}, {.weight = 1}, {.weight = 1}}};
const Deck deck{table, Hash{}};

}  // namespace

TEST_CASE("views are made when asked for, with their leader and a slot per validator and kind") {
    Views views{4, deck};
    CHECK(views.find(0) == nullptr);
    CHECK(views.find(5) == nullptr);
    View& view = views.at(5);
    CHECK(view.number == 5);
    CHECK(view.leader == deck.leader(5));
    CHECK(view.slots.size() == 12);
    CHECK(views.find(4) == nullptr);
    CHECK(views.end() == 6);
}

TEST_CASE("what is pruned is gone, and its memory comes back clean") {
    Views views{4, deck};
    View& old = views.at(1);
    old.content(0, Hash{{1}});
    old.slot(Kind::Finalize, 3).state = Slot::State::Verified;
    old.mine[0] = Mine::Cast;
    old.certified = 0;
    views.prune_below(2);
    CHECK(views.find(1) == nullptr);
    const View& fresh = views.at(2);
    CHECK(fresh.contents.empty());
    CHECK(fresh.mine[0] == Mine::None);
    CHECK(fresh.certified == View::none);
    CHECK(fresh.slots.size() == 12);
    for (const Slot& slot : fresh.slots) CHECK(slot.state == Slot::State::Empty);
    views.prune_below(1'000'000);
    CHECK(views.base() == 1'000'000);
    CHECK(views.end() == 1'000'000);
}

TEST_CASE("a compacted view keeps certificates and flags, not votes and blocks") {
    Views views{4, deck};
    View& view = views.at(1);
    view.contents[view.content(0, Hash{{1}})].payload = std::make_shared<const Bytes>(Bytes{1});
    view.mine[index(Kind::Nullify)] = Mine::Cast;
    view.certificates[index(Kind::Nullify)] = std::make_shared<const votes::Certificate>();
    views.compact(1);
    CHECK(view.slots.empty());
    CHECK(view.contents[0].payload == nullptr);
    CHECK(view.did(Kind::Nullify));
    CHECK(view.has(Kind::Nullify));
}

TEST_CASE("the same parent and block are one content; another of either is another") {
    View view;
    CHECK(view.content(1, Hash{{1}}) == 0);
    CHECK(view.content(1, Hash{{2}}) == 1);
    CHECK(view.content(2, Hash{{1}}) == 2);
    CHECK(view.content(1, Hash{{2}}) == 1);
}
