#pragma once
// What System keeps about an account. The balance stands here as well, so that one read serves nonce and money.

#include "chain/base/numbers.hpp"
#include "chain/codec/scale.hpp"

#include <string_view>

namespace frame_system {

using chain::Balance;

/// Bit 127 marks accounts that never used the old counting of references; every account of this chain has it.
struct ExtraFlags {
    chain::u128 value = chain::u128{1} << 127;
    static constexpr std::string_view metadata_path = "pallet_balances::types::ExtraFlags";
    bool operator==(const ExtraFlags&) const = default;
};

/// Balances' part of an account, in base units. Members as in polkadot-sdk.
struct AccountData {
    Balance free{};      ///< may be spent, down to `frozen`
    Balance reserved{};  ///< the sum of the account's holds
    Balance frozen{};    ///< how much of `free` + `reserved` must stay
    ExtraFlags flags;
    static constexpr std::string_view metadata_path = "pallet_balances::types::AccountData";
    bool operator==(const AccountData&) const = default;
};

/// An account lives as long as somebody provides for it or it is sufficient by itself; consumers keep it from dying.
struct AccountInfo {
    std::uint32_t nonce{};        ///< how many transactions it has sent
    std::uint32_t consumers{};    ///< modules that rely on it and forbid its removal
    std::uint32_t providers{};    ///< modules that keep it alive: Balances, while it holds the existential deposit
    std::uint32_t sufficients{};  ///< modules for which it exists without a balance: machine accounts
    AccountData data;
    static constexpr std::string_view metadata_path = "frame_system::AccountInfo";
    bool operator==(const AccountInfo&) const = default;
};

}  // namespace frame_system
