// What an operator types, and what he is told.

#include "node_process.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

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

TEST_CASE("the doctor finds what would keep a node from running") {
    TempFolder folder;
    const auto data = (folder.path() / "node").string();
    const auto well = node({"doctor", "--data", data, "--chain", dev, "--rpc-port", "0", "--worker-port", "0"});
    CHECK(well.status == 0);
    CHECK_THAT(well.text, Contains("ok    chain") && Contains("disk sync") && Contains("votes as 0x") &&
                              Contains("clock") && Contains("open files"));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "node/doctor"));

    // A final block that was bad here: the doctor fails as long as what is known of it lies in the folder.
    const auto bad = folder.path() / "node/bad-block-7-0123456789abcdef.txt";
    std::ofstream{bad} << "reason: its state root is another one\n";
    const auto alarmed = node({"doctor", "--data", data, "--chain", dev, "--rpc-port", "0", "--worker-port", "0"});
    CHECK(alarmed.status == 1);
    CHECK_THAT(alarmed.text, Contains("FAIL  bad block") && Contains(bad.string()) &&
                                 Contains("compare it with another version of the program, then remove the file"));
    std::filesystem::remove(bad);
    CHECK(node({"doctor", "--data", data, "--chain", dev, "--rpc-port", "0", "--worker-port", "0"}).status == 0);

    NodeProcess running{folder.path() / "running"};
    REQUIRE(running.is_running());
    const std::string port = running.url().substr(running.url().rfind(':') + 1);
    const auto ill = node(
        {"doctor", "--data", data, "--chain", dev, "--rpc-port", port, "--worker-port", "0", "--peer", "127.0.0.1:1"});
    CHECK(ill.status == 1);
    CHECK_THAT(ill.text, Contains("FAIL  rpc port") && Contains("Address already in use") &&
                             Contains("warn  peer         127.0.0.1:1: Connection refused"));
}

TEST_CASE("chain files with many validators and blocks in files are made on the command line") {
    TempFolder folder;
    const auto made = node({"new-chain", "--validators", "3"});
    CHECK(made.status == 0);
    CHECK_THAT(made.text, Contains("\"validators\"") && Contains("\"vrf_key\""));
    const auto data = folder.path() / "node";
    {
        NodeProcess running{data};
        while (running.is_running() && !running.log().contains("final number=3 "))
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        running.signal(SIGTERM);
        CHECK(running.wait() == 0);
    }
    const std::string file = (folder.path() / "blocks").string();
    const auto out = node({"export-blocks", "--data", data.string(), "--chain", dev, file});
    CHECK(out.status == 0);
    CHECK_THAT(out.text, Contains("blocks 1 to "));
    const auto in = node({"import-blocks", "--data", (folder.path() / "copy").string(), "--chain", dev, file});
    CHECK(in.status == 0);
    CHECK_THAT(in.text, Contains("the last final block is "));
    CHECK(node({"verify", "--data", (folder.path() / "copy").string(), "--chain", dev}).status == 0);
    const auto wal = node({"wal", (data / "consensus").string()});
    CHECK(wal.status == 0);
    CHECK(node({"run", "--tmp", "--chain", dev, "--no-sign-until", "x"}).status == 1);
}
