#pragma once
// Bytes, hashes and their hexadecimal spelling.

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chain {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// 32 bytes; in this chain a blake2b-256 unless the name of the variable says otherwise.
struct Hash {
    std::array<std::uint8_t, 32> value{};
    auto operator<=>(const Hash&) const = default;
};

/// The bytes of a text, without a length.
Bytes to_bytes(std::string_view text);
inline Bytes to_bytes(ByteView view) { return {view.begin(), view.end()}; }
/// The same bytes seen as text (no check that they are UTF-8).
inline std::string_view as_text(ByteView view) { return {reinterpret_cast<const char*>(view.data()), view.size()}; }

inline void append(Bytes& out, ByteView more) { out.insert(out.end(), more.begin(), more.end()); }

/// "0x" and two lower-case digits a byte.
std::string to_hex(ByteView bytes);
inline std::string to_hex(const Hash& hash) { return to_hex(hash.value); }

/// Reads "0x…" or plain digits of either case. Nothing for an odd count or another character.
std::optional<Bytes> from_hex(std::string_view text);

/// Exactly N bytes of hexadecimal, or nothing.
template <std::size_t N>
std::optional<std::array<std::uint8_t, N>> array_from_hex(std::string_view text) {
    if (text.starts_with("0x")) text.remove_prefix(2);
    if (text.size() != 2 * N) return std::nullopt;
    const auto bytes = from_hex(text);
    // A second "0x" among the digits would leave fewer bytes.
    if (!bytes || bytes->size() != N) return std::nullopt;
    std::array<std::uint8_t, N> out{};
    for (std::size_t i = 0; i < N; ++i) out[i] = (*bytes)[i];
    return out;
}

std::optional<Hash> hash_from_hex(std::string_view text);

}  // namespace chain
