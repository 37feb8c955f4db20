#include "genesis/builder/amount.hpp"

#include <catch2/catch.hpp>

using chain::tph;
using genesis::parse_amount;

TEST_CASE("amounts are whole tokens, fractions of one, or base units") {
    CHECK(parse_amount("1000 TPH") == 1'000 * chain::Balance{tph});
    CHECK(parse_amount("0.25 TPH") == chain::Balance{tph} / 4);
    CHECK(parse_amount("1.000000000000000001 TPH") == chain::Balance{tph} + 1);
    CHECK(parse_amount("0 TPH") == chain::Balance{0});
    CHECK(parse_amount("250000") == chain::Balance{250'000});
    CHECK(parse_amount("340282366920938463463374607431768211455") == chain::u128_max);
    CHECK(parse_amount("340282366920938463463.374607431768211455 TPH") == chain::u128_max);
}

TEST_CASE("what is no amount is refused") {
    for (const auto* text : {"",
                             " ",
                             "TPH",
                             " TPH",
                             "1000TPH",
                             "1000 tph",
                             "1000  TPH",
                             "-1 TPH",
                             "+1",
                             "1e3",
                             "1,000 TPH",
                             "1. TPH",
                             ".5 TPH",
                             "0.5",
                             "0.0000000000000000001 TPH",
                             "0x10",
                             "1.-5 TPH",
                             "340282366920938463463374607431768211456",
                             "340282366920938463464 TPH",
                             "340282366920938463463.374607431768211456 TPH"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_amount(text).has_value());
    }
}
