#include "chain/base/bytes.hpp"

#include <catch2/catch.hpp>

using namespace chain;

TEST_CASE("hexadecimal goes both ways, in either case, with and without its prefix") {
    CHECK(to_hex(Bytes{0x00, 0x0f, 0xff}) == "0x000fff");
    CHECK(to_hex(Bytes{}) == "0x");
    CHECK(from_hex("0x000FfF") == Bytes{0x00, 0x0f, 0xff});
    CHECK(from_hex("000fff") == Bytes{0x00, 0x0f, 0xff});
    CHECK(from_hex("0x") == Bytes{});
    CHECK(from_hex("") == Bytes{});
}

TEST_CASE("what is not hexadecimal is nothing") {
    for (const char* bad : {"0x0", "0", "0xg0", "0x0g", "0X00", " 00", "00 ", "0x0x00", "/0", ":0", "@0", "`0"})
        CHECK_FALSE(from_hex(bad));
}

TEST_CASE("arrays and hashes take their exact length only") {
    CHECK(array_from_hex<2>("0x0102") == std::array<std::uint8_t, 2>{1, 2});
    CHECK_FALSE(array_from_hex<2>("0x01"));
    CHECK_FALSE(array_from_hex<2>("0x010203"));
    CHECK_FALSE(array_from_hex<2>("0x01zz"));
    CHECK_FALSE(array_from_hex<2>("0x0x01"));
    const std::string digits(64, 'a');
    CHECK(to_hex(*hash_from_hex(digits)) == "0x" + digits);
    CHECK_FALSE(hash_from_hex(digits + "aa"));
    CHECK_FALSE(hash_from_hex(""));
}

TEST_CASE("texts and bytes are views of each other") {
    const Bytes bytes = to_bytes("GPU");
    CHECK(bytes == Bytes{'G', 'P', 'U'});
    CHECK(as_text(bytes) == "GPU");
    Bytes joined = bytes;
    append(joined, bytes);
    CHECK(as_text(joined) == "GPUGPU");
}
