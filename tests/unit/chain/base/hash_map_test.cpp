#include "chain/base/hash_map.hpp"

#include <catch2/catch.hpp>

using chain::first_half;
using chain::Hash;
using chain::HashMap;

namespace {

/// Two hashes with the same `half` begin alike.
Hash hash(std::uint8_t half, std::uint8_t rest = 0) {
    Hash out;
    out.value.front() = half;
    out.value.back() = rest;
    return out;
}

}  // namespace

TEST_CASE("a hash map finds what was put in until it is taken out") {
    HashMap<int> map;
    CHECK(map.insert(hash(1), 10));
    CHECK(map.insert(hash(2), 20));
    CHECK_FALSE(map.insert(hash(1), 11));
    CHECK(map.size() == 2);
    REQUIRE(map.find(hash(1)));
    CHECK(*map.find(hash(1)) == 10);
    CHECK(map.find(hash(3)) == nullptr);
    *map.find(hash(2)) = 21;
    CHECK(map.take(hash(2)) == 21);
    CHECK(map.take(hash(2)) == std::nullopt);
    CHECK_FALSE(map.contains(hash(2)));
    CHECK(map.erase(hash(1)));
    CHECK_FALSE(map.erase(hash(1)));
    CHECK(map.empty());
}

TEST_CASE("hashes that begin alike are entries of their own, and their beginning names neither") {
    HashMap<int> map;
    map.insert(hash(1, 1), 11);
    REQUIRE(map.find_only(first_half(hash(1))));
    CHECK(*map.find_only(first_half(hash(1))) == 11);
    CHECK(map.insert(hash(1, 2), 12));
    CHECK(map.count(first_half(hash(1))) == 2);
    CHECK(map.find_only(first_half(hash(1))) == nullptr);
    CHECK(*map.find(hash(1, 1)) == 11);
    CHECK(*map.find(hash(1, 2)) == 12);
    CHECK(map.take(hash(1, 1)) == 11);
    CHECK(*map.find_only(first_half(hash(1))) == 12);
    CHECK(map.find_only(first_half(hash(2))) == nullptr);
}

TEST_CASE("entries stay where they are while others come and go") {
    HashMap<int> map;
    map.insert(hash(0), 0);
    const int* first = map.find(hash(0));
    for (std::uint8_t i = 1; i < 250; ++i) map.insert(hash(i), i);
    for (std::uint8_t i = 1; i < 100; ++i) map.erase(hash(i));
    CHECK(map.find(hash(0)) == first);
    CHECK(map.size() == 151);
}
