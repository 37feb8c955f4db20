#include "chain/state/trie_update.hpp"

#include "chain/state/memory_nodes.hpp"
#include "chain/trie/trie.hpp"
#include "tests/support/json_file.hpp"
#include "tests/support/random_state.hpp"

#include <catch2/catch.hpp>

using namespace chain;
using state::MapState;
using state::MemoryNodes;
using state::StateDiff;

namespace {

/// A state and its branches, kept in step.
struct Kept {
    MapState state;
    MemoryNodes nodes;
    Hash root = trie::empty_root;

    void apply(const StateDiff& diff) {
        auto update = state::update_trie(nodes, state, diff);
        root = update.root;
        nodes.apply(update.nodes);
        state.apply(diff);
    }
    Hash root_from_scratch() const { return trie::root(tests::entries_of(state), trie::StateVersion::V1); }
};

StateDiff as_diff(const MapState& state) { return {state.entries.begin(), state.entries.end()}; }

StateDiff put(std::initializer_list<std::pair<std::string_view, std::string_view>> entries) {
    StateDiff diff;
    for (const auto& [key, value] : entries) diff[to_bytes(key)] = to_bytes(value);
    return diff;
}

StateDiff removal(std::initializer_list<std::string_view> keys) {
    StateDiff diff;
    for (const auto& key : keys) diff[to_bytes(key)] = std::nullopt;
    return diff;
}

}  // namespace

TEST_CASE("an update from nothing gives every reference root of state version 1") {
    const auto vectors = tests::json_file("tests/vectors/trie.json");
    std::size_t count = 0;
    for (const auto& trie : vectors.at("cases").as_array()) {
        Kept kept;
        StateDiff diff;
        for (const auto& entry : trie.at("entries").as_array())
            diff[tests::bytes(entry.at(0))] = tests::bytes(entry.at(1));
        kept.apply(diff);
        CHECK(to_hex(kept.root) == tests::text(trie.at("v1")));
        // One key at a time, and back again the same way.
        Kept stepwise;
        for (const auto& [key, value] : diff) stepwise.apply({{key, value}});
        CHECK(to_hex(stepwise.root) == tests::text(trie.at("v1")));
        for (const auto& [key, value] : diff) {
            stepwise.apply({{key, std::nullopt}});
            REQUIRE(stepwise.root == stepwise.root_from_scratch());
        }
        CHECK(stepwise.root == trie::empty_root);
        CHECK(stepwise.nodes.size() == 0);
        ++count;
    }
    CHECK(count == 71);
}

TEST_CASE("an empty difference changes nothing, whatever the trie looks like") {
    Kept kept;
    kept.apply({});
    CHECK(kept.root == trie::empty_root);
    for (const auto& diff : {put({{"a", "1"}}), put({{"b", "2"}, {"bc", "3"}})}) {
        kept.apply(diff);
        const Hash before = kept.root;
        const auto update = state::update_trie(kept.nodes, kept.state, {});
        CHECK(update.root == before);
        CHECK(update.nodes.empty());
        CHECK(state::root_of(kept.nodes, kept.state) == before);
    }
}

TEST_CASE("removing keys that were never there changes no root and no branch") {
    Kept kept;
    kept.apply(put({{"aa", "1"}, {"ab", "2"}, {"abc", "3"}, {"b", "4"}}));
    const Hash before = kept.root;
    const std::size_t branches = kept.nodes.size();
    kept.apply(removal({"", "a", "aac", "abcd", "abd", "b0", "c", "\xff"}));
    CHECK(kept.root == before);
    CHECK(kept.nodes.size() == branches);
    CHECK(kept.root == kept.root_from_scratch());
}

TEST_CASE("a branch that loses its second entry gives way to what is left") {
    SECTION("a leaf that was not touched") {
        Kept kept;
        kept.apply(put({{"aa", "1"}, {"ab", "2"}}));
        REQUIRE(kept.nodes.size() == 1);
        kept.apply(removal({"aa"}));
        CHECK(kept.root == kept.root_from_scratch());
        CHECK(kept.nodes.size() == 0);
    }
    SECTION("its own value") {
        Kept kept;
        kept.apply(put({{"a", std::string(40, 'v')}, {"ab", "2"}}));
        kept.apply(removal({"ab"}));
        CHECK(kept.root == kept.root_from_scratch());
        CHECK(kept.nodes.size() == 0);
    }
    SECTION("a branch that was not touched moves up with its whole subtree") {
        Kept kept;
        kept.apply(put({{"aa", "1"}, {"zzzzz0", "2"}, {"zzzzz1", "3"}, {"zzzzz1x", "4"}, {"zzzzz1y", "5"}}));
        const std::size_t branches = kept.nodes.size();
        kept.apply(removal({"aa"}));
        CHECK(kept.root == kept.root_from_scratch());
        CHECK(kept.nodes.size() == branches - 1);
        kept.apply(put({{"zzzzz1x", "changed"}}));
        CHECK(kept.root == kept.root_from_scratch());
    }
    SECTION("several levels at once") {
        Kept kept;
        kept.apply(put({{"a", "1"}, {"ab", "2"}, {"abc", "3"}, {"abcd", "4"}, {"abcde", "5"}}));
        kept.apply(removal({"a", "ab", "abc", "abcd"}));
        CHECK(kept.root == kept.root_from_scratch());
        CHECK(kept.nodes.size() == 0);
    }
}

TEST_CASE("a key that leaves a branch's path in its middle puts a new branch above it") {
    Kept kept;
    kept.apply(put({{"abcdef1", "1"}, {"abcdef2", "2"}}));
    kept.apply(put({{"abX", "3"}}));
    CHECK(kept.root == kept.root_from_scratch());
    kept.apply(put({{"abcdef1", "4"}, {"abY", "5"}, {"ab", "6"}, {"", "7"}}));
    CHECK(kept.root == kept.root_from_scratch());
    // The old branch empties while a new one comes above it.
    kept.apply(
        {{to_bytes("abcdef1"), std::nullopt}, {to_bytes("abcdef2"), std::nullopt}, {to_bytes("abcQ"), to_bytes("8")}});
    CHECK(kept.root == kept.root_from_scratch());
}

// Eight megabytes of stack hold a thousand levels, but under the address sanitizer a level takes ten kilobytes.
#ifdef __SANITIZE_ADDRESS__
constexpr std::size_t longest_key = 400;
#else
constexpr std::size_t longest_key = 1'000;
#endif

TEST_CASE("keys of a kilobyte nest as deep as they like") {
    Kept kept;
    StateDiff diff;
    for (std::size_t size = 0; size <= longest_key; ++size) diff[Bytes(size, 0x5a)] = Bytes{1};
    kept.apply(diff);
    CHECK(kept.root == kept.root_from_scratch());
    kept.apply({{Bytes(longest_key, 0x5a), Bytes(40, 1)}, {Bytes(longest_key / 2, 0x5a), std::nullopt}});
    CHECK(kept.root == kept.root_from_scratch());
}

TEST_CASE("random differences leave the root and the branches of a trie made from scratch") {
    for (std::uint32_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        tests::RandomState random{seed};
        Kept kept;
        for (int step = 0; step < 60; ++step) {
            CAPTURE(step);
            kept.apply(random.diff(kept.state, seed % 3 == 0 ? 40 : 4));
            REQUIRE(kept.root == kept.root_from_scratch());
            REQUIRE(state::root_of(kept.nodes, kept.state) == kept.root);
        }
        MemoryNodes fresh;
        fresh.apply(state::update_trie(MemoryNodes{}, MapState{}, as_diff(kept.state)).nodes);
        REQUIRE(fresh == kept.nodes);
    }
}
