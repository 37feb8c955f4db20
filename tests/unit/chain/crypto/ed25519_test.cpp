#include "chain/crypto/ed25519.hpp"

#include "tests/support/json_file.hpp"

#include <catch2/catch.hpp>

using namespace chain;
using crypto::Ed25519Key;
using crypto::Ed25519Public;
using crypto::Ed25519Signature;

TEST_CASE("keys and signatures are those of RFC 8032") {
    const auto vectors = tests::json_file("tests/vectors/ed25519.json");
    for (const auto& vector : vectors.as_array()) {
        const auto key = Ed25519Key::from_seed(*array_from_hex<32>(tests::text(vector.at("secret"))));
        const Bytes message = tests::bytes(vector.at("message"));
        CHECK(to_hex(key.public_key().value) == tests::text(vector.at("public")));
        CHECK(to_hex(key.sign(message).value) == tests::text(vector.at("signature")));
        CHECK(crypto::verify(key.public_key(), message, key.sign(message)));
        CHECK(to_hex(key.seed()) == tests::text(vector.at("secret")));
    }
}

TEST_CASE("another message, key or bit is refused") {
    const auto key = Ed25519Key::from_seed({1});
    const Bytes message = to_bytes("vote");
    const Ed25519Signature signature = key.sign(message);
    CHECK_FALSE(crypto::verify(key.public_key(), to_bytes("veto"), signature));
    CHECK_FALSE(crypto::verify(Ed25519Key::from_seed({2}).public_key(), message, signature));
    for (std::size_t bit = 0; bit < 512; ++bit) {
        Ed25519Signature changed = signature;
        changed.value[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        REQUIRE_FALSE(crypto::verify(key.public_key(), message, changed));
    }
}

TEST_CASE("a scalar beyond the order is refused, so nobody makes a second signature from one") {
    // The order of the group, little-endian, is added to S.
    const auto order = *from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    const auto key = Ed25519Key::from_seed({3});
    Ed25519Signature changed = key.sign(to_bytes("x"));
    int carry = 0;
    for (std::size_t i = 0; i < 32; ++i) {
        const int sum = changed.value[32 + i] + order[i] + carry;
        changed.value[32 + i] = static_cast<std::uint8_t>(sum);
        carry = sum >> 8;
    }
    CHECK_FALSE(crypto::verify(key.public_key(), to_bytes("x"), changed));
}

TEST_CASE("a key of small order, under which one signature fits everything, is refused") {
    Ed25519Public identity{};
    identity.value[0] = 1;
    Ed25519Signature all_zero{};
    all_zero.value[0] = 1;
    CHECK_FALSE(crypto::verify(identity, to_bytes("anything"), all_zero));
    CHECK_FALSE(crypto::verify({}, to_bytes("anything"), {}));
}
