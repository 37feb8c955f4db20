#include "rpc/server/origin.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace {

bool origin(std::string_view text, std::vector<std::string> rules) { return rpc::is_origin_allowed(text, rules); }
bool host(std::string_view text, std::vector<std::string> names = {}) { return rpc::is_host_allowed(text, names); }

}  // namespace

TEST_CASE("an origin fits a rule exactly, by any port, or by *") {
    CHECK(origin("https://polkadot.js.org", {"https://polkadot.js.org"}));
    CHECK(origin("HTTPS://Polkadot.JS.org", {"https://polkadot.js.org"}));
    CHECK(origin("http://localhost:3000", {"http://localhost:*"}));
    CHECK(origin("http://localhost", {"http://localhost:*"}));
    CHECK(origin("null", {"*"}));
    CHECK_FALSE(origin("https://polkadot.js.org.evil.com", {"https://polkadot.js.org"}));
    CHECK_FALSE(origin("https://polkadot.js.org:8080", {"https://polkadot.js.org"}));
    CHECK_FALSE(origin("http://localhost.evil.com", {"http://localhost:*"}));
    CHECK_FALSE(origin("http://localhost:80.evil.com", {"http://localhost:*"}));
    CHECK_FALSE(origin("http://localhost:", {"http://localhost:*"}));
    CHECK_FALSE(origin("https://localhost:3000", {"http://localhost:*"}));
    CHECK_FALSE(origin("null", {"http://localhost:*"}));
    CHECK_FALSE(origin("https://polkadot.js.org", {}));
}

TEST_CASE("a Host is an address, localhost or a listed name: a rebound name is none of them") {
    for (const auto* good : {"127.0.0.1:9944", "10.1.2.3", "localhost", "LocalHost:9944", "[::1]:9944", "[::1]"})
        CHECK(host(good));
    for (const auto* bad : {"evil.com", "evil.com:9944", "127.0.0.1.evil.com", "1.2.3", "1.2.3.4.5",
                            "localhost.evil.com", "", ":9944", "[::1", "[::1]evil", "127.0.0.1:port", "1234.1.1.1"})
        CHECK_FALSE(host(bad));
    CHECK(host("node.example:9944", {"node.example"}));
    CHECK(host("anything.at.all", {"*"}));
    CHECK_FALSE(host("node.example.evil.com", {"node.example"}));
}
