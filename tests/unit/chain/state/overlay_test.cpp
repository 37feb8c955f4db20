#include "chain/state/overlay.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace chain;
using state::MapState;
using state::Overlay;
using state::StateDiff;

namespace {

Bytes key(int n) { return {static_cast<std::uint8_t>(n)}; }

MapState three() {
    MapState below;
    for (const int n : {1, 3, 5}) below.entries[key(n)] = key(10 * n);
    return below;
}

/// All keys, as a walk with next_key finds them (none of ours is empty).
std::vector<Bytes> walk(const state::StateView& view) {
    std::vector<Bytes> keys;
    for (auto at = view.next_key({}); at; at = view.next_key(*at)) keys.push_back(*at);
    return keys;
}

}  // namespace

TEST_CASE("an overlay shows its changes over what lies below, and leaves that alone") {
    const MapState below = three();
    Overlay overlay{below};
    overlay.put(key(2), key(7));
    overlay.put(key(3), {});
    overlay.erase(key(5));

    CHECK(overlay.get(key(1)) == key(10));
    CHECK(overlay.get(key(2)) == key(7));
    CHECK(overlay.get(key(3)) == Bytes{});
    CHECK(overlay.get(key(5)) == std::nullopt);
    CHECK(walk(overlay) == std::vector{key(1), key(2), key(3)});
    CHECK(walk(below) == std::vector{key(1), key(3), key(5)});
    CHECK(overlay.take() == StateDiff{{key(2), key(7)}, {key(3), Bytes{}}, {key(5), std::nullopt}});
    CHECK(overlay.changes().empty());
}

TEST_CASE("a rolled back layer leaves no trace, whatever it overwrote") {
    const MapState below = three();
    Overlay overlay{below};
    overlay.put(key(1), key(42));
    const StateDiff before = overlay.changes();

    overlay.begin();
    overlay.put(key(1), key(43));
    overlay.erase(key(1));
    overlay.put(key(9), key(1));
    overlay.erase(key(3));
    overlay.rollback();

    CHECK(overlay.changes() == before);
    CHECK(overlay.get(key(1)) == key(42));
    CHECK(overlay.get(key(3)) == key(30));
    CHECK(overlay.open_layers() == 0);
}

TEST_CASE("an outer layer takes back what an inner one kept") {
    const MapState below = three();
    Overlay overlay{below};
    overlay.begin();
    overlay.put(key(2), key(1));
    overlay.begin();
    overlay.put(key(2), key(2));
    overlay.put(key(4), key(2));
    overlay.commit();
    CHECK(overlay.get(key(2)) == key(2));
    CHECK(overlay.open_layers() == 1);
    overlay.rollback();
    CHECK(overlay.changes().empty());
}

TEST_CASE("a layer guard rolls back unless it is told to keep") {
    const MapState below = three();
    Overlay overlay{below};
    {
        const state::Layer layer{overlay};
        overlay.put(key(2), key(2));
    }
    CHECK(overlay.changes().empty());
    {
        state::Layer layer{overlay};
        overlay.put(key(2), key(2));
        layer.keep();
    }
    CHECK(overlay.get(key(2)) == key(2));
}

TEST_CASE("next_key steps over long runs of erased keys and past the end") {
    MapState below;
    for (int n = 0; n < 200; ++n) below.entries[key(n)] = {};
    Overlay overlay{below};
    for (int n = 10; n < 190; ++n) overlay.erase(key(n));
    CHECK(overlay.next_key(key(9)) == key(190));
    overlay.put(key(100), {});
    CHECK(overlay.next_key(key(9)) == key(100));
    CHECK(overlay.next_key(key(199)) == std::nullopt);
}

TEST_CASE("scans of a prefix see it, and end with it") {
    MapState view;
    for (const std::string_view text : {"a", "ab", "ab1", "ab2", "b"}) view.entries[to_bytes(text)] = {};
    const auto next = [&](std::string_view after) {
        return state::next_key_with(view, to_bytes("ab"), to_bytes(after));
    };
    CHECK(state::first_key_with(view, to_bytes("ab")) == to_bytes("ab"));
    CHECK(next("ab") == to_bytes("ab1"));
    CHECK(next("ab1") == to_bytes("ab2"));
    CHECK(next("ab2") == std::nullopt);
    CHECK(state::first_key_with(view, to_bytes("ab0")) == std::nullopt);
    CHECK(state::first_key_with(view, to_bytes("c")) == std::nullopt);
}

TEST_CASE("random layers of random writes agree with plain maps that are copied") {
    std::mt19937 random{7};
    const auto pick = [&](unsigned below) { return static_cast<int>(random() % below); };
    for (int round = 0; round < 50; ++round) {
        MapState below;
        for (int i = 0; i < 20; ++i) below.entries[key(pick(40))] = key(pick(5));
        Overlay overlay{below};
        std::vector<MapState> models{below};
        for (int step = 0; step < 300; ++step) {
            const int n = pick(40);
            switch (pick(8)) {
                case 0:
                    overlay.begin();
                    models.push_back(models.back());
                    break;
                case 1:
                    if (models.size() == 1) break;
                    overlay.commit();
                    models.erase(models.end() - 2);
                    break;
                case 2:
                    if (models.size() == 1) break;
                    overlay.rollback();
                    models.pop_back();
                    break;
                case 3:
                case 4:
                    overlay.erase(key(n));
                    models.back().entries.erase(key(n));
                    break;
                default: overlay.put(key(n), key(step % 250)); models.back().entries[key(n)] = key(step % 250);
            }
            const int probe = pick(41);
            REQUIRE(overlay.get(key(probe)) == models.back().get(key(probe)));
            REQUIRE(overlay.next_key(key(probe)) == models.back().next_key(key(probe)));
        }
        while (overlay.open_layers() > 0) overlay.commit();
        MapState after = below;
        after.apply(overlay.take());
        REQUIRE(after.entries == models.back().entries);
    }
}
