#include "chain/network/address.hpp"

#include <catch2/catch.hpp>

using namespace network;

namespace {

constexpr std::uint64_t now_ms = 1'800'000'000'000;

Ip ip(std::string_view text) { return ip_from_text(text).value(); }

crypto::Ed25519Key key() { return crypto::Ed25519Key::from_seed({1}); }

AddressRecord record(const Hash& genesis = {}, std::uint64_t expires_ms = now_ms + 1'000) {
    AddressRecord out;
    out.body = {.signer = key().public_key(), .peer = PeerId{{2}}, .sequence = 3, .expires_ms = expires_ms};
    out.body.addresses.value = {{ip("1.2.3.4"), 5}, {ip("2001:db8::1"), 6}};
    out.signature = key().sign(signing_bytes(out.body, genesis));
    return out;
}

}  // namespace

TEST_CASE("addresses read back as they are written") {
    for (const std::string text : {"1.2.3.4:30333", "[2001:db8::1]:1"})
        CHECK(to_text(*socket_address_from_text(text)) == text);
    for (const std::string_view text :
         {"", "1.2.3.4", "1.2.3.4:", "1.2.3:4", "1.2.3.4:65536", "2001:db8::1:1", "name:1", "[::1", "[::1]"})
        CHECK_FALSE(socket_address_from_text(text));
}

TEST_CASE("an operator writes a peer with or without key and port") {
    const std::string digits(64, 'a');
    const auto full = peer_address_from_text(digits + "@example.org:1234");
    REQUIRE(full);
    CHECK(to_text(*full->peer) == digits);
    CHECK(full->host == "example.org");
    CHECK(full->port == 1234);
    CHECK(to_text(*full) == digits + "@example.org:1234");
    CHECK(peer_address_from_text("10.0.0.1")->port == default_port);
    CHECK_FALSE(peer_address_from_text("10.0.0.1")->peer);
    CHECK(peer_address_from_text("[::1]:7")->host == "::1");
    CHECK(to_text(*peer_address_from_text("[::1]:7")) == "[::1]:7");
    for (const std::string_view text :
         {"", "@host", "abc@host", "host:0", "host:x", ":1", "a b", "[[::1]:7", "[aa[20]:7", "[::x]:7"})
        CHECK_FALSE(peer_address_from_text(text));
    CHECK(peer_address_from_text("abc@host").error().text ==
          "abc@host: before the @ stand the 64 digits of a peer's key");
}

TEST_CASE("private and unusable addresses are known") {
    for (const auto text : {"127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.0.1",
                            "::1", "fd00::1", "fe80::1"})
        CHECK(is_private(ip(text)));
    for (const auto text : {"1.2.3.4", "172.32.0.1", "172.15.0.1", "192.169.0.1", "2001:db8::1", "::2"})
        CHECK_FALSE(is_private(ip(text)));
    for (const auto text : {"0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "ff02::1"}) CHECK(is_unusable(ip(text)));
    CHECK_FALSE(is_unusable(ip("1.2.3.4")));
}

TEST_CASE("neighbours share a subnet and a region") {
    CHECK(subnet(ip("1.2.3.4")) == subnet(ip("1.2.3.200")));
    CHECK(subnet(ip("1.2.3.4")) != subnet(ip("1.2.4.4")));
    CHECK(region(ip("1.2.3.4")) == region(ip("1.2.200.4")));
    CHECK(region(ip("1.2.3.4")) != region(ip("1.3.3.4")));
    CHECK(subnet(ip("2001:db8:1::1")) == subnet(ip("2001:db8:1:ffff::1")));
    CHECK(subnet(ip("2001:db8:1::1")) != subnet(ip("2001:db8:2::1")));
}

TEST_CASE("a record is believed for its chain, its time and its signer only") {
    const Hash genesis{{9}};
    const AddressRecord good = record(genesis);
    CHECK(encode_record(good).size() <= record_bytes_max);
    const auto read = decode_record(encode_record(good), genesis, now_ms);
    REQUIRE(read);
    CHECK(*read == good);
    CHECK(decode_record(encode_record(good), Hash{}, now_ms).error() == RecordFault::BadSignature);
    CHECK(decode_record(encode_record(good), genesis, now_ms + 1'000).error() == RecordFault::Expired);
    const AddressRecord far = record(genesis, now_ms + 26 * 3'600'000);
    CHECK(decode_record(encode_record(far), genesis, now_ms).error() == RecordFault::TooFarAhead);
    AddressRecord changed = good;
    changed.body.addresses.value[0].port = 7;
    CHECK(decode_record(encode_record(changed), genesis, now_ms).error() == RecordFault::BadSignature);
    Bytes longer = encode_record(good);
    longer.push_back(0);
    CHECK(decode_record(longer, genesis, now_ms).error() == RecordFault::Malformed);
    CHECK(decode_record(Bytes(300), genesis, now_ms).error() == RecordFault::Malformed);
}
