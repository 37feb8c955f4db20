#include "chain/crypto/hash.hpp"

#include "tests/support/json_file.hpp"

#include <catch2/catch.hpp>

using namespace chain;

TEST_CASE("hashes equal those of noble-hashes and polkadot.js at every length around their block sizes") {
    const auto vectors = tests::json_file("tests/vectors/hashes.json");
    REQUIRE(vectors.as_array().size() == 20);
    for (const auto& vector : vectors.as_array()) {
        const Bytes input = tests::bytes(vector.at("input"));
        CHECK(to_hex(crypto::blake2b_256(input)) == tests::text(vector.at("blake2b_256")));
        CHECK(to_hex(crypto::blake2b_128(input)) == tests::text(vector.at("blake2b_128")));
        CHECK(to_hex(crypto::blake2b_64(input)) == tests::text(vector.at("blake2b_64")));
        CHECK(to_hex(crypto::keccak_256(input)) == tests::text(vector.at("keccak_256")));
        CHECK(to_hex(crypto::sha256(input)) == tests::text(vector.at("sha256")));
    }
}

TEST_CASE("Keccak-256 has Ethereum's padding and not that of SHA-3") {
    CHECK(to_hex(crypto::keccak_256({})) == "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    CHECK(to_hex(crypto::keccak_256(to_bytes("abc"))) ==
          "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
}

TEST_CASE("SHA-256 gives the digests of FIPS 180-4's examples") {
    CHECK(to_hex(crypto::sha256({})) == "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(to_hex(crypto::sha256(to_bytes("abc"))) ==
          "0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
