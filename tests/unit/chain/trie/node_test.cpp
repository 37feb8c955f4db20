#include "chain/trie/node.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

using namespace chain;
using trie::decode_node;
using trie::Node;
using trie::NodeError;

namespace {

Bytes encode(const Node& node) {
    Bytes out;
    trie::encode_node(node, out);
    CHECK(out.size() <= trie::encoded_bytes_max(node));
    return out;
}

NodeError error_of(std::string_view hex) { return decode_node(*from_hex(hex)).error(); }

}  // namespace

TEST_CASE("the small nodes of Substrate's own tests come out as written there") {
    const Bytes partial = trie::to_nibbles(Bytes{0xaa});
    const Bytes value{0xbb};
    CHECK(to_hex(encode({.partial = partial, .value = trie::NodeValue{value}})) == "0x42aa04bb");
}

TEST_CASE("nibble counts grow by bytes at the edges of each kind's first byte") {
    const Bytes value{1};
    const auto header = [&](std::size_t count) {
        const Bytes partial(count, 0xa);
        const Bytes encoded = encode({.partial = partial, .value = trie::NodeValue{value}});
        // What stands before the nibbles and the value of two bytes.
        return to_hex(ByteView{encoded}.first(encoded.size() - (count + 1) / 2 - 2));
    };
    CHECK(header(0) == "0x40");
    CHECK(header(62) == "0x7e");
    CHECK(header(63) == "0x7f00");
    CHECK(header(64) == "0x7f01");
    CHECK(header(63 + 254) == "0x7ffe");
    CHECK(header(63 + 255) == "0x7fff00");
    CHECK(header(63 + 255 + 254) == "0x7ffffe");
    CHECK(header(63 + 510) == "0x7fffff00");
}

TEST_CASE("a child of 32 bytes and more is named by its hash") {
    CHECK(trie::Reference::to(Bytes(31, 1)).view().size() == 31);
    CHECK(trie::Reference::to(Bytes(32, 1)).view().size() == 32);
    CHECK(std::ranges::equal(trie::Reference::to(Bytes(31, 1)).view(), Bytes(31, 1)));
    CHECK_FALSE(std::ranges::equal(trie::Reference::to(Bytes(32, 1)).view(), Bytes(32, 1)));
    CHECK(trie::Reference{}.empty());
}

TEST_CASE("values stand in their nodes up to 32 bytes, or always in the old layout") {
    Hash hash;
    CHECK_FALSE(trie::node_value(Bytes(32, 1), trie::StateVersion::V1, hash).hashed);
    CHECK(trie::node_value(Bytes(33, 1), trie::StateVersion::V1, hash).hashed);
    CHECK_FALSE(trie::node_value(Bytes(33, 1), trie::StateVersion::V0, hash).hashed);
}

TEST_CASE("random nodes come back, and none of their cuts or extensions does") {
    std::mt19937 random{21};
    const auto pick = [&](unsigned below) { return static_cast<std::size_t>(random() % below); };
    for (int i = 0; i < 3'000; ++i) {
        Bytes partial(pick(5) == 0 ? pick(700) : pick(8));
        for (auto& nibble : partial) nibble = static_cast<std::uint8_t>(random() % 16);
        std::array<Bytes, 16> children;
        if (pick(3) != 0)
            for (std::size_t left = pick(16) + 1; left > 0; --left) children[pick(16)] = Bytes(pick(32) + 1, 7);
        const bool branch = std::ranges::any_of(children, [](const Bytes& child) { return !child.empty(); });
        Node node{.partial = partial};
        const bool hashed = pick(2) == 0;
        const Bytes value(hashed ? 32 : pick(100), 5);
        if (!branch || pick(2) == 0) node.value = trie::NodeValue{value, hashed};
        for (std::size_t n = 0; n < 16; ++n) node.children[n] = children[n];

        Bytes encoded = encode(node);
        const auto decoded = decode_node(encoded).value();
        REQUIRE(decoded.partial == partial);
        REQUIRE(decoded.is_branch == branch);
        REQUIRE(decoded.value.has_value() == node.value.has_value());
        if (node.value) REQUIRE(decoded.value->hashed == hashed);
        if (node.value) REQUIRE(std::ranges::equal(decoded.value->bytes, value));
        for (std::size_t n = 0; n < 16; ++n) REQUIRE(std::ranges::equal(decoded.children[n], children[n]));

        REQUIRE_FALSE(decode_node(ByteView{encoded}.first(encoded.size() - 1)));
        encoded.push_back(0);
        REQUIRE(decode_node(encoded).error() == NodeError::TooLong);
    }
}

TEST_CASE("bytes that no encoder writes are refused") {
    CHECK(error_of("0x") == NodeError::TooShort);
    // The empty trie, and the first bytes below every kind.
    for (const char* unknown : {"0x00", "0x01", "0x0f"}) CHECK(error_of(unknown) == NodeError::UnknownKind);
    // Nibble a before an odd nibble's byte is full.
    CHECK(error_of("0x41aa0401") == NodeError::BadPadding);
    CHECK(error_of("0x800000") == NodeError::NoChildren);
    // A child of no bytes, one of 33.
    CHECK(error_of("0x80010000") == NodeError::BadChild);
    CHECK(error_of("0x80010084" + std::string(66, '1')) == NodeError::BadChild);
    CHECK(error_of("0x40") == NodeError::TooShort);
    CHECK(error_of("0x4008ff") == NodeError::TooShort);
    CHECK(error_of("0x7fffff") == NodeError::TooShort);
    CHECK(error_of("0x20" + std::string(62, '1')) == NodeError::TooShort);
    // The hash of a branch's value is cut, and more seems to follow.
    CHECK(error_of("0x1001000004010000") == NodeError::TooShort);
    CHECK(error_of("0x400401ff") == NodeError::TooLong);
}

TEST_CASE("nibbles and bytes go both ways") {
    const Bytes key = *from_hex("0123456789abcdef10");
    CHECK(trie::to_nibbles(key) == Bytes{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 1, 0});
    for (std::size_t size = 0; size <= key.size(); ++size) {
        const Bytes part{key.begin(), key.begin() + static_cast<std::ptrdiff_t>(size)};
        CHECK(trie::from_nibbles(trie::to_nibbles(part)) == part);
    }
}

TEST_CASE("common prefixes end at the first difference or with the shorter text") {
    for (std::size_t size = 0; size < 40; ++size) {
        const Bytes text(40, 3);
        Bytes other(text.begin(), text.end());
        other[size] = 4;
        CHECK(trie::common_prefix(text, other) == size);
        CHECK(trie::common_prefix(text, ByteView{text}.first(size)) == size);
    }
    CHECK(trie::common_prefix({}, {}) == 0);
}
