#include "chain/block/block.hpp"

#include "chain/block/extrinsic.hpp"
#include "chain/crypto/hash.hpp"
#include "chain/trie/trie.hpp"
#include "tests/support/json_file.hpp"

#include <catch2/catch.hpp>

using namespace chain;

namespace {

Header sample() {
    return {.parent_hash = crypto::blake2b_256(to_bytes("parent")),
            .number = {1'000},
            .state_root = crypto::blake2b_256(to_bytes("state")),
            .extrinsics_root = trie::empty_root,
            .digest = {{to_digest(ConsensusDigest{
                .epoch = 1, .view = 2, .parent_view = 1, .proposer = 3, .vrf_output = {{4}}, .vrf_proof = {{5}}})}}};
}

}  // namespace

TEST_CASE("a header is its five fields, its number compact") {
    const Bytes encoded = scale::encode(sample());
    Bytes expected;
    append(expected, sample().parent_hash.value);
    append(expected, Bytes{0xa1, 0x0f});
    append(expected, sample().state_root.value);
    append(expected, sample().extrinsics_root.value);
    // One item, PreRuntime, the engine, 28 + 32 + 64 bytes.
    append(expected, Bytes{0x04, 0x06, 's', 'm', 'p', 'x', 0xf1, 0x01});
    append(expected, Bytes{1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0});
    expected.push_back(4);
    expected.resize(expected.size() + 31);
    expected.push_back(5);
    expected.resize(expected.size() + 63);
    CHECK(encoded == expected);
    CHECK(hash_of(sample()) == crypto::blake2b_256(expected));
    CHECK(scale::decode<Header>(encoded).value() == sample());
}

TEST_CASE("each field of a header changes its hash") {
    const Hash whole = hash_of(sample());
    Header changed = sample();
    changed.number.value += 1;
    CHECK(hash_of(changed) != whole);
    changed = sample();
    changed.parent_hash.value[31] ^= 1;
    CHECK(hash_of(changed) != whole);
    changed = sample();
    changed.digest.logs.clear();
    CHECK(hash_of(changed) != whole);
}

TEST_CASE("a block is its header and its extrinsics with their lengths") {
    const Block block{.header = sample(), .extrinsics = {Bytes{4, 1}, Bytes(70, 2)}};
    Bytes expected = scale::encode(sample());
    expected.push_back(2 << 2);
    append(expected, with_length_prefix(block.extrinsics[0]));
    append(expected, with_length_prefix(block.extrinsics[1]));
    CHECK(scale::encode(block) == expected);
    CHECK(scale::decode<Block>(expected).value() == block);
}

TEST_CASE("the extrinsics root covers the lengths, in the old layout of the trie") {
    const auto vectors = tests::json_file("tests/vectors/trie.json");
    for (const auto& list : vectors.at("ordered").as_array()) {
        std::vector<Bytes> extrinsics;
        for (const auto& extrinsic : list.at("extrinsics").as_array())
            extrinsics.push_back(without_length_prefix(tests::bytes(extrinsic)).value());
        CHECK(to_hex(extrinsics_root(extrinsics)) == tests::text(list.at("v0")));
    }
    CHECK(extrinsics_root({}) == trie::empty_root);
}

TEST_CASE("the extrinsics root of a long list depends on each place in it") {
    std::vector<Bytes> extrinsics;
    for (int i = 0; i < 300; ++i)
        extrinsics.push_back(Bytes(static_cast<std::size_t>(i % 90), static_cast<std::uint8_t>(i)));
    const Hash whole = extrinsics_root(extrinsics);
    std::swap(extrinsics[63], extrinsics[64]);
    CHECK(extrinsics_root(extrinsics) != whole);
    std::swap(extrinsics[63], extrinsics[64]);
    CHECK(extrinsics_root(extrinsics) == whole);
    extrinsics.pop_back();
    CHECK(extrinsics_root(extrinsics) != whole);
}
