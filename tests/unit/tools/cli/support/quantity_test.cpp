#include "tools/cli/support/quantity.hpp"

#include <catch2/catch.hpp>

using namespace cli;
using chain::tph;

TEST_CASE("amounts are exact both ways") {
    CHECK(parse_amount("2.5").value() == 5 * tph / 2);
    CHECK(parse_amount("2.5 TPH").value() == 5 * tph / 2);
    CHECK(parse_amount("1_000tph").value() == 1'000 * tph);
    CHECK(parse_amount("0.000000000000000001").value() == 1);
    CHECK(parse_amount("15 units").value() == 15);
    CHECK(format_amount(5 * tph / 2) == "2.5 TPH");
    CHECK(format_amount(1) == "0.000000000000000001 TPH");
    CHECK(format_amount(0) == "0 TPH");
    CHECK(format_tph(1'000 * tph) == "1000");
    CHECK(parse_amount(format_amount(chain::u128_max)).value() == chain::u128_max);
}

TEST_CASE("what is no amount is refused, never rounded") {
    for (const char* text : {"", "-1", "1.", "1,5", "0.0000000000000000001", "abc", "1.5 units", "TPH", "1e3",
                             "340282366920938463463374607431768211456 units"})
        CHECK_FALSE(parse_amount(text));
}

TEST_CASE("durations") {
    CHECK(parse_duration("90s").value() == 90'000);
    CHECK(parse_duration("1h30m").value() == 5'400'000);
    CHECK(parse_duration("500ms").value() == 500);
    CHECK(parse_duration("1.5h").value() == 5'400'000);
    CHECK(parse_duration("60d").value() == 60ULL * 86'400'000);
    for (const char* text : {"", "5", "h", "0s", "5x", "5 minutes", "99999999999999999999d", "-5s"})
        CHECK_FALSE(parse_duration(text));
    CHECK(format_duration(5'400'000) == "1h 30m");
    CHECK(format_duration(12'345) == "12.3s");
    CHECK(format_duration(90'000) == "1m 30s");
}

TEST_CASE("sizes and cores") {
    CHECK(parse_size("512M").value() == 512ULL << 20);
    CHECK(parse_size("1.5GiB").value() == 3ULL << 29);
    CHECK(parse_size("1000").value() == 1'000);
    CHECK(parse_size("2TB").value() == 2ULL << 40);
    for (const char* text : {"", "M", "1X", "-1", "99999999999T"}) CHECK_FALSE(parse_size(text));
    CHECK(format_size(3ULL << 29) == "1.5 GiB");
    CHECK(format_size(1'000) == "1000 B");
    CHECK(parse_cores("0.5").value() == 500);
    CHECK(parse_cores("2").value() == 2'000);
    CHECK(parse_cores("250m").value() == 250);
    for (const char* text : {"", "0", "x", "0.0001"}) CHECK_FALSE(parse_cores(text));
}
