#include "chain/pool/bans.hpp"

#include <catch2/catch.hpp>

namespace {

chain::Hash hash(std::uint8_t n) {
    chain::Hash out;
    out.value[0] = n;
    return out;
}

}  // namespace

TEST_CASE("a ban ends after its time") {
    pool::Bans bans{100, 10};
    bans.add(hash(1), 1'000);
    CHECK(bans.contains(hash(1), 1'099));
    CHECK_FALSE(bans.contains(hash(1), 1'100));
    CHECK_FALSE(bans.contains(hash(2), 1'000));
    bans.expire(1'100);
    CHECK(bans.size() == 0);
}

TEST_CASE("banning again does not prolong a ban") {
    pool::Bans bans{100, 10};
    bans.add(hash(1), 1'000);
    bans.add(hash(1), 1'050);
    CHECK(bans.size() == 1);
    CHECK_FALSE(bans.contains(hash(1), 1'100));
}

TEST_CASE("the oldest ban makes room") {
    pool::Bans bans{100, 2};
    bans.add(hash(1), 1'000);
    bans.add(hash(2), 1'001);
    bans.add(hash(3), 1'002);
    CHECK(bans.size() == 2);
    CHECK_FALSE(bans.contains(hash(1), 1'003));
    CHECK(bans.contains(hash(2), 1'003));
    CHECK(bans.contains(hash(3), 1'003));
}

TEST_CASE("no room for bans means no bans") {
    pool::Bans bans{100, 0};
    bans.add(hash(1), 1'000);
    CHECK(bans.size() == 0);
}
