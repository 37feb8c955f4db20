#include "gpu-worker/host/config.hpp"

#include <catch2/catch.hpp>

using namespace worker;

namespace {
const std::string key = "\"0x" + std::string(64, 'a') + "\"";
std::string with(const std::string& fields) { return "{ \"node\": { \"key\": " + key + " }, " + fields + " }"; }
std::string error_of(const std::string& text) {
    const auto settings = parse_settings(text);
    return settings ? "" : settings.error().text;
}
}  // namespace

TEST_CASE("what init writes is read back, comments and all") {
    Settings settings;
    settings.node.key = "0x" + std::string(64, 'b');
    settings.data = "/srv/worker";
    settings.offer.endpoint = "gpu.example:9960";
    settings.images = {{"local", "http://127.0.0.1:5000"}, {"hub", "https://registry.example"}};
    const auto read = parse_settings(explained(settings));
    INFO((read ? "" : read.error().text));
    REQUIRE(read);
    CHECK(read->node.key == settings.node.key);
    CHECK(read->offer.endpoint == "gpu.example:9960");
    CHECK(read->images == settings.images);
    CHECK(read->dns == settings.dns);
    CHECK(read->ports.last == settings.ports.last);
}

TEST_CASE("absent fields have their defaults") {
    const auto settings = parse_settings("{ \"node\": { \"key\": " + key + " } }").value();
    CHECK(settings.data == "/var/lib/tephra-worker");
    CHECK(settings.results_kept_minutes == 60);
    CHECK(node_address(settings).value().endpoint == "127.0.0.1:9950");
    CHECK(lease_terms(settings).results_kept_ms == 3'600'000);
}

TEST_CASE("what is wrong is named with its path and its remedy") {
    CHECK(error_of("{ \"node\": { \"kee\": 1 } }") == "node: unknown field \"kee\"; known are endpoint, key");
    CHECK(error_of("{}").starts_with("node.key: write the node's worker key"));
    CHECK(error_of(with("\"offer\": { \"slots\": 0 }")) == "offer.slots: write 1 to 16");
    CHECK(error_of(with("\"offer\": { \"slots\": 300 }")) == "offer.slots: write a whole number from 0 to 255");
    CHECK(error_of(with("\"offer\": { \"slots\": -1 }")).starts_with("offer.slots: "));
    CHECK(error_of(with("\"offer\": { \"listen\": \"nowhere\" }")).starts_with("offer.listen: "));
    CHECK(error_of(with("\"offer\": { \"endpoint\": \"host:99999\" }")).starts_with("offer.endpoint: "));
    CHECK(error_of(with("\"ports\": { \"first\": 9, \"last\": 8 }")).starts_with("ports: "));
    CHECK(error_of(with("\"ports\": { \"first\": 80 }")).starts_with("ports.first: "));
    CHECK(error_of(with("\"data\": \"here\"")).starts_with("data: "));
    CHECK(error_of(with("\"images\": { \"local\": 5 }")) == "images.local: write a text in quotes");
    CHECK(error_of(with("\"images\": { \"a/b\": \"/srv\" }")).starts_with("images: "));
    CHECK(error_of(with("\"images\": { \"local\": \"ftp://x\" }")).starts_with("images.local: "));
    CHECK(error_of(with("\"dns\": \"9.9.9.9\"")) == "dns: write a list in [ ]");
    CHECK(error_of("{\n\n nonsense }").starts_with("line 3 is not JSON"));
    CHECK(error_of("[]") == ": write names and values in { }");
}

TEST_CASE("the node's key may stand in a file, and a wrong one is named") {
    auto settings = parse_settings("{ \"node\": { \"key\": \"@/nowhere/worker_key.pub\" } }").value();
    CHECK(node_address(settings).error().text.find("/nowhere/worker_key.pub") != std::string::npos);
    settings.node.key = "0x12";
    CHECK(node_address(settings).error().text.starts_with("node.key: "));
}
