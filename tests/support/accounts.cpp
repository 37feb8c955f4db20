#include "tests/support/accounts.hpp"

#include "chain/base/check.hpp"
#include "chain/crypto/dev_keys.hpp"

namespace tests {

crypto::SecretKey dev_key(std::string_view name) {
    auto key = crypto::dev_key(name);
    chain::check(key.has_value());
    return *std::move(key);
}

AccountId dev_account(std::string_view name) { return dev_key(name).account(); }

AccountId account(std::uint32_t number) {
    AccountId out;
    out.value[0] = 0x7e;  // never the zero account
    for (std::size_t i = 0; i < 4; ++i) out.value[19 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    return out;
}

}  // namespace tests
