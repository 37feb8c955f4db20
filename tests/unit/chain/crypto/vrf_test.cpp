#include "chain/crypto/vrf.hpp"

#include <catch2/catch.hpp>
#include <sodium.h>

#include <algorithm>
#include <set>

using namespace crypto;
using chain::Bytes;

namespace {

Bytes text(std::string_view characters) { return {characters.begin(), characters.end()}; }

VrfKey key_of(std::uint8_t n) {
    VrfKey::Seed seed{};
    seed.fill(n);
    return VrfKey::from_seed(seed);
}

/// The group's order ℓ, little-endian.
constexpr std::array<std::uint8_t, 32> order{0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                             0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                             0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

/// Adds ℓ to one of the proof's scalars: the same scalar, written in another way.
VrfProof with_order_added(VrfProof proof, std::size_t offset) {
    unsigned carry = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        carry += proof.value[offset + i] + unsigned{order[i]};
        proof.value[offset + i] = static_cast<std::uint8_t>(carry);
        carry >>= 8;
    }
    REQUIRE(carry == 0);
    return proof;
}

}  // namespace

TEST_CASE("a proof convinces, and is the same every time") {
    const VrfKey key = key_of(7);
    const auto result = key.prove(text("epoch 3"));
    CHECK(verify(key.public_key(), text("epoch 3"), result.output, result.proof));
    CHECK(key.prove(text("epoch 3")) == result);
    CHECK(VrfKey::from_seed(key.seed()).prove(text("epoch 3")) == result);
}

TEST_CASE("generated keys differ and work") {
    const VrfKey a = VrfKey::generate();
    const VrfKey b = VrfKey::generate();
    CHECK(a.public_key() != b.public_key());
    CHECK(is_valid(a.public_key()));
    const auto result = a.prove({});
    CHECK(verify(a.public_key(), {}, result.output, result.proof));
}

TEST_CASE("every key and input has an output of its own") {
    std::set<VrfOutput> outputs;
    for (std::uint8_t k = 0; k < 8; ++k)
        for (std::uint8_t input = 0; input < 8; ++input) outputs.insert(key_of(k).prove(Bytes{input}).output);
    CHECK(outputs.size() == 64);
}

TEST_CASE("nothing but the right key, input and output verifies") {
    const VrfKey key = key_of(1);
    const auto result = key.prove(text("a"));
    CHECK_FALSE(verify(key_of(2).public_key(), text("a"), result.output, result.proof));
    CHECK_FALSE(verify(key.public_key(), text("b"), result.output, result.proof));
    CHECK_FALSE(verify(key.public_key(), text("a"), key.prove(text("b")).output, result.proof));
    CHECK_FALSE(verify(key.public_key(), text("a"), key_of(2).prove(text("a")).output, result.proof));
    CHECK_FALSE(verify(key.public_key(), text("a"), result.output, key.prove(text("b")).proof));
}

TEST_CASE("no changed bit of a proof, an output or a key goes unnoticed") {
    const VrfKey key = key_of(1);
    const auto [output, proof] = key.prove(text("a"));
    for (std::size_t bit = 0; bit < 512; ++bit) {
        VrfProof changed = proof;
        changed.value[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        CHECK_FALSE(verify(key.public_key(), text("a"), output, changed));
    }
    for (std::size_t bit = 0; bit < 256; ++bit) {
        VrfOutput changed = output;
        changed.value[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        CHECK_FALSE(verify(key.public_key(), text("a"), changed, proof));
        VrfPublic other = key.public_key();
        other.value[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        CHECK_FALSE(verify(other, text("a"), output, proof));
    }
}

TEST_CASE("scalars have one way to be written") {
    const VrfKey key = key_of(1);
    const auto [output, proof] = key.prove(text("a"));
    CHECK_FALSE(verify(key.public_key(), text("a"), output, with_order_added(proof, 0)));
    CHECK_FALSE(verify(key.public_key(), text("a"), output, with_order_added(proof, 32)));
}

TEST_CASE("the neutral point is neither a key nor an output, and zero scalars prove nothing") {
    const VrfKey key = key_of(1);
    const auto [output, proof] = key.prove(text("a"));
    CHECK_FALSE(is_valid(VrfPublic{}));
    CHECK_FALSE(verify(VrfPublic{}, text("a"), output, proof));
    CHECK_FALSE(verify(key.public_key(), text("a"), VrfOutput{}, proof));
    CHECK_FALSE(verify(VrfPublic{}, text("a"), VrfOutput{}, VrfProof{}));
    CHECK_FALSE(verify(key.public_key(), text("a"), output, VrfProof{}));
}

TEST_CASE("bytes that are no point are no key") {
    VrfPublic key;
    key.value.fill(0xff);
    CHECK_FALSE(is_valid(key));
    // p: the field's zero, but not in its shortest form.
    key.value.fill(0xff);
    key.value[0] = 0xed;
    key.value[31] = 0x7f;
    CHECK_FALSE(is_valid(key));
}

TEST_CASE("an owner cannot prove an output of his choice") {
    // He knows x and k; he wants Γ' = Γ + B and plays the protocol with it as well as he can.
    const VrfKey key = key_of(1);
    const auto [output, proof] = key.prove(text("a"));
    std::array<std::uint8_t, 32> one{1};
    std::array<std::uint8_t, 32> base{};
    REQUIRE(crypto_scalarmult_ristretto255_base(base.data(), one.data()) == 0);
    VrfOutput other;
    REQUIRE(crypto_core_ristretto255_add(other.value.data(), output.value.data(), base.data()) == 0);
    CHECK_FALSE(verify(key.public_key(), text("a"), other, proof));
}

TEST_CASE("the bytes are those of the specification") {
    // Computed by a second implementation, in plain integers, from the text of the header and RFC 9496.
    VrfKey::Seed seed{};
    for (std::size_t i = 0; i < seed.size(); ++i) seed[i] = static_cast<std::uint8_t>(i);
    const VrfKey key = VrfKey::from_seed(seed);
    const auto [output, proof] = key.prove(text("tephra"));
    CHECK(chain::to_hex(key.public_key().value) ==
          "0xf825a933d316fcb4f9c04803bc19ced118b737b4c2558a1f5b63c58576a2d568");
    CHECK(chain::to_hex(output.value) == "0xe8ac33f09de6f4238db6c091664f2c188058efebc2c6b97922f3e6b62e62ca77");
    CHECK(chain::to_hex(proof.value) ==
          "0x0327a4f8ee12fa14e2b52aa7d0263a84028e9ec7aef8af502e051feba5397d0b"
          "bf32daee4419707c427363f1b09d7448bad996333fc27b672ca97a1f9d327709");
}
