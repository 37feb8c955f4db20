#pragma once
// The development accounts that every Ethereum-style Substrate chain knows. Their secrets are public: whoever holds
// real money in one of them loses it.

#include "chain/crypto/signature.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace crypto {

struct DevKey {
    std::string_view name;
    std::string_view account;  // EIP-55
    std::string_view secret;   // 0x and 64 digits
};

/// Alith, Baltathar, Charleth, Dorothy, Ethan, Faith.
std::span<const DevKey> dev_keys();

/// The key of this name, in any case. Nothing for another name.
std::optional<SecretKey> dev_key(std::string_view name);

}  // namespace crypto
