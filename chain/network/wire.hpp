#pragma once
// Reading protobuf from strangers: how many fields there are is counted before anything is allocated for them.

#include "chain/base/bytes.hpp"

#include <limits>
#include <optional>
#include <string>

namespace network {

/// Whether these are at most `most` well-formed fields, one after another. What is inside a field is not looked at.
bool has_fields_at_most(chain::ByteView bytes, std::size_t most);

/// A generated message of at most `fields` fields; nothing where the bytes are no such message.
template <class Wire>
std::optional<Wire> parse_wire(chain::ByteView bytes, std::size_t fields) {
    Wire out;
    if (bytes.size() > std::numeric_limits<int>::max() || !has_fields_at_most(bytes, fields)) return std::nullopt;
    if (!out.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
    return out;
}

template <class Wire>
chain::Bytes wire_bytes(const Wire& message) {
    chain::Bytes out(message.ByteSizeLong());
    message.SerializeToArray(out.data(), static_cast<int>(out.size()));
    return out;
}

inline chain::ByteView view_of(const std::string& bytes) {
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

/// Exactly 32 bytes, or nothing.
inline std::optional<chain::Hash> hash_of(const std::string& bytes) {
    chain::Hash out;
    if (bytes.size() != out.value.size()) return std::nullopt;
    for (std::size_t i = 0; i < out.value.size(); ++i) out.value[i] = static_cast<std::uint8_t>(bytes[i]);
    return out;
}

}  // namespace network
