#include "chain/store/keys.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace store;

TEST_CASE("history keys sort by key first and by number second") {
    const std::vector<Bytes> raw{{}, {0}, {0, 0}, {0, 1}, {0, 255}, {1}, {1, 0}, {1, 0, 0}, {1, 255}, {255}};
    std::vector<Bytes> all;
    for (const auto& key : raw)
        for (const std::uint32_t number : {0U, 1U, 255U, 256U, ~0U})
            all.push_back(keys::old_value(Table::State, key, number));
    CHECK(std::ranges::is_sorted(all));
    CHECK(std::ranges::adjacent_find(all) == all.end());
}

TEST_CASE("a raw key is read back out of a history key") {
    for (const Bytes& key : {Bytes{}, Bytes{0}, Bytes{0, 0}, Bytes{0, 255, 0}, Bytes{1, 2, 3}})
        CHECK(keys::old_value_key(Table::State, keys::old_value(Table::State, key, 7)) == key);
    CHECK_FALSE(keys::old_value_key(Table::State, keys::old_value(Table::Nodes, Bytes{1}, 7)));
    CHECK_FALSE(keys::old_value_key(Table::State, keys::changed_keys(Table::State, 7)));
    CHECK_FALSE(keys::old_value_key(Table::State, keys::meta("head")));
}

TEST_CASE("columns do not meet") {
    const auto entry = keys::current(Table::State, Bytes{1, 2});
    CHECK(chain::to_bytes(keys::current_key(Table::State, entry).value()) == Bytes{1, 2});
    CHECK_FALSE(keys::current_key(Table::Nodes, entry));
    CHECK_FALSE(keys::current_key(Table::State, Bytes{}));
}

TEST_CASE("proofs lie in the order of their epochs and views") {
    const auto at = [](std::uint64_t epoch, std::uint64_t view, std::uint8_t kind) {
        return store::keys::proof(epoch, view, kind);
    };
    CHECK(at(1, 300, 0) < at(1, 300, 1));
    CHECK(at(1, 300, 1) < at(1, 1'000, 0));
    CHECK(at(1, ~0ULL, 1) < at(2, 0, 0));
    CHECK(at(255, 0, 0) < at(256, 0, 0));
    CHECK(store::keys::proofs() < at(0, 0, 0));
    CHECK(store::keys::is_proof(at(0, 0, 0)));
    CHECK_FALSE(store::keys::is_proof(store::keys::meta("proofs")));
    CHECK_FALSE(store::keys::is_proof({}));
}
