#include "chain/ledger/kept.hpp"

#include <catch2/catch.hpp>

using namespace ledger;

namespace {

Hash name(std::uint32_t i) {
    return {{static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i >> 16)}};
}

BlockPtr block(std::uint32_t number, std::size_t bytes = 0) {
    Block out;
    out.header.number.value = number;
    out.extrinsics.emplace_back(bytes);
    return std::make_shared<const Block>(std::move(out));
}

}  // namespace

TEST_CASE("a kept block is found until its number is final") {
    KeptBlocks kept;
    kept.keep(name(1), block(5));
    kept.keep(name(2), block(6));
    CHECK(kept.find(name(1))->header.number.value == 5);
    CHECK(kept.find(name(3)) == nullptr);
    kept.drop_through(5);
    CHECK(kept.find(name(1)) == nullptr);
    CHECK(kept.find(name(2)) != nullptr);
    CHECK(kept.size() == 1);
}

TEST_CASE("that a block was checked is remembered for as long as it is kept") {
    KeptBlocks kept;
    kept.keep(name(1), block(5));
    CHECK_FALSE(kept.is_checked(name(1)));
    kept.note_checked(name(1));
    kept.keep(name(1), block(5));
    CHECK(kept.is_checked(name(1)));
    kept.drop_through(9);
    CHECK_FALSE(kept.is_checked(name(1)));
    CHECK(kept.bytes() == 0);
}

TEST_CASE("beyond its bounds the first ones go") {
    KeptBlocks many{{.blocks_max = 10}};
    for (std::uint32_t i = 0; i < 13; ++i) many.keep(name(i), block(i + 1));
    CHECK(many.size() == 10);
    CHECK(many.find(name(2)) == nullptr);
    CHECK(many.find(name(3)) != nullptr);

    KeptBlocks large{{.bytes_max = 10'000}};
    for (std::uint32_t i = 0; i < 3; ++i) large.keep(name(i), block(i + 1, 5'000));
    CHECK(large.bytes() <= 10'000);
    CHECK(large.find(name(2)) != nullptr);
    CHECK(large.find(name(0)) == nullptr);
}
