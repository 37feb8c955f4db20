#pragma once
// Who leads which view: a deck of 1,024 cards, dealt by weight and shuffled by the epoch's seed (consensus.md §1.11,
// A14). Within 1,024 views everybody leads exactly as often as the deal says; how often is known, when is not, two
// epochs ahead.

#include "chain/votes/vote.hpp"

#include <array>

namespace consensus {

/// The shuffle, exactly: key = BLAKE2b-256(seed ‖ round as u64); 32-bit little-endian numbers from SHA-256(key ‖ 0),
/// SHA-256(key ‖ 1), …, counters as u64; Fisher–Yates from the last card down, each draw by rejection. Cards lie in the
/// order of the table before it; view v takes card v mod 1,024.
class Deck {
public:
    static constexpr std::size_t cards = 1'024;

    /// At most `cards` validators, each of weight above 0.
    Deck(const votes::ValidatorTable& table, const chain::Hash& seed);

    /// The leader of a view. The deck is shuffled anew every 1,024 views; the shuffles of two such rounds are kept.
    std::uint32_t leader(std::uint64_t view) const;
    static std::uint64_t round(std::uint64_t view) { return view / cards; }

    /// Cards by validator: one each, the rest by largest remainder of weight, ties to the lower index.
    static std::vector<std::uint32_t> deal(const votes::ValidatorTable& table);

private:
    using Order = std::array<std::uint32_t, cards>;
    struct Shuffled {
        std::uint64_t round = 0;
        bool is_made = false;
        Order order{};
    };
    Order unshuffled_{};
    chain::Hash seed_;
    mutable std::array<Shuffled, 2> kept_;
};

}  // namespace consensus
