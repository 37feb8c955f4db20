#include "chain/crypto/account.hpp"

#include "chain/crypto/hash.hpp"

namespace crypto {

namespace {

constexpr std::size_t text_size = 42;

bool is_lower(char c) { return 'a' <= c && c <= 'f'; }
bool is_upper(char c) { return 'A' <= c && c <= 'F'; }

}  // namespace

std::string to_string(const AccountId& account) {
    std::string text = chain::to_hex(account.value);
    const Hash hash = keccak_256(chain::to_bytes(std::string_view{text}.substr(2)));
    for (std::size_t i = 2; i < text.size(); ++i) {
        const std::uint8_t byte = hash.value[(i - 2) / 2];
        const int nibble = i % 2 == 0 ? byte >> 4 : byte & 15;
        if (is_lower(text[i]) && nibble >= 8) text[i] = static_cast<char>(text[i] - 'a' + 'A');
    }
    return text;
}

std::optional<AccountId> account_from_string(std::string_view text) {
    if (text.size() != text_size || !text.starts_with("0x")) return std::nullopt;
    const auto bytes = chain::array_from_hex<20>(text);
    if (!bytes) return std::nullopt;
    const AccountId account{*bytes};
    bool lower = false;
    bool upper = false;
    for (const char c : text.substr(2)) {
        lower = lower || is_lower(c);
        upper = upper || is_upper(c);
    }
    if (lower && upper && to_string(account) != text) return std::nullopt;
    return account;
}

}  // namespace crypto
