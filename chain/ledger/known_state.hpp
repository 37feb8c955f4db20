#pragma once
// The two places of the state that a chain needs to know whatever its rules are. Clients know them by the same keys.

#include "chain/crypto/account.hpp"
#include "chain/state/view.hpp"

#include <cstdint>
#include <vector>

namespace ledger {

/// `Timestamp.Now`: milliseconds since 1970 of the block that left this state; 0 where it is absent (genesis).
std::uint64_t timestamp_in(const state::StateView& state);

/// Whose `System.Account` the block changed, in bytewise order of their keys.
std::vector<crypto::AccountId> touched_accounts(const state::StateDiff& diff);

}  // namespace ledger
