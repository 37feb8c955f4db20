#pragma once
// Balances' calls and the pallet itself. Call indices are FRAME's; what it lists beyond these (force_unreserve,
// upgrade_accounts, force_adjust_total_issuance) serves old accounts or would break the issuance rule.

#include "runtime/pallets/balances/balances.hpp"
#include "runtime/pallets/balances/weights.hpp"

namespace balances {

struct TransferAllowDeath {
    static constexpr std::uint8_t index = 0;
    static constexpr auto doc =
        "Send free balance. What remains below the existential deposit is burned with the account.";
    static constexpr frame::Weight weight = weights::transfer;

    AccountId dest;
    scale::Compact<Balance> value;

    DispatchResult operator()(Context& context) const;
};

struct ForceTransfer {
    static constexpr std::uint8_t index = 2;
    static constexpr auto doc = "Root sends free balance of one account to another.";
    static constexpr frame::Weight weight = weights::transfer;

    AccountId source;
    AccountId dest;
    scale::Compact<Balance> value;

    DispatchResult operator()(Context& context) const;
};

struct TransferKeepAlive {
    static constexpr std::uint8_t index = 3;
    static constexpr auto doc = "Send free balance, but never so much that the sender's account would end.";
    static constexpr frame::Weight weight = weights::transfer;

    AccountId dest;
    scale::Compact<Balance> value;

    DispatchResult operator()(Context& context) const;
};

struct TransferAll {
    static constexpr std::uint8_t index = 4;
    static constexpr auto doc = "Send all that may be spent; with `keep_alive` the existential deposit stays.";
    static constexpr frame::Weight weight = weights::transfer_all;

    AccountId dest;
    bool keep_alive{};

    DispatchResult operator()(Context& context) const;
};

struct ForceSetBalance {
    static constexpr std::uint8_t index = 8;
    static constexpr auto doc = "Root sets an account's free balance; the difference is minted or burned.";
    static constexpr frame::Weight weight = weights::force_set_balance;

    AccountId who;
    scale::Compact<Balance> new_free;

    DispatchResult operator()(Context& context) const;
};

struct Burn {
    static constexpr std::uint8_t index = 10;
    static constexpr auto doc = "Destroy some of one's own free balance.";
    static constexpr frame::Weight weight = weights::burn;

    scale::Compact<Balance> value;
    bool keep_alive{};

    DispatchResult operator()(Context& context) const;
};

struct Pallet : Seat {
    using Call = std::variant<TransferAllowDeath, ForceTransfer, TransferKeepAlive, TransferAll, ForceSetBalance, Burn>;
};

}  // namespace balances
