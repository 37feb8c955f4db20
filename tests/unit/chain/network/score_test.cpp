#include "chain/network/score.hpp"

#include <catch2/catch.hpp>

using namespace network;

namespace {

PeerId peer(std::uint8_t n) { return PeerId{{n}}; }

}  // namespace

TEST_CASE("conduct adds up and is forgiven by a tenth a minute") {
    Score score;
    CHECK(score.add(Conduct::Unsolicited, 0) == -50);
    CHECK(score.value(59'999) == -50);
    CHECK(score.value(60'000) == -45);
    CHECK(score.value(120'000) == -40);
    CHECK(score.value(24 * 3'600'000) == 0);
    CHECK(score.add(Conduct::Oversize, 60'000) == -95);
    CHECK(score.add(Conduct::SlowSync, 60'000) == Score::banned_at);
}

TEST_CASE("frequent small faults do not stop the forgiving") {
    Score score;
    for (std::uint64_t now_ms = 0; now_ms < 600'000; now_ms += 30'000) score.add(Conduct::Flood, now_ms);
    // Two a minute, less a tenth of all each minute.
    CHECK(score.value(600'000) > -15);
    CHECK(score.value(600'000) < -8);
}

TEST_CASE("what was earned has a bound and does not cover a wrong signature") {
    Score score;
    for (int i = 0; i < 500; ++i) score.add(Conduct::UsefulBlock, 0);
    CHECK(score.value(0) == Score::best);
    CHECK(score.add(Conduct::InvalidBlock, 0) == 0);
    CHECK(score.add(Conduct::InvalidSignature, 0) == Score::banned_at);
    CHECK(is_cryptographic(Conduct::InvalidSignature));
    CHECK_FALSE(is_cryptographic(Conduct::Malformed));
}

TEST_CASE("a ban ends, and the longer of two counts") {
    Bans bans;
    bans.ban(peer(1), 100);
    bans.ban(peer(1), 50);
    CHECK(bans.is_banned(peer(1), 99));
    CHECK_FALSE(bans.is_banned(peer(1), 100));
    CHECK_FALSE(bans.is_banned(peer(2), 0));
    bans.tidy(100);
    CHECK(bans.size() == 0);
}

TEST_CASE("bans come back from their bytes and end when they would have, whatever the clocks began at") {
    Bans bans;
    bans.ban(peer(1), 5'000);
    bans.ban(peer(2), 900);
    bans.ban(peer(3), 9'000);
    const auto bytes = bans.encode(1'000, 700'000);

    Bans next;
    CHECK(next.load(bytes, 50, 701'000, 4'000) == 2);
    CHECK(next.is_banned(peer(1), 3'049));
    CHECK_FALSE(next.is_banned(peer(1), 3'050));
    CHECK_FALSE(next.is_banned(peer(2), 50));
    // A wall clock that went back does not make bans longer.
    CHECK(next.is_banned(peer(3), 4'049));
    CHECK_FALSE(next.is_banned(peer(3), 4'050));

    Bans later;
    CHECK(later.load(bytes, 50, 900'000, 4'000) == 0);
    CHECK(later.load(chain::to_bytes("garbage"), 50, 0, 4'000) == 0);
    CHECK(later.size() == 0);
}

TEST_CASE("of too many bans the one that ends first goes") {
    Bans bans;
    for (std::size_t i = 0; i <= Bans::peers_max; ++i) {
        PeerId id;
        id.value[0] = static_cast<std::uint8_t>(i);
        id.value[1] = static_cast<std::uint8_t>(i >> 8);
        bans.ban(id, 1'000 + i);
    }
    CHECK(bans.size() == Bans::peers_max);
    CHECK_FALSE(bans.is_banned(PeerId{}, 0));
    CHECK(bans.is_banned(peer(1), 0));
}
