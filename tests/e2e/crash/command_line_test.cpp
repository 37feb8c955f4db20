// What an operator types, and what he is told.

#include "node_process.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>

using namespace tests;
using Catch::Contains;

namespace {

struct Answer {
    int status = 0;
    std::string text;
};

Answer node(const std::vector<std::string>& arguments) {
    Answer out;
    out.status = run_node(arguments, out.text);
    return out;
}

const std::string dev = TEPHRA_SOURCE_DIR "/genesis/dev.json";

}  // namespace

TEST_CASE("help shows examples, and a wrong word is a usage error") {
    const auto help = node({"--help"});
    CHECK(help.status == 0);
    CHECK_THAT(help.text, Contains("Examples:") && Contains("tephra-node run") && Contains("verify"));
    CHECK_THAT(node({"run", "--help"}).text, Contains("--data") && Contains("--rpc-port") && Contains("9944"));
    CHECK(node({"run", "--bogus"}).status == 2);
    CHECK(node({}).status == 2);
    CHECK(node({"run", "--tmp", "--data", "x"}).status == 2);
    CHECK(node({"run", "--log", "loud"}).status == 2);
}

TEST_CASE("the completion script knows every command and option") {
    const auto script = node({"completion", "bash"});
    CHECK(script.status == 0);
    CHECK_THAT(script.text, Contains("complete -o filenames -F _tephra_node tephra-node") &&
                                Contains("--validator-key") && Contains("\"tephra-node keys new\""));
}

TEST_CASE("keys are made once, read back, and kept from others") {
    TempFolder folder;
    const std::string file = (folder.path() / "validator.key").string();
    const auto made = node({"keys", "new", "--out", file});
    REQUIRE(made.status == 0);
    const auto shown = node({"keys", "show", file});
    CHECK(shown.status == 0);
    CHECK_THAT(made.text, Contains(shown.text.substr(0, 66)));
    const auto again = node({"keys", "new", "--out", file});
    CHECK(again.status == 1);
    CHECK_THAT(again.text, Contains("never overwritten"));
    CHECK(node({"keys", "show", file}).text == shown.text);
    std::filesystem::permissions(file, std::filesystem::perms{0644});
    const auto open = node({"keys", "show", file});
    CHECK(open.status == 1);
    CHECK_THAT(open.text, Contains("chmod 600"));
}

TEST_CASE("a node with a foreign validator key does not start") {
    TempFolder folder;
    const std::string file = (folder.path() / "validator.key").string();
    const std::string vrf = (folder.path() / "vrf.key").string();
    REQUIRE(node({"keys", "new", "--out", file}).status == 0);
    REQUIRE(node({"keys", "new", "--kind", "vrf", "--out", vrf}).status == 0);
    const auto refused = node({"run", "--tmp", "--chain", dev, "--rpc-port", "0", "--worker-port", "0",
                               "--validator-key", file, "--vrf-key", vrf});
    CHECK(refused.status == 1);
    CHECK_THAT(refused.text, Contains("is of none of the chain's 1 validators"));
}

TEST_CASE("a missing chain file and an empty data folder are named") {
    TempFolder folder;
    const auto data = (folder.path() / "node").string();
    const auto missing = node({"run", "--data", data, "--chain", "nowhere.json"});
    CHECK(missing.status == 1);
    CHECK_THAT(missing.text, Contains("nowhere.json"));
    const auto empty = node({"verify", "--data", data, "--chain", dev});
    CHECK(empty.status == 1);
    CHECK_THAT(empty.text, Contains("is empty: start the node once"));
}

TEST_CASE("a node writes JSON lines when told, and stops when told") {
    TempFolder folder;
    NodeProcess running{folder.path() / "node", {"--log", "json"}};
    REQUIRE(running.is_running());
    running.signal(SIGTERM);
    CHECK(running.wait() == 0);
    const std::string log = running.log();
    CHECK_THAT(log, Contains("\"channel\":\"node\",\"message\":\"chain ") && Contains("\"message\":\"stopped\"}"));
    CHECK(log.starts_with("{\"time\":\""));
}
