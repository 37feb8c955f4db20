#pragma once
// Data folders with a million accounts, made in a process of their own so that making them leaves no memory behind.

#include "chain/store/store.hpp"
#include "genesis/builder/genesis.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace bench {

/// The i-th of the accounts that `fill_store` adds.
crypto::AccountId filled_account(std::uint64_t i);
/// Its key in the state: System.Account.
chain::Bytes account_key(const crypto::AccountId& account);

/// Block zero of genesis/dev.json with so many more accounts of 1 TPH in the state. (Its header keeps the small state's
/// root: nobody looks at it, and the node accepts the folder as its own.)
void fill_store(const std::filesystem::path& folder, std::size_t accounts);

}  // namespace bench
