#include "chain/sync/peers.hpp"

#include <catch2/catch.hpp>

using namespace block_sync;

namespace {

Request range(std::uint64_t id, std::uint32_t first, std::uint32_t count = 64) {
    return {.id = id, .first = first, .count = count};
}

/// Asks and is answered after so long.
void serve(Peers& peers, Peer peer, std::uint64_t id, std::uint64_t at_ms, std::uint64_t took_ms) {
    peers.ask(peer, range(id, 1), at_ms);
    bool is_late = false;
    const auto asked = peers.answered(peer, id, at_ms + took_ms, is_late);
    REQUIRE(asked);
    peers.served(*asked, at_ms + took_ms);
}

}  // namespace

TEST_CASE("only who claims a block is asked for it, at most twice at once") {
    Peers peers;
    peers.stands(1, 10);
    CHECK(peers.choose(11, 0) == std::nullopt);
    CHECK(peers.choose(10, 0) == 1);
    peers.ask(1, range(1, 1), 0);
    peers.ask(1, range(2, 65), 0);
    CHECK(peers.choose(10, 0) == std::nullopt);
    CHECK(peers.is_asked(64));
    CHECK_FALSE(peers.is_asked(129));
}

TEST_CASE("idle before busy, fast before slow") {
    Peers peers;
    for (const Peer peer : {1U, 2U, 3U}) peers.stands(peer, 100);
    serve(peers, 1, 1, 0, 900);
    serve(peers, 2, 2, 0, 100);
    serve(peers, 3, 3, 0, 500);
    CHECK(peers.choose(1, 1'000) == 2);
    peers.ask(2, range(4, 1), 1'000);
    CHECK(peers.choose(1, 1'000) == 3);
}

TEST_CASE("who does not answer in time is paused, longer each time, and not blamed for answering late") {
    Peers peers;
    peers.stands(1, 100);
    peers.ask(1, range(1, 1), 0);
    CHECK(peers.expire(Peers::timeout_ms_first - 1).empty());
    CHECK(peers.expire(Peers::timeout_ms_first) == std::vector<Peer>{1});
    CHECK_FALSE(peers.is_asked(1));
    CHECK(peers.choose(1, Peers::timeout_ms_first) == std::nullopt);
    const std::uint64_t back = Peers::timeout_ms_first + Peers::pause_ms_first;
    CHECK(peers.next_end_ms(Peers::timeout_ms_first) == back);
    CHECK(peers.choose(1, back) == 1);

    bool is_late = false;
    CHECK_FALSE(peers.answered(1, 1, back, is_late));
    CHECK(is_late);
    CHECK_FALSE(peers.answered(1, 1, back, is_late));
    CHECK_FALSE(is_late);

    peers.ask(1, range(2, 1), back);
    CHECK(peers.choose(1, back) == std::nullopt);  // one question for who failed last time
    CHECK(peers.expire(back + Peers::timeout_ms_first) == std::vector<Peer>{1});
    CHECK(peers.choose(1, back + Peers::timeout_ms_first + 2 * Peers::pause_ms_first - 1) == std::nullopt);
    CHECK(peers.choose(1, back + Peers::timeout_ms_first + 2 * Peers::pause_ms_first) == 1);
}

TEST_CASE("a peer that answers fast is given up sooner") {
    Peers peers;
    peers.stands(1, 100);
    serve(peers, 1, 1, 0, 10);
    peers.ask(1, range(2, 1), 1'000);
    CHECK(peers.expire(1'000 + Peers::timeout_ms_min) == std::vector<Peer>{1});
}

TEST_CASE("an answer counts only from who was asked") {
    Peers peers;
    peers.stands(1, 100);
    peers.stands(2, 100);
    peers.ask(1, range(1, 1), 0);
    bool is_late = false;
    CHECK_FALSE(peers.answered(2, 1, 5, is_late));
    CHECK_FALSE(is_late);
    CHECK(peers.answered(1, 1, 5, is_late)->request.first == 1);
}

TEST_CASE("who leaves takes his questions with him") {
    Peers peers;
    peers.stands(1, 100);
    peers.ask(1, range(1, 1), 0);
    peers.gone(1);
    CHECK(peers.requests() == 0);
    CHECK(peers.highest() == 0);
    CHECK(peers.expire(1'000'000).empty());
}
