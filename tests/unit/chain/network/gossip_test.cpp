#include "chain/network/gossip.hpp"

#include <catch2/catch.hpp>

using namespace network;
using Gossip = TransactionGossip;

namespace {

PeerId peer(std::uint8_t n) { return PeerId{{n}}; }
Hash hash(std::uint32_t n) {
    return Hash{{static_cast<std::uint8_t>(n), static_cast<std::uint8_t>(n >> 8), static_cast<std::uint8_t>(n >> 16)}};
}

Gossip with_peers(std::uint8_t count, GossipLimits limits = {}) {
    Gossip out{1, limits};
    for (std::uint8_t i = 1; i <= count; ++i) out.peer_up(peer(i));
    return out;
}

template <class Effect>
std::vector<Effect> only(const Gossip::Effects& effects) {
    std::vector<Effect> out;
    for (const auto& effect : effects)
        if (const auto* one = std::get_if<Effect>(&effect)) out.push_back(*one);
    return out;
}

}  // namespace

TEST_CASE("a transaction that entered here goes whole to the leaders and by hash to the root of all peers") {
    Gossip gossip = with_peers(9);
    const auto effects = gossip.entered(hash(1), {peer(4), peer(5), peer(99), peer(4)}, 1'000);
    CHECK(effects == Gossip::Effects{Gossip::Deliver{peer(4), {hash(1)}}, Gossip::Deliver{peer(5), {hash(1)}}});
    CHECK(gossip.next_timer_ms() == 1'050);
    CHECK(gossip.tick(1'049).empty());
    const auto announced = only<Gossip::Announce>(gossip.tick(1'050));
    REQUIRE(announced.size() == 3);
    for (const auto& one : announced) {
        CHECK(one.hashes == std::vector{hash(1)});
        CHECK(one.to != peer(4));
        CHECK(one.to != peer(5));
    }
    CHECK_FALSE(gossip.next_timer_ms());
}

TEST_CASE("under load a leader is given batches, and nothing waits longer than the pause") {
    Gossip gossip = with_peers(1);
    CHECK(gossip.entered(hash(0), {peer(1)}, 1'000) == Gossip::Effects{Gossip::Deliver{peer(1), {hash(0)}}});
    CHECK(gossip.entered(hash(1), {peer(1)}, 1'001).empty());
    CHECK(gossip.entered(hash(2), {peer(1)}, 1'004).empty());
    CHECK(gossip.next_timer_ms() == 1'005);
    CHECK(gossip.tick(1'004).empty());
    CHECK(gossip.tick(1'005) == Gossip::Effects{Gossip::Deliver{peer(1), {hash(1), hash(2)}}});
    for (std::uint32_t i = 10; i < 73; ++i) CHECK(gossip.entered(hash(i), {peer(1)}, 1'006).empty());
    CHECK(std::get<Gossip::Deliver>(gossip.entered(hash(73), {peer(1)}, 1'006).at(0)).hashes.size() == 64);
}

TEST_CASE("a full batch goes at once") {
    Gossip gossip = with_peers(1);
    for (std::uint32_t i = 0; i < 63; ++i) CHECK(gossip.entered(hash(i), {}, 0).empty());
    const auto effects = gossip.entered(hash(63), {}, 0);
    REQUIRE(effects.size() == 1);
    CHECK(std::get<Gossip::Announce>(effects[0]).hashes.size() == 64);
    CHECK(gossip.tick(1'000).empty());
}

TEST_CASE("an announced transaction is asked for once, and from the next who has it where the first is silent") {
    Gossip gossip = with_peers(3);
    CHECK(gossip.announced(peer(1), {hash(1), hash(2)}, 0) ==
          Gossip::Effects{Gossip::Request{peer(1), {hash(1), hash(2)}}});
    CHECK(gossip.announced(peer(2), {hash(1)}, 10).empty());
    CHECK(gossip.announced(peer(2), {hash(1)}, 10).empty());
    CHECK(gossip.delivered(peer(1), hash(2)));
    CHECK(gossip.pending() == 1);
    CHECK(gossip.tick(999).empty());
    CHECK(gossip.tick(1'000) == Gossip::Effects{Gossip::Request{peer(2), {hash(1)}}});
    CHECK(gossip.tick(2'000).empty());
    CHECK(gossip.pending() == 0);
    // Nobody is left: a new announcement begins anew.
    CHECK(gossip.announced(peer(3), {hash(1)}, 2'000) == Gossip::Effects{Gossip::Request{peer(3), {hash(1)}}});
}

TEST_CASE("who leaves is replaced by the next who announced it") {
    Gossip gossip = with_peers(3);
    gossip.announced(peer(1), {hash(1), hash(2)}, 0);
    gossip.announced(peer(2), {hash(1)}, 0);
    CHECK(gossip.peer_down(peer(1), 5) == Gossip::Effects{Gossip::Request{peer(2), {hash(1)}}});
    CHECK(gossip.pending() == 1);
    CHECK(gossip.peer_down(peer(2), 5).empty());
    CHECK(gossip.pending() == 0);
}

TEST_CASE("what was seen is neither asked for nor new again, unless the pool had no room") {
    Gossip gossip = with_peers(2);
    CHECK(gossip.delivered(peer(1), hash(1)));
    CHECK_FALSE(gossip.delivered(peer(2), hash(1)));
    CHECK(gossip.announced(peer(2), {hash(1)}, 0).empty());
    gossip.forget(hash(1));
    CHECK(gossip.announced(peer(2), {hash(1)}, 0).size() == 1);
}

TEST_CASE("an accepted transaction is not announced to who brought it") {
    Gossip gossip = with_peers(2);
    CHECK(gossip.delivered(peer(1), hash(1)));
    gossip.accepted(hash(1), peer(1), 0);
    CHECK(gossip.tick(50) == Gossip::Effects{Gossip::Announce{peer(2), {hash(1)}}});
}

TEST_CASE("only what was seen is delivered on request") {
    Gossip gossip = with_peers(1);
    gossip.entered(hash(1), {}, 0);
    CHECK(gossip.requested(peer(1), {hash(1), hash(2)}) == Gossip::Effects{Gossip::Deliver{peer(1), {hash(1)}}});
    CHECK(gossip.requested(peer(1), {hash(2)}).empty());
}

TEST_CASE("what is remembered and what is asked for is bounded") {
    Gossip gossip = with_peers(3, {.seen_max = 10, .pending_max = 6, .pending_per_peer_max = 4, .announcers_max = 1});
    for (std::uint32_t i = 0; i < 20; ++i) gossip.delivered(peer(1), hash(i));
    CHECK(gossip.seen() == 10);
    CHECK(gossip.delivered(peer(1), hash(0)));
    std::vector<Hash> many;
    for (std::uint32_t i = 100; i < 120; ++i) many.push_back(hash(i));
    CHECK(std::get<Gossip::Request>(gossip.announced(peer(1), many, 0)[0]).hashes.size() == 4);
    CHECK(std::get<Gossip::Request>(gossip.announced(peer(2), many, 0)[0]).hashes.size() == 2);
    CHECK(gossip.pending() == 6);
    // Answers make room.
    CHECK(gossip.delivered(peer(1), many[0]));
    CHECK(gossip.announced(peer(1), {hash(119)}, 0).size() == 1);
}
