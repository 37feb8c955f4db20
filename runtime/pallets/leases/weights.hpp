#pragma once
// What the calls of Leases cost: their own computation, then storage items read and written.

#include "runtime/frame/weight.hpp"

namespace leases::weights {

using frame::storage_weight;
using frame::Weight;

inline constexpr Weight rent = Weight{60'000'000, 0} + storage_weight(18, 14);
/// Settling and ending a lease with money from as many accounts as may be.
inline constexpr Weight close = Weight{150'000'000, 0} + storage_weight(40, 50);
inline constexpr Weight start = Weight{20'000'000, 0} + storage_weight(8, 6);
inline constexpr Weight extend = Weight{40'000'000, 0} + storage_weight(16, 10);
inline constexpr Weight top_up = Weight{30'000'000, 0} + storage_weight(10, 8);
inline constexpr Weight settle = Weight{100'000'000, 0} + storage_weight(36, 40);
inline constexpr Weight small_call = Weight{10'000'000, 0} + storage_weight(2, 2);
/// Looking whether anything is due.
inline constexpr Weight hook = Weight{2'000'000, 0} + storage_weight(3, 0);

}  // namespace leases::weights
