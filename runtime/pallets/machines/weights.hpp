#pragma once
// What the calls of Machines cost: their own computation, then storage items read and written in their dearest form,
// which a test counts (leases/weights_test.cpp).

#include "runtime/frame/weight.hpp"

namespace machines::weights {

using frame::storage_weight;
using frame::Weight;

/// One recovery of a secp256k1 signature.
inline constexpr Weight recovery{60'000'000, 0};

inline constexpr Weight register_machine = Weight{40'000'000, 0} + recovery + storage_weight(10, 10);
inline constexpr Weight owner_call = Weight{15'000'000, 0} + storage_weight(6, 5);
inline constexpr Weight rotate = Weight{20'000'000, 0} + recovery + storage_weight(8, 7);
inline constexpr Weight change_hardware = Weight{40'000'000, 0} + recovery + storage_weight(10, 10);
inline constexpr Weight heartbeat = Weight{10'000'000, 0} + storage_weight(8, 4);
inline constexpr Weight probe = Weight{15'000'000, 0} + storage_weight(10, 8);
inline constexpr Weight root_call = Weight{20'000'000, 0} + storage_weight(1, 1);
/// Looking at one machine whose moment has come; the dearest end is the bond's return.
inline constexpr Weight wake = Weight{20'000'000, 0} + storage_weight(8, 9);
/// Looking whether any moment has come.
inline constexpr Weight hook = Weight{2'000'000, 0} + storage_weight(3, 0);

}  // namespace machines::weights
