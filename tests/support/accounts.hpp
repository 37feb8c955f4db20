#pragma once
// Accounts that tests speak of by name: the development keys and a few more made from a number.

#include "chain/crypto/account.hpp"
#include "chain/crypto/signature.hpp"

namespace tests {

using crypto::AccountId;

/// The key of a development account: "Alith", "Baltathar", "Charleth", "Dorothy", "Ethan", "Faith".
crypto::SecretKey dev_key(std::string_view name);
/// Its account.
AccountId dev_account(std::string_view name);

/// An account that nobody has the key of: 20 bytes that end in `number`.
AccountId account(std::uint32_t number);

inline const AccountId alice = account(0xa11ce);
inline const AccountId bob = account(0xb0b);
inline const AccountId carol = account(0xca401);
inline const AccountId dave = account(0xda5e);
/// The proposer of every block of a tests::Chain.
inline const AccountId author = account(0xa07404);
/// The sudo key of a tests::Chain.
inline const AccountId sudo_key = account(0x50d0);

}  // namespace tests
