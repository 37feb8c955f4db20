#include "chain/crypto/twox.hpp"

#include "tests/support/json_file.hpp"

#include <catch2/catch.hpp>

using namespace chain;

namespace {

constexpr std::uint64_t prime32 = 2'654'435'761;
constexpr std::uint64_t prime64 = 11'400'714'785'074'694'797U;

/// The buffer of xxHash's own self test.
Bytes sanity_buffer(std::size_t size) {
    Bytes out;
    std::uint64_t generator = prime32;
    for (std::size_t i = 0; i < size; ++i) {
        out.push_back(static_cast<std::uint8_t>(generator >> 56));
        generator *= prime64;
    }
    return out;
}

struct Known {
    std::size_t size;
    std::uint64_t seed;
    std::uint64_t hash;
};

}  // namespace

TEST_CASE("xxHash64 passes the self test of its authors, at run time and in our own code") {
    constexpr Known known[] = {
        {0, 0, 0xEF46DB3751D8E999},        {0, prime32, 0xAC75FDA2929B17EF}, {1, 0, 0xE934A84ADB052768},
        {1, prime32, 0x5014607643A9B4C3},  {4, 0, 0x9136A0DCA57457EE},       {14, 0, 0x8282DCC4994E35C8},
        {14, prime32, 0xC3BD6BF63DEB6DF0}, {222, 0, 0xB641AE8CB691C174},     {222, prime32, 0x20CB8AB7AE10C14A}};
    for (const Known& one : known) {
        const Bytes input = sanity_buffer(one.size);
        CHECK(crypto::xxh64(ByteView{input}, one.seed) == one.hash);
        CHECK(crypto::xxh::hash(input, one.seed) == one.hash);
        CHECK(crypto::xxh64(as_text(input), one.seed) == one.hash);
    }
}

TEST_CASE("the two implementations of xxHash64 agree at every length") {
    for (std::size_t size = 0; size < 300; ++size) {
        const Bytes input = sanity_buffer(size);
        CHECK(crypto::xxh::fast(input, size) == crypto::xxh::hash(input, size));
    }
}

TEST_CASE("twox hashes equal those of polkadot.js") {
    const auto vectors = tests::json_file("tests/vectors/hashes.json");
    for (const auto& vector : vectors.as_array()) {
        const Bytes input = tests::bytes(vector.at("input"));
        CHECK(to_hex(crypto::twox64(input)) == tests::text(vector.at("twox64")));
        CHECK(to_hex(crypto::twox128(ByteView{input})) == tests::text(vector.at("twox128")));
        CHECK(crypto::twox128(as_text(input)) == crypto::twox128(ByteView{input}));
    }
}

TEST_CASE("storage prefixes are constants that every Substrate client knows") {
    static_assert(crypto::twox128("Account")[0] == 0xb9);
    CHECK(to_hex(crypto::twox128("System")) == "0x26aa394eea5630e07c48ae0c9558cef7");
    CHECK(to_hex(crypto::twox128("Account")) == "0xb99d880ec681799c0cf30e8886371da9");
    CHECK(to_hex(crypto::twox128("Events")) == "0x80d41e5e16056765bc8461851072c9d7");
}
