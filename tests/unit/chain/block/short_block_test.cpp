#include "chain/block/short_block.hpp"

#include <catch2/catch.hpp>

using namespace chain;

namespace {

Block block_of(std::vector<Bytes> extrinsics) {
    Block out{.extrinsics = std::move(extrinsics)};
    out.header.number.value = 7;
    out.header.extrinsics_root = extrinsics_root(out.extrinsics);
    return out;
}

/// Everything that the node holds, by its short name.
struct Pool {
    std::map<ShortId, std::shared_ptr<const Bytes>> held;
    explicit Pool(const std::vector<Bytes>& extrinsics) {
        for (const Bytes& one : extrinsics) held[short_id(extrinsic_hash(one))] = std::make_shared<const Bytes>(one);
    }
    FindExtrinsics find() const {
        return [this](const std::vector<ShortId>& names) {
            std::vector<std::shared_ptr<const Bytes>> out;
            for (const ShortId& name : names) out.push_back(held.contains(name) ? held.at(name) : nullptr);
            return out;
        };
    }
};

const Bytes inherent{4, 1}, first{5, 5, 5}, second{6, 6, 6, 6};

}  // namespace

TEST_CASE("who holds all named extrinsics gets the block") {
    const Block block = block_of({inherent, first, second});
    const auto filled = fill(shorten(block, {false, true, true}), {}, Pool{{first, second}}.find());
    CHECK(filled.kind == FilledBlock::Kind::Complete);
    CHECK(filled.block == block);
}

TEST_CASE("what is not here is named by its place, and with it the block is whole") {
    const Block block = block_of({inherent, first, second});
    const ShortBlock given = shorten(block, {false, true, true});
    const auto filled = fill(given, {}, Pool{{first}}.find());
    CHECK(filled.kind == FilledBlock::Kind::Missing);
    CHECK(filled.missing == std::vector<std::uint32_t>{2});
    CHECK(filled.block.extrinsics.empty());
    const auto again = fill(given, {{2, second}}, Pool{{first}}.find());
    CHECK(again.kind == FilledBlock::Kind::Complete);
    CHECK(again.block == block);
}

TEST_CASE("an extrinsic under another's name, or a lie about the root, is no block") {
    const Block block = block_of({inherent, first});
    Pool misled{{}};
    misled.held[short_id(extrinsic_hash(first))] = std::make_shared<const Bytes>(second);
    CHECK(fill(shorten(block, {false, true}), {}, misled.find()).kind == FilledBlock::Kind::Wrong);
    CHECK(fill(shorten(block, {false, true}), {{1, second}}, Pool{{first}}.find()).kind == FilledBlock::Kind::Wrong);
    CHECK(fill(shorten(block, {false, true}), {{1, first}}, misled.find()).kind == FilledBlock::Kind::Complete);
    Block lie = block;
    lie.header.extrinsics_root.value[0] ^= 1;
    CHECK(fill(shorten(lie, {false, false}), {}, Pool{{}}.find()).kind == FilledBlock::Kind::Wrong);
}

TEST_CASE("a short block comes back from its bytes, and a count beyond the bytes is refused before it is believed") {
    const ShortBlock given = shorten(block_of({inherent, first, second}), {false, true, false});
    const Bytes bytes = scale::encode(given);
    CHECK(*scale::decode<ShortBlock>(bytes) == given);
    Bytes bogus = scale::encode(given.header);
    scale::encode_compact(std::uint32_t{1} << 30, bogus);
    CHECK_FALSE(scale::decode<ShortBlock>(bogus).has_value());
}
