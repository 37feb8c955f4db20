#include "chain/trie/node.hpp"

#include "chain/base/check.hpp"
#include "chain/codec/scale.hpp"
#include "chain/crypto/hash.hpp"

#include <algorithm>

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

void encode_nibbles(ByteView nibbles, Bytes& out) {
    std::size_t at = 0;
    if (nibbles.size() % 2 == 1) out.push_back(nibbles[at++]);
    for (; at < nibbles.size(); at += 2) out.push_back(static_cast<std::uint8_t>(nibbles[at] << 4 | nibbles[at + 1]));
}

void encode_sized(ByteView bytes, Bytes& out) {
    scale::encode_compact(bytes.size(), out);
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
        const chain::u128 size = scale::decode_compact(in_);
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

Bytes to_nibbles(ByteView key) {
    Bytes out(2 * key.size());
    for (std::size_t i = 0; i < key.size(); ++i) {
        out[2 * i] = key[i] >> 4;
        out[2 * i + 1] = key[i] & 15;
    }
    return out;
}

Bytes from_nibbles(ByteView nibbles) {
    check(nibbles.size() % 2 == 0);
    Bytes out(nibbles.size() / 2);
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<std::uint8_t>(nibbles[2 * i] << 4 | nibbles[2 * i + 1]);
    return out;
}

std::size_t common_prefix(ByteView a, ByteView b) {
    return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
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

chain::Result<DecodedNode, NodeError> decode_node(ByteView encoded) { return NodeReader{encoded}.read(); }

}  // namespace trie
