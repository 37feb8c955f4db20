#include "chain/execution/weight.hpp"

#include <catch2/catch.hpp>

using namespace chain;

TEST_CASE("weights add in both parts and stop at the largest value") {
    CHECK(Weight{1, 2} + Weight{10, 20} == Weight{11, 22});
    CHECK(Weight{~0ULL, 0} + Weight{1, 1} == Weight{~0ULL, 1});
}

TEST_CASE("a weight fits only when both of its parts do") {
    CHECK(fits({5, 5}, {5, 5}));
    CHECK_FALSE(fits({6, 5}, {5, 5}));
    CHECK_FALSE(fits({5, 6}, {5, 5}));
}
