#include "tools/metrics/bounds.hpp"

#include "tools/metrics/node_metrics.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace metrics;

TEST_CASE("every bounded thing has a name of its own, says what it holds and what happens beyond") {
    std::set<std::string_view> names;
    for (const BoundedThing& thing : bounded_things) {
        CHECK(names.insert(thing.what).second);
        CHECK_FALSE(thing.holds.empty());
        CHECK_FALSE(thing.beyond.empty());
        CHECK(is_declared(thing.what));
    }
    CHECK_FALSE(is_declared("pool_byte"));
    CHECK(names.size() < Family<Gauge>::children_max);
}

TEST_CASE("a bound is shown with its limit beside it") {
    Registry registry;
    NodeMetrics all{registry};
    show(all, {{"kept_bytes", 7, 9}, {"pool_bytes", 1, 2}});
    const std::string text = registry.scrape();
    CHECK(text.contains("tephra_held{what=\"kept_bytes\"} 7"));
    CHECK(text.contains("tephra_held_max{what=\"kept_bytes\"} 9"));
    CHECK(text.contains("tephra_held{what=\"pool_bytes\"} 1"));
    CHECK(text.contains("tephra_held_max{what=\"pool_bytes\"} 2"));
}

TEST_CASE("the reference lists every bound") {
    const std::string page = reference_page();
    for (const BoundedThing& thing : bounded_things) CHECK(page.contains("| `" + std::string{thing.what} + "` |"));
}
