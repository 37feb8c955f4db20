#pragma once
// How a node answers those that lack final blocks: truly, or in one of the ways in which a peer can cheat or dawdle.

#include "chain/sync/serve.hpp"
#include "tests/simulation/event_queue.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace simulation {

enum class Serving : std::uint8_t {
    Truly,
    FalseBodies,   ///< a block's extrinsics are not those of its header
    FalseHeaders,  ///< from some block on another chain, well linked
    FalseProofs,   ///< that, with a certificate that nobody signed
    Withholding,   ///< says what it has, and never sends it
    Promising,     ///< says that it has a million blocks more, and that it will send them
    Stingy,        ///< one block an answer
    Slow,          ///< seconds late
    Unasked        ///< every answer twice
};
inline constexpr std::size_t servings = 9;

std::string_view name(Serving serving);

/// One answer, and how much later than an honest one it leaves.
struct Served {
    block_sync::Response response;
    Micros late_us = 0;
    /// The first block that is not what the chain has under its number; ~0 where all are.
    std::uint32_t false_from = ~std::uint32_t{0};
};

/// The last final block that it says it has.
std::uint32_t claim(Serving serving, const block_sync::Source& source);

/// What it sends, in this order; nothing where it does not answer.
std::vector<Served> serve(Serving serving, const block_sync::Source& source, const block_sync::Request& request,
                          Random& random);

}  // namespace simulation
