#include "tools/metrics/node_metrics.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

using namespace metrics;

namespace {

std::string text_of(const std::string& path) {
    const std::ifstream file{std::string{TEPHRA_SOURCE_DIR} + "/docs/monitoring/" + path};
    REQUIRE(file.good());
    std::ostringstream out;
    out << file.rdbuf();
    return out.str();
}

/// The metrics that a text speaks of; a histogram's series count as the histogram.
std::set<std::string> metrics_in(const std::string& text) {
    static const std::regex word{"(tephra|process)_[a-z_]+"};
    static const std::regex series{"_(bucket|count|sum)$"};
    std::set<std::string> out;
    for (std::sregex_iterator at{text.begin(), text.end(), word}; at != std::sregex_iterator{}; ++at)
        out.insert(std::regex_replace(at->str(), series, ""));
    return out;
}

}  // namespace

TEST_CASE("alert rules and dashboard speak of metrics that there are") {
    Registry registry;
    const NodeMetrics declared{registry};
    std::set<std::string> known;
    for (const Description& one : declared.registry.describe()) known.insert(one.name);
    for (const std::string file : {"alerts.yml", "dashboard.json"}) {
        const auto named = metrics_in(text_of(file));
        CHECK(named.size() >= 8);
        for (const std::string& name : named) {
            INFO(file << " speaks of " << name);
            CHECK(known.contains(name));
        }
    }
}

TEST_CASE("what a metric says to alert on has a rule") {
    Registry registry;
    const NodeMetrics declared{registry};
    const auto ruled = metrics_in(text_of("alerts.yml"));
    for (const Description& one : declared.registry.describe()) {
        if (!one.help.contains("Alert above")) continue;
        INFO(one.name);
        CHECK(ruled.contains(one.name));
    }
}
