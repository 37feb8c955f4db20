#include "tools/metrics/registry.hpp"

#include <catch2/catch.hpp>

using namespace metrics;

TEST_CASE("a scrape is the text that Prometheus reads") {
    Registry registry;
    registry.counter("blocks_total", "Blocks.").add(3);
    registry.gauge("age_seconds", "Age.").set(1.5);
    auto& votes = registry.counters("votes_total", {"kind", "by"}, "Votes.");
    votes.with({"notarize", "a\"b"}).add();
    votes.with({"finalize", "c"}).add(2);

    CHECK(registry.scrape() ==
          "# HELP blocks_total Blocks.\n# TYPE blocks_total counter\nblocks_total 3\n"
          "# HELP age_seconds Age.\n# TYPE age_seconds gauge\nage_seconds 1.5\n"
          "# HELP votes_total Votes.\n# TYPE votes_total counter\n"
          "votes_total{kind=\"finalize\",by=\"c\"} 2\n"
          "votes_total{kind=\"notarize\",by=\"a\\\"b\"} 1\n");
}

TEST_CASE("a histogram counts what is at most its bound") {
    Registry registry;
    auto& took = registry.histogram("took_seconds", "Time.", {0.5, 1, 2});
    for (const double value : {0.5, 0.6, 1.0, 7.0}) took.observe(value);

    CHECK(registry.scrape() ==
          "# HELP took_seconds Time.\n# TYPE took_seconds histogram\n"
          "took_seconds_bucket{le=\"0.5\"} 1\ntook_seconds_bucket{le=\"1\"} 3\ntook_seconds_bucket{le=\"2\"} 3\n"
          "took_seconds_bucket{le=\"+Inf\"} 4\ntook_seconds_sum 9.1\ntook_seconds_count 4\n");
}

TEST_CASE("labels that never end share one metric") {
    Registry registry;
    auto& peers = registry.gauges("peers", {"peer"}, "Peers.");
    for (int i = 0; i < 2 * static_cast<int>(Family<Gauge>::children_max); ++i) peers.with({std::to_string(i)}).set(1);
    std::size_t children = 0;
    bool has_other = false;
    peers.for_each([&](const auto& values, const Gauge&) {
        ++children;
        has_other |= values[0] == "other";
    });
    CHECK(children == Family<Gauge>::children_max + 1);
    CHECK(has_other);
}

TEST_CASE("what is read rather than counted is read before each scrape") {
    Registry registry;
    auto& reads = registry.gauge("reads", "Reads.");
    double count = 0;
    registry.before_scrape([&] { reads.set(++count); });
    CHECK_THAT(registry.scrape(), Catch::Contains("\nreads 1\n"));
    CHECK_THAT(registry.scrape(), Catch::Contains("\nreads 2\n"));
}
