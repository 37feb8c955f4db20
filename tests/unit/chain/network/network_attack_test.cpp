// Peers that break the rules, and peers that are slow: what happens to them, and that nothing happens to others.

#include "chain/clock/clock.hpp"
#include "chain/network/control.hpp"
#include "chain/network/frame.hpp"
#include "chain/network/network.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/chain/network/node.hpp"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace tests;
using network::Conduct;
using network::Sent;

namespace {

network::Payload payload(std::size_t size, std::uint8_t value) {
    return std::make_shared<const network::Bytes>(size, value);
}

chain::Hash genesis() { return loopback(1).genesis; }

/// Whether a client that offers at most this version is answered with a handshake.
bool is_tls_accepted(std::uint16_t port, int version) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_max_proto_version(context, version);
    static constexpr unsigned char protocol[] = "\x08tephra/1";
    SSL_CTX_set_alpn_protos(context, protocol, sizeof protocol - 1);
    SSL* connection = SSL_new(context);
    SSL_set_fd(connection, descriptor);
    bool is_accepted = SSL_connect(connection) == 1;
    // TLS 1.3 lets the client finish first: whether the server agrees shows in what it says next.
    char byte = 0;
    if (is_accepted) is_accepted = SSL_read(connection, &byte, 1) == 1;
    SSL_free(connection);
    SSL_CTX_free(context);
    ::close(descriptor);
    return is_accepted;
}

}  // namespace

TEST_CASE("TLS 1.2 is refused, and so is a client without a certificate") {
    Node a{loopback(1)};
    CHECK_FALSE(is_tls_accepted(a->port(), TLS1_2_VERSION));
    CHECK_FALSE(is_tls_accepted(a->port(), TLS1_3_VERSION));
    REQUIRE(a.until([&] { return a->status().failed_handshakes == 2; }));
    CHECK(a.ups().empty());
}

TEST_CASE("a message before the hello is a ban") {
    Node a{loopback(1)};
    RawPeer raw{2};
    REQUIRE(raw.dial(a.address()));
    raw.send(Channel::Consensus, chain::to_bytes("vote"));
    CHECK(raw.farewell().find("banned") != std::string::npos);
    CHECK(a.heard().empty());
}

TEST_CASE("a record of another peer is refused in a hello") {
    Node a{loopback(1)};
    network::AddressRecord::Body body{.signer = consensus_key(9).public_key(),
                                      .peer = network::peer_of_seed(network_seed(9)),
                                      .sequence = 1,
                                      .expires_ms = chain::unix_ms() + 10'000};
    const auto signature = consensus_key(9).sign(signing_bytes(body, genesis()));
    RawPeer thief{2};
    REQUIRE(thief.dial(a.address()));
    CHECK_FALSE(thief.greet(genesis(), network::encode_record({body, signature})));
    CHECK(thief.farewell().find("address record") != std::string::npos);
}

TEST_CASE("a frame that is too long ends the connection before its content is read") {
    Node a{loopback(1)};
    RawPeer raw{2};
    REQUIRE(raw.dial(a.address()));
    REQUIRE(raw.greet(genesis()));
    REQUIRE(a.until_up(raw.id()));
    raw.send(network::Bytes{0xff, 0xff, 0xff, 0x7f, 1});
    CHECK(raw.farewell().find("broke the rules") != std::string::npos);
    REQUIRE(a.until_down(raw.id()));
    CHECK(a.downs()[0].find("64 kB") != std::string::npos);
}

TEST_CASE("a message longer than its channel allows ends the connection") {
    Node a{loopback(1)};
    RawPeer raw{2};
    REQUIRE(raw.dial(a.address()));
    REQUIRE(raw.greet(genesis()));
    raw.send(Channel::Consensus, network::Bytes(70'000));
    CHECK(raw.farewell().find("broke the rules") != std::string::npos);
    CHECK(a.heard().empty());
}

TEST_CASE("an answer that nobody asked for does not reach sync, and two of them are a ban") {
    Node a{loopback(1)};
    RawPeer raw{2};
    REQUIRE(raw.dial(a.address()));
    REQUIRE(raw.greet(genesis()));
    raw.send(Channel::SyncResponse, chain::to_bytes("?"));
    REQUIRE(a.until([&] { return !a->peers().empty() && a->peers()[0].score == -50; }));
    raw.send(Channel::SyncResponse, chain::to_bytes("?"));
    CHECK(raw.farewell().find("banned") != std::string::npos);
    CHECK(a.heard().empty());
}

TEST_CASE("a banned peer is not let in again") {
    Node a{loopback(1)};
    {
        RawPeer raw{2};
        REQUIRE(raw.dial(a.address()));
        REQUIRE(raw.greet(genesis()));
        a->report(raw.id(), Conduct::InvalidSignature);
        CHECK(raw.farewell().find("banned") != std::string::npos);
    }
    RawPeer again{2};
    REQUIRE(again.dial(a.address()));
    CHECK_FALSE(again.greet(genesis()));
    CHECK(again.farewell().find("banned") != std::string::npos);
    REQUIRE(a.until([&] { return a->status().banned == 1; }));
}

TEST_CASE("a ban outlives the process") {
    const TempFolder folder;
    auto config = loopback(1);
    config.address_book = folder.path() / "addresses";
    {
        Node a{config};
        RawPeer raw{2};
        REQUIRE(raw.dial(a.address()));
        REQUIRE(raw.greet(genesis()));
        a->report(raw.id(), Conduct::InvalidSignature);
        CHECK(raw.farewell().find("banned") != std::string::npos);
    }
    Node restarted{config};
    RawPeer again{2};
    REQUIRE(again.dial(restarted.address()));
    CHECK_FALSE(again.greet(genesis()));
    CHECK(again.farewell().find("banned") != std::string::npos);
}

TEST_CASE("a validator is not banned for what can happen by accident, but for a wrong signature") {
    Node a{loopback(1)};
    Node b{validator(2)};
    a->set_validators({consensus_key(2).public_key()});
    b->add_reserved(a.address());
    REQUIRE(a.until_up(b->id()));
    for (int i = 0; i < 5; ++i) a->report(b->id(), Conduct::Malformed);
    REQUIRE(a.until([&] { return a->peers()[0].score == -100; }));
    CHECK(a.downs().empty());
    a->report(b->id(), Conduct::InvalidSignature);
    CHECK(a.until_down(b->id()));
}

TEST_CASE("a flood of transactions is cut to its allowance, and votes of others pass") {
    Node a{loopback(1)};
    RawPeer flooder{2};
    Node honest{loopback(3)};
    REQUIRE(flooder.dial(a.address()));
    REQUIRE(flooder.greet(genesis()));
    honest->add_reserved(a.address());
    REQUIRE(honest.until_up(a->id()));
    network::Bytes frames;
    for (int i = 0; i < 1'095; ++i)
        append_frame(frames, Channel::Transactions, chain::to_bytes("x"), network::More::No);
    flooder.send(frames);
    CHECK(honest->send(a->id(), Channel::Consensus, chain::to_bytes("vote")) == Sent::Queued);
    REQUIRE(a.until([&] { return a.heard(Channel::Consensus).size() == 1; }));
    const auto dropped = [&] {
        for (const auto& row : a->peers())
            if (row.info.peer == flooder.id()) return row.channels[std::size_t(Channel::Transactions)].dropped_in;
        return std::uint64_t{0};
    };
    REQUIRE(a.until([&] { return dropped() > 0 && dropped() + a.heard(Channel::Transactions).size() == 1'095; }));
    // A burst of 1,000; the rest comes faster than 500 a second.
    CHECK(a.heard(Channel::Transactions).size() >= 1'000);
}

TEST_CASE("who goes on flooding is banned") {
    Node a{loopback(1)};
    RawPeer flooder{2};
    REQUIRE(flooder.dial(a.address()));
    REQUIRE(flooder.greet(genesis()));
    network::Bytes frames;
    for (int i = 0; i < 5'000; ++i)
        append_frame(frames, Channel::Transactions, chain::to_bytes("x"), network::More::No);
    flooder.send(frames);
    CHECK(flooder.farewell().find("banned") != std::string::npos);
}

TEST_CASE("a peer that sends votes too fast is slowed down and loses none") {
    Node a{loopback(1)};
    RawPeer fast{2};
    REQUIRE(fast.dial(a.address()));
    REQUIRE(fast.greet(genesis()));
    network::Bytes frames;
    for (int i = 0; i < 150; ++i) append_frame(frames, Channel::Consensus, chain::to_bytes("vote"), network::More::No);
    fast.send(frames);
    fast.send(Channel::Consensus, chain::to_bytes("last"));
    REQUIRE(a.until([&] { return a.heard(Channel::Consensus).size() == 151; }));
    CHECK(a.heard(Channel::Consensus).back().bytes == chain::to_bytes("last"));
    CHECK(a.downs().empty());
}

TEST_CASE("a peer that does not read delays nobody, and what waits for it is bounded") {
    Node a{loopback(1)};
    RawPeer deaf{2};
    Node b{loopback(3)};
    REQUIRE(deaf.dial(a.address()));
    REQUIRE(deaf.greet(genesis()));
    b->add_reserved(a.address());
    REQUIRE(a.until_up(deaf.id()));
    REQUIRE(a.until_up(b->id()));
    deaf.stop_reading();
    const auto everybody = network::Network::Audience::Everybody;
    for (int i = 0; i < 6; ++i) {
        a->broadcast(everybody, Channel::Proposal, payload(8'000'000, std::uint8_t(i)));
        a->broadcast(everybody, Channel::Consensus, payload(100, std::uint8_t(i)));
        REQUIRE(b.until([&] { return b.heard().size() == 2 * std::size_t(i + 1); }));
    }
    for (const auto& row : a->peers()) {
        const auto& proposals = row.channels[std::size_t(Channel::Proposal)];
        CHECK(proposals.queued_bytes <= 32 << 20);
        CHECK((proposals.dropped_out > 0) == (row.info.peer == deaf.id()));
    }
}

TEST_CASE("a vote overtakes the proposals that were queued before it") {
    Node a{loopback(1)};
    Node b{loopback(2)};
    a->add_reserved(b.address());
    REQUIRE(a.until_up(b->id()));
    // On the network's own thread, so that nothing leaves before all is queued.
    a->post([&] {
        for (std::uint8_t i = 0; i < 4; ++i) a->send(b->id(), Channel::Proposal, payload(8'000'000, i));
        a->send(b->id(), Channel::Consensus, payload(100, 1));
    });
    REQUIRE(b.until([&] { return b.heard().size() == 5; }));
    CHECK(b.heard()[0].channel == Channel::Consensus);
    for (std::uint8_t i = 0; i < 4; ++i) CHECK(b.heard(Channel::Proposal)[i].bytes == *payload(8'000'000, i));
}

TEST_CASE("a full queue of sync answers says so, and says when there is room") {
    Node a{loopback(1)};
    Node b{loopback(2)};
    a->add_reserved(b.address());
    REQUIRE((a.until_up(b->id()) && b.until_up(a->id())));
    for (int i = 0; i < 8; ++i)
        REQUIRE(b->send(a->id(), Channel::SyncRequest, chain::to_bytes("please")) == Sent::Queued);
    REQUIRE(a.until([&] { return a.heard(Channel::SyncRequest).size() == 8; }));
    const std::size_t big = 4'000'000;
    std::size_t sent = 0;
    Sent last = Sent::Queued;
    while (last == Sent::Queued && sent < 8) {
        last = a->send(b->id(), Channel::SyncResponse, payload(big, 1));
        sent += last == Sent::Queued;
    }
    CHECK(last == Sent::Full);
    REQUIRE(a.until([&] { return a.rooms() == 1; }));
    REQUIRE(b.until([&] { return b.heard(Channel::SyncResponse).size() == sent; }));
}

TEST_CASE("a peer that falls silent is gone, and the reason says so") {
    auto config = loopback(1);
    config.limits.silence_max_ms = 500;
    Node a{config};
    RawPeer raw{2};
    REQUIRE(raw.dial(a.address()));
    REQUIRE(raw.greet(genesis()));
    REQUIRE(a.until_down(raw.id()));
    CHECK(a.downs()[0].find("silent") != std::string::npos);
}
