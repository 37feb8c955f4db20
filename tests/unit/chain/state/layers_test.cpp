#include "chain/state/layers.hpp"

#include "chain/state/memory_nodes.hpp"
#include "chain/trie/trie.hpp"
#include "tests/support/random_state.hpp"

#include <catch2/catch.hpp>

using namespace chain;
using state::BlockLayer;
using state::LayeredView;
using state::MapState;
using state::MemoryNodes;
using LayerPointer = std::shared_ptr<const BlockLayer>;

namespace {

/// The store's part: a state with its branches, both replaced as a whole when a layer is folded in.
struct Base {
    std::shared_ptr<const MapState> state = std::make_shared<MapState>();
    std::shared_ptr<const MemoryNodes> nodes = std::make_shared<MemoryNodes>();

    LayeredView view(LayerPointer top) const { return {std::move(top), state, nodes}; }

    void fold(const BlockLayer& layer) {
        auto next_state = std::make_shared<MapState>(*state);
        auto next_nodes = std::make_shared<MemoryNodes>(*nodes);
        next_state->apply(layer.diff);
        next_nodes->apply(layer.nodes);
        state = std::move(next_state);
        nodes = std::move(next_nodes);
    }

    LayerPointer extend(const LayerPointer& parent, state::StateDiff diff) const {
        const LayeredView before = view(parent);
        auto update = state::update_trie(before, before, diff);
        BlockLayer layer{.number = parent ? parent->number + 1 : 1,
                         .state_root = update.root,
                         .diff = std::move(diff),
                         .nodes = std::move(update.nodes),
                         .parent = parent};
        return std::make_shared<const BlockLayer>(std::move(layer));
    }
};

state::StateDiff put(std::string_view key, std::string_view value) { return {{to_bytes(key), to_bytes(value)}}; }
state::StateDiff removal(std::string_view key) { return {{to_bytes(key), std::nullopt}}; }

MapState everything(const LayeredView& view) {
    MapState out;
    if (auto value = view.get({})) out.entries[{}] = *value;
    for (auto key = view.next_key({}); key; key = view.next_key(*key)) out.entries[*key] = view.get(*key).value();
    return out;
}

}  // namespace

TEST_CASE("forks share their past and do not see each other") {
    const Base base;
    const auto first = base.extend(nullptr, put("a", "1"));
    const auto left = base.extend(first, put("b", "left"));
    const auto right = base.extend(first, removal("a"));
    CHECK(base.view(left).get(to_bytes("a")) == to_bytes("1"));
    CHECK(base.view(left).get(to_bytes("b")) == to_bytes("left"));
    CHECK(base.view(right).get(to_bytes("a")) == std::nullopt);
    CHECK(base.view(right).get(to_bytes("b")) == std::nullopt);
    CHECK(base.view(right).next_key({}) == std::nullopt);
    CHECK(right->state_root == trie::empty_root);
    CHECK(base.view(nullptr).next_key({}) == std::nullopt);
}

TEST_CASE("a view stays as it is when its layers are folded and let go") {
    Base base;
    auto first = base.extend(nullptr, put("a", "1"));
    auto second = base.extend(first, put("a", "2"));
    const LayeredView old = base.view(first);
    base.fold(*first);
    base.fold(*second);
    const std::weak_ptr<const BlockLayer> watched = second;
    first.reset();
    second.reset();
    CHECK(old.get(to_bytes("a")) == to_bytes("1"));
    CHECK(watched.expired());
    CHECK(base.view(nullptr).get(to_bytes("a")) == to_bytes("2"));
}

TEST_CASE("a layer that the base already holds changes nothing") {
    Base base;
    const auto first = base.extend(nullptr, put("a", "1"));
    const auto second = base.extend(first, removal("a"));
    base.fold(*first);
    CHECK(everything(base.view(second)).entries.empty());
    base.fold(*second);
    CHECK(everything(base.view(second)).entries.empty());
    CHECK(base.view(second).layer_count() == 2);
}

TEST_CASE("random branches of blocks read as the same blocks applied to a map") {
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        tests::RandomState random{seed};
        Base base;
        std::vector<LayerPointer> layers;
        MapState folded;
        MapState model;
        for (int block = 0; block < 30; ++block) {
            const auto diff = random.diff(model, 12);
            model.apply(diff);
            layers.push_back(base.extend(layers.empty() ? nullptr : layers.back(), diff));
            REQUIRE(layers.back()->state_root == trie::root(tests::entries_of(model), trie::StateVersion::V1));
            REQUIRE(everything(base.view(layers.back())).entries == model.entries);
            if (layers.size() > 4) {
                base.fold(*layers.front());
                layers.erase(layers.begin());
            }
        }
    }
}
