#include "chain/trie/node.hpp"

#include "chain/base/check.hpp"
#include "chain/codec/scale.hpp"
#include "chain/crypto/hash.hpp"

#include <algorithm>
#include <cstring>
#include <span>

namespace trie {

using chain::check;

namespace {

/// The kinds of nodes: `bits` of the first byte count nibbles, `prefix` fills the bits above them.
struct Kind {
    std::uint8_t prefix;
    int bits;
    bool branch;
    bool value;
    bool hashed;
};
constexpr std::array<Kind, 5> kinds{{
    {0b0100'0000, 6, false, true, false},
    {0b1000'0000, 6, true, false, false},
    {0b1100'0000, 6, true, true, false},
    {0b0010'0000, 5, false, true, true},
    {0b0001'0000, 4, true, true, true},
}};

constexpr std::size_t count_mask(const Kind& kind) { return (std::size_t{1} << kind.bits) - 1; }

void encode_header(const Kind& kind, std::size_t nibbles, Bytes& out) {
    const std::size_t mask = count_mask(kind);
    out.push_back(static_cast<std::uint8_t>(kind.prefix | std::min(nibbles, mask)));
    if (nibbles < mask) return;
    std::size_t rest = nibbles - mask;
    for (; rest >= 255; rest -= 255) out.push_back(255);
    out.push_back(static_cast<std::uint8_t>(rest));
}

/// Two nibbles a byte.
void pack(ByteView nibbles, std::span<std::uint8_t> out) {
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<std::uint8_t>(nibbles[2 * i] << 4 | nibbles[2 * i + 1]);
}

void encode_nibbles(ByteView nibbles, Bytes& out) {
    if (nibbles.size() % 2 == 1) {
        out.push_back(nibbles.front());
        nibbles = nibbles.subspan(1);
    }
    const std::size_t start = out.size();
    out.resize(start + nibbles.size() / 2);
    pack(nibbles, std::span{out}.subspan(start));
}

/// Sizes below this one are a single byte in SCALE's compact form: all children and all values that stand in a node of
/// state version 1.
constexpr std::size_t short_size_end = 64;

void encode_sized(ByteView bytes, Bytes& out) {
    if (bytes.size() < short_size_end) out.push_back(static_cast<std::uint8_t>(bytes.size() << 2));
    else scale::encode_compact(bytes.size(), out);
    chain::append(out, bytes);
}

/// Reads a node's parts in order; the first error sticks.
class NodeReader {
public:
    explicit NodeReader(ByteView encoded) : in_(encoded) {}

    chain::Result<DecodedNode, NodeError> read() {
        DecodedNode node;
        const auto kind = header();
        if (!kind) return std::unexpected{error_.value_or(NodeError::UnknownKind)};
        node.is_branch = kind->branch;
        nibbles(node.partial);
        const auto present = kind->branch ? static_cast<std::uint16_t>(in_.little_endian(2)) : std::uint16_t{0};
        if (kind->branch && present == 0) fail(NodeError::NoChildren);
        if (kind->value) node.value = NodeValue{kind->hashed ? in_.take(hash_bytes) : sized(), kind->hashed};
        for (std::size_t i = 0; i < children_max; ++i)
            if ((present >> i & 1) != 0) node.children[i] = child();
        if (in_.error()) fail(NodeError::TooShort);
        if (in_.left() != 0) fail(NodeError::TooLong);
        if (error_) return std::unexpected{*error_};
        return node;
    }

private:
    void fail(NodeError why) { error_ = error_.value_or(why); }

    const Kind* header() {
        const auto first = static_cast<std::uint8_t>(in_.little_endian(1));
        if (in_.error()) fail(NodeError::TooShort);
        for (const Kind& kind : kinds) {
            if (in_.error() || (first & ~count_mask(kind) & 0xff) != kind.prefix) continue;
            count_ = first & count_mask(kind);
            if (count_ == count_mask(kind)) long_count();
            return &kind;
        }
        return nullptr;
    }

    void long_count() {
        for (std::size_t more = 255; more == 255 && !in_.error(); count_ += more)
            more = static_cast<std::size_t>(in_.little_endian(1));
    }

    void nibbles(Bytes& partial) {
        const ByteView packed = in_.take((count_ + 1) / 2);
        if (packed.empty()) return;
        partial.reserve(count_);
        const bool odd = count_ % 2 == 1;
        if (odd && packed.front() > 15) fail(NodeError::BadPadding);
        for (std::size_t i = 0; i < packed.size(); ++i) {
            if (i > 0 || !odd) partial.push_back(packed[i] >> 4);
            partial.push_back(packed[i] & 15);
        }
    }

    ByteView sized() {
        const bool is_short = !in_.error() && in_.left() > 0 && in_.rest().front() % 4 == 0;
        const chain::u128 size = is_short ? in_.take(1).front() >> 2 : scale::decode_compact(in_);
        if (size > in_.left()) in_.fail(scale::Error::InputTooShort);
        return in_.error() ? ByteView{} : in_.take(static_cast<std::size_t>(size));
    }

    ByteView child() {
        const ByteView bytes = sized();
        if (!in_.error() && (bytes.empty() || bytes.size() > hash_bytes)) fail(NodeError::BadChild);
        return bytes;
    }

    scale::Reader in_;
    std::size_t count_ = 0;
    std::optional<NodeError> error_;
};

}  // namespace

void write_nibbles(ByteView key, std::span<std::uint8_t> out) {
    check(out.size() == 2 * key.size());
    std::size_t i = 0;
    // Four bytes at a time: the halves of each are moved apart inside one word.
    for (; i + 4 <= key.size(); i += 4) {
        std::uint64_t word = key[i] | key[i + 1] << 8 | key[i + 2] << 16 | std::uint64_t{key[i + 3]} << 24;
        word = (word | word << 16) & 0x0000'ffff'0000'ffff;
        word = (word | word << 8) & 0x00ff'00ff'00ff'00ff;
        const std::uint64_t spread = (word >> 4 & 0x000f'000f'000f'000f) | (word & 0x000f'000f'000f'000f) << 8;
        for (std::size_t n = 0; n < 8; ++n) out[2 * i + n] = static_cast<std::uint8_t>(spread >> (8 * n));
    }
    for (; i < key.size(); ++i) {
        out[2 * i] = key[i] >> 4;
        out[2 * i + 1] = key[i] & 15;
    }
}

Bytes to_nibbles(ByteView key) {
    Bytes out(2 * key.size());
    write_nibbles(key, out);
    return out;
}

Bytes from_nibbles(ByteView nibbles) {
    check(nibbles.size() % 2 == 0);
    Bytes out(nibbles.size() / 2);
    pack(nibbles, out);
    return out;
}

std::size_t common_prefix(ByteView a, ByteView b) {
    const std::size_t size = std::min(a.size(), b.size());
    std::size_t at = 0;
    for (std::uint64_t left{}, right{}; at + sizeof left <= size; at += sizeof left) {
        std::memcpy(&left, a.data() + at, sizeof left);
        std::memcpy(&right, b.data() + at, sizeof right);
        if (left != right) break;
    }
    while (at < size && a[at] == b[at]) ++at;
    return at;
}

Reference Reference::to(ByteView encoded_node) {
    if (encoded_node.size() >= hash_bytes) return copy(crypto::blake2b_256(encoded_node).value);
    return copy(encoded_node);
}

Reference Reference::copy(ByteView child) {
    check(child.size() <= hash_bytes);
    Reference out;
    out.size_ = static_cast<std::uint8_t>(child.size());
    std::ranges::copy(child, out.bytes_.begin());
    return out;
}

NodeValue node_value(ByteView value, StateVersion version, Hash& hash) {
    if (version == StateVersion::V0 || value.size() < hashed_value_bytes_min) return {value, false};
    hash = crypto::blake2b_256(value);
    return {hash.value, true};
}

void encode_node(const Node& node, Bytes& out) {
    unsigned present = 0;
    for (std::size_t i = 0; i < children_max; ++i)
        if (!node.children[i].empty()) present |= 1U << i;
    const bool branch = present != 0;
    check(branch || node.value);
    const auto kind = std::ranges::find_if(kinds, [&](const Kind& k) {
        return k.branch == branch && k.value == node.value.has_value() &&
               k.hashed == (node.value && node.value->hashed);
    });
    check(kind != kinds.end());
    encode_header(*kind, node.partial.size(), out);
    encode_nibbles(node.partial, out);
    if (branch) scale::encode(static_cast<std::uint16_t>(present), out);
    if (node.value) kind->hashed ? chain::append(out, node.value->bytes) : encode_sized(node.value->bytes, out);
    for (const ByteView child : node.children)
        if (!child.empty()) encode_sized(child, out);
}

std::size_t encoded_bytes_max(const Node& node) {
    constexpr std::size_t bitmap_bytes = 2;
    constexpr std::size_t size_bytes_max = 5;
    std::size_t bytes = 2 + node.partial.size() / 255 + (node.partial.size() + 1) / 2 + bitmap_bytes;
    if (node.value) bytes += size_bytes_max + node.value->bytes.size();
    for (const ByteView child : node.children) bytes += child.empty() ? 0 : 1 + child.size();
    return bytes;
}

bool has_partial(ByteView encoded) {
    check(!encoded.empty());
    const auto kind = std::ranges::find_if(
        kinds, [&](const Kind& k) { return (encoded.front() & ~count_mask(k) & 0xff) == k.prefix; });
    check(kind != kinds.end());
    return (encoded.front() & count_mask(*kind)) != 0;
}

chain::Result<DecodedNode, NodeError> decode_node(ByteView encoded) { return NodeReader{encoded}.read(); }

}  // namespace trie
