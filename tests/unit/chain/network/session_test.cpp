#include "chain/network/session.hpp"

#include <catch2/catch.hpp>

using namespace network;

namespace {

class FakeLink : public Link {
public:
    explicit FakeLink(std::uint8_t n) { peer_.value[0] = n; }
    const PeerId& peer() const override { return peer_; }
    const SocketAddress& remote() const override { return remote_; }
    void start(Handlers) override {}
    void write(Bytes) override {}
    bool is_writing() const override { return false; }
    void close(Bytes) override {}

private:
    PeerId peer_;
    SocketAddress remote_;
};

/// A connection with peer number 5.
Session session(Direction direction, std::uint64_t instance, std::uint64_t heard_ms = 1'000) {
    Session out{std::make_shared<FakeLink>(std::uint8_t{5}), direction, "", heard_ms};
    out.theirs = Hello{.instance = instance};
    return out;
}

const PeerId smaller{{1}};
const PeerId larger{{9}};

bool wins(const Session& fresh, const Session& old, const PeerId& self) {
    return replaces(fresh, old, self, 1'000, 500);
}

}  // namespace

TEST_CASE("of two that dialled each other at once the smaller one's connection stays, on both sides") {
    const Session in = session(Direction::Inbound, 1);
    const Session out = session(Direction::Outbound, 1);
    // Seen from a node that is smaller than its peer: its own dial stays.
    CHECK(wins(out, in, smaller));
    CHECK_FALSE(wins(in, out, smaller));
    // From one that is larger: the peer's.
    CHECK(wins(in, out, larger));
    CHECK_FALSE(wins(out, in, larger));
}

TEST_CASE("a peer that was restarted, that dials again or that was silent is believed") {
    CHECK(wins(session(Direction::Inbound, 2), session(Direction::Outbound, 1), smaller));
    CHECK(wins(session(Direction::Inbound, 1), session(Direction::Inbound, 1), smaller));
    CHECK(wins(session(Direction::Inbound, 1), session(Direction::Outbound, 1, 400), smaller));
    CHECK_FALSE(wins(session(Direction::Inbound, 1), session(Direction::Outbound, 1, 2'000), smaller));
}

TEST_CASE("a validator is allowed more, and waits where others are dropped or wait longer") {
    Allowance validator{true};
    Allowance other{false};
    std::uint64_t other_pause_ms = 0;
    for (int i = 0; i < 200; ++i) {
        CHECK(validator.message(Channel::Consensus, 0).pause_ms == 0);
        other_pause_ms = other.message(Channel::Consensus, 0).pause_ms;
        CHECK_FALSE(validator.message(Channel::Transactions, 0).is_dropped);
    }
    CHECK(other_pause_ms == 2'250);  // 72 over the burst at 32 a second
    int dropped = 0;
    for (int i = 0; i < 1'100; ++i) dropped += other.message(Channel::Transactions, 0).is_dropped;
    CHECK(dropped == 100);
}
