// Nodes on loopback: who is let in and why not, what arrives, and that nobody suffers from another's slowness.

#include "chain/network/network.hpp"

#include "tests/unit/chain/network/node.hpp"

#include <catch2/catch.hpp>

using namespace tests;
using network::Sent;

namespace {

network::Bytes filled(std::size_t size, std::uint8_t value) { return network::Bytes(size, value); }

/// Both know each other when it returns.
bool join(Node& a, Node& b) {
    a->add_reserved(b.address());
    return a.until_up(b->id()) && b.until_up(a->id());
}

}  // namespace

TEST_CASE("two nodes know each other by key and carry messages whole, in order, both ways") {
    Node a{loopback(1)};
    Node b{loopback(2)};
    REQUIRE(join(a, b));
    CHECK(b.ups().front().peer == a->id());
    CHECK(b.ups().front().direction == network::Direction::Inbound);
    CHECK(a->send(b->id(), Channel::Consensus, chain::to_bytes("one")) == Sent::Queued);
    CHECK(a->send(b->id(), Channel::Consensus, network::Bytes{}) == Sent::Queued);
    CHECK(a->send(b->id(), Channel::Proposal, filled(3'000'000, 9)) == Sent::Queued);
    CHECK(b->send(a->id(), Channel::Transactions, chain::to_bytes("three")) == Sent::Queued);
    REQUIRE(b.until([&] { return b.heard().size() == 3; }));
    REQUIRE(a.until([&] { return a.heard().size() == 1; }));
    CHECK(b.heard(Channel::Consensus)[0].bytes == chain::to_bytes("one"));
    CHECK(b.heard(Channel::Consensus)[1].bytes.empty());
    CHECK(b.heard(Channel::Proposal)[0].bytes == filled(3'000'000, 9));
    CHECK(a.heard()[0].bytes == chain::to_bytes("three"));
    CHECK(a.heard()[0].from == b->id());
    REQUIRE(a.until([&] { return a->peers()[0].rtt_us > 0; }));
    CHECK(a->peers()[0].channels[std::size_t(Channel::Proposal)].bytes_out == 3'000'000);
    CHECK(b->peers()[0].channels[std::size_t(Channel::Proposal)].bytes_in == 3'000'000);
}

TEST_CASE("what cannot be sent is said at once") {
    Node a{loopback(1)};
    CHECK(a->send(PeerId{}, Channel::Consensus, chain::to_bytes("?")) == Sent::NoPeer);
    Node b{loopback(2)};
    REQUIRE(join(a, b));
    CHECK(a->send(b->id(), Channel::Consensus, filled(70'000, 0)) == Sent::TooLarge);
}

TEST_CASE("a node of another chain is told so, and the reason is kept") {
    Node a{loopback(1)};
    auto other = loopback(2);
    other.genesis.value[0] = 8;
    Node b{other};
    a->add_reserved(b.address());
    CHECK(a.why_missing(network::to_text(b->id())).find("genesis") != std::string::npos);
    CHECK(a.ups().empty());
    CHECK(b.ups().empty());
}

TEST_CASE("another key than the address names is refused") {
    Node a{loopback(1)};
    Node b{loopback(2)};
    auto address = b.address();
    address.peer = network::peer_of_seed(network_seed(3));
    a->add_reserved(address);
    CHECK(a.why_missing("reserved").find("another key answered: " + network::to_text(b->id())) != std::string::npos);
    CHECK(b.ups().empty());
}

TEST_CASE("an address without a key accepts whoever answers") {
    Node a{loopback(1)};
    Node b{loopback(2)};
    a->add_reserved({std::nullopt, "localhost", b->port()});
    CHECK(a.until_up(b->id()));
}

TEST_CASE("who is not there is dialled until he comes, and again when he has gone") {
    Node a{loopback(1)};
    auto config = loopback(2);
    {
        Node b{config};
        config.listen = "127.0.0.1:" + std::to_string(b->port());
        REQUIRE(join(a, b));
    }
    REQUIRE(a.until_down(network::peer_of_seed(config.identity)));
    CHECK(a.downs()[0].find("stopping") != std::string::npos);
    CHECK(a.why_missing("reserved").find("refused") != std::string::npos);
    Node again{config};
    CHECK(a.until_up(again->id()));
}

TEST_CASE("two that dial each other at once keep one connection") {
    for (int round = 0; round < 5; ++round) {
        Node a{loopback(1)};
        Node b{loopback(2)};
        a->add_reserved(b.address());
        b->add_reserved(a.address());
        REQUIRE(a.until_up(b->id()));
        REQUIRE(b.until_up(a->id()));
        // Whatever was doubled settles; then both agree about who dialled.
        const auto agree = [&] {
            const auto of_a = a->peers();
            const auto of_b = b->peers();
            return of_a.size() == 1 && of_b.size() == 1 && of_a[0].info.direction != of_b[0].info.direction &&
                   a->send(b->id(), Channel::Consensus, chain::to_bytes("?")) == Sent::Queued &&
                   b.heard().size() > std::size_t(10);
        };
        CHECK(b.until(agree));
    }
}

TEST_CASE("a node that comes back with the same key replaces its own old connection") {
    Node a{loopback(1)};
    const std::string nowhere;
    auto config = loopback(2);
    config.listen = nowhere;
    Node first{config};
    first->add_reserved(a.address());
    REQUIRE(a.until_up(first->id()));
    Node second{config};
    second->add_reserved(a.address());
    REQUIRE(a.until([&] { return a.ups().size() >= 2; }));
    CHECK(a.downs()[0].find("another connection") != std::string::npos);
}

TEST_CASE("validators form a full mesh through one that all know") {
    std::vector<crypto::Ed25519Public> keys;
    std::vector<std::unique_ptr<Node>> nodes;
    for (std::uint8_t i = 1; i <= 5; ++i) keys.push_back(consensus_key(i).public_key());
    for (std::uint8_t i = 1; i <= 5; ++i) {
        auto config = validator(i);
        if (i > 1) config.reserved = {nodes[0]->address()};
        nodes.push_back(std::make_unique<Node>(std::move(config)));
        (*nodes.back())->set_validators(keys);
    }
    for (const auto& node : nodes) REQUIRE(node->until([&] { return (*node)->peers().size() == 4; }));
    for (const auto& node : nodes) REQUIRE(node->until([&] { return (*node)->missing().empty(); }));
    Node& last = *nodes.back();
    for (const auto& row : last->peers()) CHECK(row.is_validator);
    CHECK(last->peer_of(keys[1]) == (*nodes[1])->id());
    CHECK(last->broadcast(network::Network::Audience::Validators, Channel::Consensus,
                          std::make_shared<const network::Bytes>(chain::to_bytes("vote"))) == 4);
    CHECK(last->send_to_validator(keys[2], Channel::Consensus,
                                  std::make_shared<const network::Bytes>(chain::to_bytes("again"))) == Sent::Queued);
    REQUIRE(nodes[2]->until([&] { return nodes[2]->heard().size() == 2; }));
    CHECK(nodes[2]->heard()[1].bytes == chain::to_bytes("again"));
}

TEST_CASE("a validator is greeted with what the other knows of its votes") {
    Node a{loopback(1)};
    Node b{validator(2)};
    REQUIRE(join(a, b));
    CHECK(b.greetings()[0] == "vote of " + chain::to_hex(consensus_key(2).public_key().value));
    CHECK(a.greetings()[0].empty());
    CHECK(a.ups()[0].validator == consensus_key(2).public_key());
}

TEST_CASE("a node does not become its own peer") {
    Node a{loopback(1)};
    a->add_reserved({std::nullopt, "127.0.0.1", a->port()});
    CHECK(a.why_missing("reserved").find("itself") != std::string::npos);
    CHECK(a.ups().empty());
}

TEST_CASE("more inbound peers than allowed are turned away, reserved ones are not") {
    auto config = loopback(1);
    config.limits.inbound_max = 1;
    config.reserved = {{network::peer_of_seed(network_seed(3)), "127.0.0.1", 1}};
    Node a{config};
    Node b{loopback(2)};
    REQUIRE(join(b, a));
    Node reserved{loopback(3)};
    REQUIRE(join(reserved, a));
    Node late{loopback(4)};
    late->add_reserved(a.address());
    CHECK(late.why_missing("reserved").find("no room") != std::string::npos);
    CHECK(a->peers().size() == 2);
}

TEST_CASE("addresses of one network are limited where private ones are not exempt") {
    auto config = loopback(1);
    config.limits.are_private_addresses_limited = true;
    config.limits.per_ip_max = 1;
    Node a{config};
    Node b{loopback(2)};
    REQUIRE(join(b, a));
    Node c{loopback(3)};
    c->add_reserved(a.address());
    CHECK(c.why_missing("reserved").find("no room") != std::string::npos);
}
