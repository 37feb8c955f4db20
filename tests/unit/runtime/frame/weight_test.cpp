#include "runtime/frame/weight.hpp"

#include <catch2/catch.hpp>

using frame::Weight;

TEST_CASE("weights add and subtract without leaving their range") {
    constexpr Weight most{~std::uint64_t{0}, ~std::uint64_t{0}};
    CHECK(Weight{1, 2} + Weight{3, 4} == Weight{4, 6});
    CHECK(most + Weight{1, 1} == most);
    CHECK(Weight{1, 5} - Weight{2, 3} == Weight{0, 2});
    CHECK(Weight{2, 3} * 4 == Weight{8, 12});
    CHECK(most * 2 == most);
}

TEST_CASE("a weight fits only in both dimensions") {
    CHECK(frame::fits({1, 1}, {1, 1}));
    CHECK_FALSE(frame::fits({2, 0}, {1, 1}));
    CHECK_FALSE(frame::fits({0, 2}, {1, 1}));
}

TEST_CASE("a weight is two compact numbers on the wire") {
    CHECK(scale::encode(Weight{1, 64}) == chain::Bytes{4, 1, 1});
    CHECK(scale::decode<Weight>(chain::Bytes{4, 1, 1}) == Weight{1, 64});
}
