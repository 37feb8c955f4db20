#include "consensus/types/epoch.hpp"

#include <catch2/catch.hpp>

using namespace consensus;

TEST_CASE("the boundary block is the last of the epoch's length, and an endless epoch has none in reach") {
    const votes::ValidatorTable table{{{.weight = 1}}};
    CHECK(EpochInfo{.table = table, .root = {.number = 1'200}, .length = 1'200}.boundary() == 2'400);
    CHECK(EpochInfo{.table = table, .root = {.number = 5}, .length = 0}.boundary() == UINT32_MAX);
}
