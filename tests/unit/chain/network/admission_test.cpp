#include "chain/network/admission.hpp"

#include <catch2/catch.hpp>

using namespace network;

namespace {

Ip ip(std::string_view text) { return ip_from_text(text).value(); }

}  // namespace

TEST_CASE("one address begins handshakes at a bounded rate") {
    Admission door{{.handshakes_max = 1'000, .handshakes_per_second = 2}};
    CHECK_FALSE(door.arrived(ip("1.2.3.4"), 0));
    CHECK_FALSE(door.arrived(ip("1.2.3.4"), 0));
    CHECK(door.arrived(ip("1.2.3.4"), 0) == Refusal::HandshakesTooFast);
    CHECK_FALSE(door.arrived(ip("1.2.3.5"), 0));
    CHECK_FALSE(door.arrived(ip("1.2.3.4"), 500));
    for (int i = 0; i < 10; ++i) CHECK_FALSE(door.arrived(ip("127.0.0.1"), 0));
}

TEST_CASE("unfinished handshakes are bounded over all addresses") {
    Admission door{{.handshakes_max = 2}};
    CHECK_FALSE(door.arrived(ip("127.0.0.1"), 0));
    CHECK_FALSE(door.arrived(ip("1.2.3.4"), 0));
    CHECK(door.arrived(ip("127.0.0.1"), 0) == Refusal::HandshakesFull);
    door.handshake_ended();
    CHECK_FALSE(door.arrived(ip("127.0.0.1"), 0));
}

TEST_CASE("an address, a subnet and all together have their bounds") {
    Admission door{{.inbound_max = 5, .per_ip_max = 2, .per_subnet_max = 3}};
    CHECK_FALSE(door.joins(ip("1.2.3.4")));
    CHECK_FALSE(door.joins(ip("1.2.3.4")));
    CHECK(door.joins(ip("1.2.3.4")) == Refusal::IpFull);
    CHECK_FALSE(door.joins(ip("1.2.3.5")));
    CHECK(door.joins(ip("1.2.3.6")) == Refusal::SubnetFull);
    CHECK_FALSE(door.joins(ip("127.0.0.1")));
    CHECK_FALSE(door.joins(ip("127.0.0.1")));
    CHECK(door.joins(ip("127.0.0.1")) == Refusal::InboundFull);
    door.left(ip("1.2.3.4"));
    CHECK_FALSE(door.joins(ip("1.2.3.6")));
    CHECK(door.inbound() == 5);
}

TEST_CASE("private addresses are limited where it is asked for") {
    Admission door{{.per_ip_max = 1, .handshakes_per_second = 1, .are_private_addresses_limited = true}};
    CHECK_FALSE(door.arrived(ip("10.0.0.1"), 0));
    CHECK(door.arrived(ip("10.0.0.1"), 0) == Refusal::HandshakesTooFast);
    CHECK_FALSE(door.joins(ip("10.0.0.1")));
    CHECK(door.joins(ip("10.0.0.1")) == Refusal::IpFull);
}
