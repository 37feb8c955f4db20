#include "chain/trie/trie.hpp"

#include "tests/support/json_file.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace chain;
using trie::StateVersion;

namespace {

std::vector<std::pair<Bytes, Bytes>> entries_of(const boost::json::value& trie) {
    std::vector<std::pair<Bytes, Bytes>> entries;
    for (const auto& entry : trie.at("entries").as_array())
        entries.emplace_back(tests::bytes(entry.at(0)), tests::bytes(entry.at(1)));
    std::ranges::sort(entries);
    return entries;
}

}  // namespace

TEST_CASE("every trie of the reference implementation has its root in both state versions") {
    const auto vectors = tests::json_file("tests/vectors/trie.json");
    CHECK(tests::hash(vectors.at("emptyRoot")) == trie::empty_root);
    std::size_t roots = 0;
    for (const auto& trie : vectors.at("cases").as_array()) {
        const auto entries = entries_of(trie);
        CHECK(to_hex(trie::root(entries, StateVersion::V0)) == tests::text(trie.at("v0")));
        CHECK(to_hex(trie::root(entries, StateVersion::V1)) == tests::text(trie.at("v1")));
        roots += 2;
    }
    CHECK(roots == 142);
}

TEST_CASE("an ordered root takes its keys from the positions, and the old layout") {
    const auto vectors = tests::json_file("tests/vectors/trie.json");
    for (const auto& list : vectors.at("ordered").as_array()) {
        std::vector<Bytes> values;
        for (const auto& extrinsic : list.at("extrinsics").as_array()) values.push_back(tests::bytes(extrinsic));
        CHECK(to_hex(trie::ordered_root(values)) == tests::text(list.at("v0")));
    }
    CHECK(trie::ordered_root({}) == trie::empty_root);
    const std::vector<Bytes> long_value{Bytes(100, 7)};
    const std::vector<std::pair<Bytes, Bytes>> same{{Bytes{0}, Bytes(100, 7)}};
    CHECK(trie::ordered_root(long_value) == trie::root(same, StateVersion::V0));
    CHECK(trie::ordered_root(long_value) != trie::root(same, StateVersion::V1));
}

TEST_CASE("an empty value is not an absent one") {
    const std::vector<std::pair<Bytes, Bytes>> one{{to_bytes("a"), to_bytes("b")}};
    const std::vector<std::pair<Bytes, Bytes>> two{{to_bytes("a"), to_bytes("b")}, {to_bytes("c"), {}}};
    CHECK(trie::root(one, StateVersion::V1) != trie::root(two, StateVersion::V1));
}
