#include "chain/network/control.hpp"

#include <catch2/catch.hpp>

using namespace network;

namespace {

Hello hello() {
    Hello out{
        .kind = NodeKind::Validator, .instance = 5, .listen_port = 30'333, .record = {1, 2}, .agent = "tephra/0.1.0"};
    out.genesis.value[31] = 4;
    return out;
}

bool survives(const ControlMessage& message) { return decode_control(encode(message)) == message; }

}  // namespace

TEST_CASE("control messages read back as they were written") {
    CHECK(survives(hello()));
    CHECK(survives(Hello{}));
    CHECK(survives(Welcome{{1, 2, 3}}));
    CHECK(survives(Welcome{}));
    CHECK(survives(Ping{~std::uint64_t{0}}));
    CHECK(survives(Pong{0}));
    for (std::uint8_t why = 0; why < goodbye_count; ++why) {
        CHECK(survives(static_cast<Goodbye>(why)));
        CHECK_FALSE(text(static_cast<Goodbye>(why)).empty());
    }
}

TEST_CASE("control messages over a bound are refused") {
    CHECK_FALSE(decode_control({}));
    CHECK_FALSE(decode_control(Bytes{0xff}));
    CHECK_FALSE(decode_control(encode(ControlMessage{Welcome{Bytes(greeting_bytes_max + 1)}})));
    Hello large = hello();
    large.record = Bytes(257);
    CHECK_FALSE(decode_control(encode(ControlMessage{large})));
    Hello noisy = hello();
    noisy.agent = "\x1b[2J";
    Bytes asked_for = encode(ControlMessage{noisy});
    CHECK(std::get<Hello>(*decode_control(asked_for)).agent == "?[2J");
    asked_for[asked_for.size() - 4] = 0x1b;
    CHECK_FALSE(decode_control(asked_for));
    // Two messages in one.
    Bytes twice = encode(ControlMessage{Ping{1}});
    chain::append(twice, encode(ControlMessage{Ping{2}}));
    CHECK_FALSE(decode_control(twice));
    // A good-bye of a number that nobody knows.
    CHECK_FALSE(decode_control(Bytes{0x28, goodbye_count}));
}

TEST_CASE("another genesis and another version are objections") {
    CHECK_FALSE(objection(hello(), hello()));
    Hello other = hello();
    other.genesis.value[0] = 1;
    CHECK(objection(other, hello()) == Goodbye::WrongGenesis);
    other.protocol = 2;
    CHECK(objection(other, hello()) == Goodbye::WrongProtocol);
}

TEST_CASE("discovery messages carry at most sixteen records of bounded length") {
    DiscoveryMessage message{.is_request = true, .records = std::vector<Bytes>(16, Bytes(200, 1))};
    CHECK(encode(message).size() < 8'192);
    CHECK(decode_discovery(encode(message)) == message);
    CHECK(decode_discovery(encode(DiscoveryMessage{})) == DiscoveryMessage{});
    message.records.emplace_back();
    CHECK_FALSE(decode_discovery(encode(message)));
    message.records = {Bytes(257)};
    CHECK_FALSE(decode_discovery(encode(message)));
}
