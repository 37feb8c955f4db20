#include "chain/crypto/box.hpp"

#include <catch2/catch.hpp>

using namespace chain;
using crypto::BoxSecret;

TEST_CASE("only the owner of the key opens a box, and only an unchanged one") {
    const auto owner = BoxSecret::generate();
    const auto stranger = BoxSecret::generate();
    for (const std::size_t size : {0U, 1U, 100U, 10'000U}) {
        const Bytes message(size, 7);
        const Bytes sealed = *crypto::seal(owner.public_key(), message);
        CHECK(sealed.size() == size + 48);
        CHECK(owner.open(sealed) == message);
        CHECK_FALSE(stranger.open(sealed));
    }
    Bytes sealed = *crypto::seal(owner.public_key(), to_bytes("secret"));
    for (auto& byte : sealed) {
        byte ^= 1;
        REQUIRE_FALSE(owner.open(sealed));
        byte ^= 1;
    }
    CHECK(owner.open(sealed) == to_bytes("secret"));
}

TEST_CASE("two boxes of one message have nothing in common") {
    const auto owner = BoxSecret::generate();
    CHECK(crypto::seal(owner.public_key(), to_bytes("m")) != crypto::seal(owner.public_key(), to_bytes("m")));
}

TEST_CASE("boxes that are too short and keys of small order are refused") {
    const auto owner = BoxSecret::generate();
    CHECK_FALSE(owner.open({}));
    CHECK_FALSE(owner.open(Bytes(47, 0)));
    CHECK_FALSE(owner.open(Bytes(48, 0)));
    CHECK_FALSE(crypto::seal({}, to_bytes("m")));
}

TEST_CASE("a key comes back from its bytes") {
    const auto key = BoxSecret::generate();
    const auto same = BoxSecret::from_bytes(key.bytes());
    CHECK(same.public_key() == key.public_key());
    CHECK(same.open(*crypto::seal(key.public_key(), to_bytes("m"))) == to_bytes("m"));
}
