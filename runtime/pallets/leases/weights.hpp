#pragma once
// What the calls of Leases cost: their own computation, then storage items read and written in their dearest form,
// which a test counts.

#include "runtime/frame/weight.hpp"

namespace leases::weights {

using frame::storage_weight;
using frame::Weight;

inline constexpr Weight rent = Weight{60'000'000, 0} + storage_weight(18, 14);
/// Settling and ending a lease with money from as many accounts as may be.
inline constexpr Weight close = Weight{200'000'000, 0} + storage_weight(48, 50);
inline constexpr Weight start = Weight{20'000'000, 0} + storage_weight(8, 6);
inline constexpr Weight settle = Weight{100'000'000, 0} + storage_weight(42, 40);
/// What is past is settled first; where nothing is, that part is given back.
inline constexpr Weight extend = settle + Weight{40'000'000, 0} + storage_weight(16, 10);
inline constexpr Weight top_up = settle + Weight{30'000'000, 0} + storage_weight(10, 8);
inline constexpr Weight small_call = Weight{10'000'000, 0} + storage_weight(2, 2);
/// Looking whether anything is due.
inline constexpr Weight hook = Weight{2'000'000, 0} + storage_weight(3, 0);

}  // namespace leases::weights
