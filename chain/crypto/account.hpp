#pragma once
// An account is the last 20 bytes of Keccak-256 of its public key, as Ethereum names it.

#include "chain/base/bytes.hpp"

#include <array>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace crypto {

struct AccountId {
    std::array<std::uint8_t, 20> value{};
    auto operator<=>(const AccountId&) const = default;
    /// Clients recognise the type by this path.
    static constexpr std::string_view metadata_path = "account::AccountId20";
};

/// "0x" and 40 digits whose case is a checksum (EIP-55).
std::string to_string(const AccountId& account);

/// "0x" and 40 hexadecimal digits. A text of mixed case must carry the right EIP-55 checksum; one case alone carries
/// none. Nothing otherwise.
std::optional<AccountId> account_from_string(std::string_view text);

}  // namespace crypto
