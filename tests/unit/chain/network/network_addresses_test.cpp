// How nodes find each other: by hearsay that is signed, from a file after a restart, and not at all where they shall
// not.

#include "chain/network/network.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/chain/network/node.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

using namespace tests;

TEST_CASE("a node finds a third one through the second") {
    Node a{loopback(1)};
    Node b{loopback(2)};
    Node c{loopback(3)};
    b->add_reserved(a.address());
    REQUIRE(b.until_up(a->id()));
    auto config = loopback(4);
    config.bootstrap = {a.address()};
    Node late{config};
    CHECK(late.until_up(a->id()));
    CHECK(late.until_up(b->id()));
    CHECK_FALSE(late.is_up(c->id()));
}

TEST_CASE("a node that does not discover dials its reserved peers only") {
    Node a{loopback(1)};
    Node b{loopback(2)};
    b->add_reserved(a.address());
    REQUIRE(b.until_up(a->id()));
    auto config = validator(4);
    config.is_discovering = false;
    config.reserved = {a.address()};
    config.bootstrap = {b.address()};
    config.listen = "";
    Node quiet{config};
    quiet->set_validators({consensus_key(2).public_key()});
    REQUIRE(quiet.until_up(a->id()));
    // As long as a discovering node needs to find b, and longer.
    Node curious{[&] {
        auto other = loopback(5);
        other.bootstrap = {a.address()};
        return other;
    }()};
    REQUIRE(curious.until_up(b->id()));
    CHECK(quiet->peers().size() == 1);
    CHECK(quiet.until([&] { return quiet->missing().empty(); }));
}

TEST_CASE("what answered is found again after a restart, without anybody's help") {
    const TempFolder folder;
    auto config = loopback(1);
    config.address_book = folder.path() / "addresses";
    Node b{loopback(2)};
    config.bootstrap = {b.address()};
    {
        Node a{config};
        REQUIRE(a.until_up(b->id()));
        REQUIRE(a.until([&] { return a->status().known_addresses >= 1; }));
    }
    REQUIRE(std::filesystem::file_size(config.address_book) > 100);
    config.bootstrap.clear();
    {
        Node again{config};
        CHECK(again.until_up(b->id()));
    }
    // A file that somebody broke is no reason not to start.
    std::ofstream{config.address_book} << "?";
    config.bootstrap = {b.address()};
    Node broken{config};
    CHECK(broken.until_up(b->id()));
}

TEST_CASE("a new validator set is dialled by addresses that were known before") {
    Node a{validator(1)};
    Node b{validator(2)};
    Node c{validator(3)};
    a->add_reserved(b.address());
    c->add_reserved(b.address());
    REQUIRE(a.until_up(b->id()));
    REQUIRE(c.until_up(b->id()));
    const std::vector all{consensus_key(1).public_key(), consensus_key(2).public_key(), consensus_key(3).public_key()};
    for (Node* node : {&a, &b, &c}) (*node)->set_validators(all);
    CHECK(a.until_up(c->id()));
    CHECK(a.until([&] { return a->status().validators == 2; }));
    for (Node* node : {&a, &b, &c}) (*node)->set_validators({all[0], all[1]});
    CHECK(a.until([&] { return a->status().validators == 1; }));
    CHECK(a->peer_of(all[2]) == c->id());
}

TEST_CASE("a port that is taken is a fault with the port in it") {
    Node a{loopback(1)};
    auto config = loopback(2);
    config.listen = "127.0.0.1:" + std::to_string(a->port());
    network::Network second{config, {}};
    const auto started = second.start();
    REQUIRE_FALSE(started);
    CHECK(started.error().text.find(config.listen) != std::string::npos);
    config.listen = "somewhere";
    network::Network third{config, {}};
    CHECK(third.start().error().text == "somewhere is no address to listen on: write IP:PORT");
}
