#pragma once
// What Balances' calls cost. tools/bench measures computation; storage counts come from the calls' own reads and
// writes.

#include "runtime/frame/weight.hpp"

namespace balances::weights {

using frame::storage_weight;
using frame::Weight;

/// Both accounts are read and written.
inline constexpr Weight transfer = Weight{8'000'000, 0} + storage_weight(2, 2);
/// A transfer that may end the sender's account.
inline constexpr Weight transfer_all = Weight{9'000'000, 0} + storage_weight(2, 2);
/// One account and the issuance.
inline constexpr Weight force_set_balance = Weight{8'000'000, 0} + storage_weight(2, 2);
/// One account, the issuance and the sum of what was burned.
inline constexpr Weight burn = Weight{6'000'000, 0} + storage_weight(3, 3);

}  // namespace balances::weights
