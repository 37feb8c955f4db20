#include "consensus/core/deck.hpp"

#include <catch2/catch.hpp>

#include <numeric>

using namespace consensus;
using chain::Hash;

namespace {

votes::ValidatorTable weights(std::vector<std::uint64_t> all) {
    std::vector<votes::Validator> validators;
    for (const auto weight : all) validators.push_back({.weight = weight});
    return votes::ValidatorTable{std::move(validators)};
}

std::vector<std::uint32_t> turns(const Deck& deck, std::size_t validators, std::uint64_t from) {
    std::vector<std::uint32_t> out(validators);
    for (std::uint64_t view = from; view < from + Deck::cards; ++view) ++out[deck.leader(view)];
    return out;
}

}  // namespace

TEST_CASE("everybody gets one card, the rest goes by weight, what is left over by remainder and then by index") {
    CHECK(Deck::deal(weights({7})) == std::vector<std::uint32_t>{1'024});
    CHECK(Deck::deal(weights({1, 1, 1, 1})) == std::vector<std::uint32_t>{256, 256, 256, 256});
    // 1,021 cards by thirds: 340 each and one over, to the lowest index of equal remainders.
    CHECK(Deck::deal(weights({5, 5, 5})) == std::vector<std::uint32_t>{342, 341, 341});
    // 1,022 cards: 255.5 and 766.5.
    CHECK(Deck::deal(weights({1, 3})) == std::vector<std::uint32_t>{257, 767});
    CHECK(Deck::deal(weights({1, 1'000'000'000})) == std::vector<std::uint32_t>{1, 1'023});
}

TEST_CASE("a full deck of validators leads once each") {
    const auto dealt = Deck::deal(weights(std::vector<std::uint64_t>(Deck::cards, 9)));
    CHECK(dealt == std::vector<std::uint32_t>(Deck::cards, 1));
}

TEST_CASE("the largest weights do not overflow the deal") {
    const auto dealt = Deck::deal(weights({UINT64_MAX, UINT64_MAX, 1}));
    CHECK(std::accumulate(dealt.begin(), dealt.end(), 0U) == Deck::cards);
    CHECK(dealt[2] == 1);
}

TEST_CASE("within a round everybody leads exactly as often as he was dealt cards, in every round") {
    const auto table = weights({10, 20, 30, 40});
    const Deck deck{table, Hash{{3}}};
    for (const std::uint64_t round : {0, 1, 2, 7}) CHECK(turns(deck, 4, round * Deck::cards) == Deck::deal(table));
}

TEST_CASE("the order is a function of seed and round, whatever was asked before") {
    const auto table = weights({1, 1, 1, 1});
    const Deck deck{table, Hash{{3}}};
    const Deck same{table, Hash{{3}}};
    const Deck other{table, Hash{{4}}};
    std::vector<std::uint32_t> forwards, backwards, elsewhere, next_round;
    for (std::uint64_t view = 0; view < 64; ++view) {
        forwards.push_back(deck.leader(view));
        elsewhere.push_back(other.leader(view));
        next_round.push_back(deck.leader(view + Deck::cards));
    }
    same.leader(5 * Deck::cards);
    for (std::uint64_t view = 64; view-- > 0;) backwards.insert(backwards.begin(), same.leader(view));
    CHECK(forwards == backwards);
    CHECK(forwards != elsewhere);
    CHECK(forwards != next_round);
}

// The expected order was computed by another program (Python, hashlib) from the description in deck.hpp.
TEST_CASE("the shuffle is fixed for good: leaders of a known seed") {
    const Deck deck{weights({1, 2, 3, 4}), Hash{{1, 2, 3}}};
    std::vector<std::uint32_t> first;
    for (std::uint64_t view = 1; view <= 16; ++view) first.push_back(deck.leader(view));
    CHECK(first == std::vector<std::uint32_t>{3, 3, 1, 1, 1, 1, 2, 3, 0, 2, 2, 3, 3, 3, 3, 3});
}
