#include "chain/block/era.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace chain;

namespace {

scale::Error error_of(std::initializer_list<std::uint8_t> bytes) { return scale::decode<Era>(Bytes{bytes}).error(); }

}  // namespace

TEST_CASE("the examples of Substrate's own tests hold") {
    CHECK(scale::encode(Era::immortal()) == Bytes{0});
    // Era::mortal(64, 42): one byte less one, phase 42.
    CHECK(scale::encode(Era::mortal(64, 42)) == Bytes{5 + 42 % 16 * 16, 42 / 16});
    // Era::mortal(32768, 20000): phases in steps of eight.
    const Era era = Era::mortal(32'768, 20'000);
    CHECK(scale::encode(era) == Bytes{14 + 2'500 % 16 * 16, 2'500 / 16});
    // Period 200 becomes 256; in the block 513 the phase is 1.
    CHECK(Era::mortal(200, 513).period() == 256);
    CHECK(Era::mortal(200, 513).phase() == 1);
    CHECK(Era::mortal(2, 1).period() == 4);
    CHECK(Era::mortal(4, 5).phase() == 1);
    CHECK(Era::mortal(1'000'000, 0).period() == 65'536);
}

TEST_CASE("a window begins at or before the current block and ends after it") {
    const Era era = Era::mortal(4, 6);
    for (std::uint64_t current = 6; current < 10; ++current) {
        CHECK(era.birth(current) == 6);
        CHECK(era.death(current) == 10);
    }
    CHECK(era.birth(10) == 10);
    // Before the first window there is only that one.
    CHECK(era.birth(1) == 2);
    CHECK(Era::immortal().birth(1'000) == 0);
    CHECK(Era::immortal().death(1'000) == std::numeric_limits<std::uint64_t>::max());
}

TEST_CASE("every era of two bytes is refused or comes back as it was") {
    std::size_t valid = 0;
    for (unsigned bits = 0; bits < 65'536; ++bits) {
        const Bytes bytes{static_cast<std::uint8_t>(bits), static_cast<std::uint8_t>(bits >> 8)};
        const auto era = scale::decode<Era>(bytes);
        if (!era) continue;
        ++valid;
        REQUIRE(scale::encode(*era) == bytes);
        REQUIRE(era->phase() < era->period());
        REQUIRE(Era::mortal(era->period(), era->phase()) == *era);
    }
    // Every phase of the periods 4 to 4096, and 4096 steps of the four longer ones.
    CHECK(valid == 8'188 + 4 * 4'096);
}

TEST_CASE("eras that no client makes are refused") {
    CHECK(error_of({}) == scale::Error::InputTooShort);
    CHECK(error_of({0x05}) == scale::Error::InputTooShort);
    // Period 2; phase 4 of period 4; bytes after an immortal era.
    CHECK(error_of({0x10, 0x00}) == scale::Error::BadVariant);
    CHECK(error_of({0x41, 0x00}) == scale::Error::BadVariant);
    CHECK(error_of({0x00, 0x00}) == scale::Error::InputTooLong);
}
