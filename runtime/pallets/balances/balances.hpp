#pragma once
// Balances: who owns how much TPH, and what of it is held for which reason. Names, call indices, event indices and
// errors are those of Substrate's pallet_balances, so that wallets understand them.
//
// An account exists while it owns the existential deposit; what falls below it is dust and is burned. A *hold* keeps
// money in the account but out of its owner's reach, and keeps the account alive. Every move of money has an event, and
//     issuance = Σ (free + reserved) = genesis + minted − burned
// holds after every call. Calls are declared in calls.hpp.

#include "chain/crypto/account.hpp"
#include "runtime/frame/pallet.hpp"
#include "runtime/pallets/system/account.hpp"

#include <vector>

namespace frame_system {
struct OpenAccount;
}

namespace balances {

using chain::Balance;
using crypto::AccountId;
using frame::Context;
using frame::DispatchResult;

inline constexpr std::string_view name = "Balances";
inline constexpr std::uint8_t index = 2;

struct Seat;
template <class T>
Seat pallet_of(const T&);

/// Why money is held. The order is the encoding and never changes.
enum class HoldReason : std::uint8_t {
    MachineBond,    ///< a provider's bond for the slots of a machine
    LeaseDeposit,   ///< rent that is paid in and not earned yet, and rent that is earned and withheld until close
    PendingPayout,  ///< a payout that could not be delivered and waits to be claimed
    OrderBond,      ///< what posting and bidding lock
    ReportBond      ///< a reporter's stake in a report
};
constexpr std::string_view metadata_path(HoldReason) { return "tephra_runtime::RuntimeHoldReason"; }

/// One hold of an account: the sum of all that is held for one reason.
struct Hold {
    HoldReason id{};
    Balance amount{};
    static constexpr std::string_view metadata_path = "frame_support::traits::tokens::misc::IdAmount";
    bool operator==(const Hold&) const = default;
};

/// Whether a move of money may end the account it comes from.
enum class Existence : std::uint8_t { KeepAlive, AllowDeath };

// ---- constants
// -------------------------------------------------------------------------------------------------------

struct Constants {
    frame::Constant<Balance> existential_deposit{chain::tph / 1'000,
                                                 "What an account must own to exist, in base units."};
    frame::Constant<std::uint32_t> max_holds{reflect::enumerator_count<HoldReason>(),
                                             "Most holds of one account: one for each reason."};
};
inline constexpr Constants constants;

// ---- storage
// ---------------------------------------------------------------------------------------------------------

struct Storage {
    frame::Value<Balance> total_issuance{"All base units that exist: genesis + minted - burned."};
    frame::Value<Balance> total_minted{"All base units that were made after genesis."};
    frame::Value<Balance> total_burned{"All base units that were destroyed, dust included."};
    frame::MapOr<frame::Blake2_128Concat, AccountId, std::vector<Hold>> holds{
        "What is held of an account, by reason; their sum is the account's `reserved`."};
};
extern const Storage storage;

// ---- errors: pallet_balances' list; most failures are Token or Arithmetic errors
// -------------------------------------

enum class Error : std::uint8_t {
    VestingBalance,
    LiquidityRestrictions,
    InsufficientBalance,
    ExistentialDeposit,
    Expendability,
    ExistingVestingSchedule,
    DeadAccount,
    TooManyReserves,
    TooManyHolds,
    TooManyFreezes,
    IssuanceDeactivated,
    DeltaZero
};
constexpr std::string_view metadata_path(Error) { return "pallet_balances::pallet::Error"; }
constexpr std::string_view doc(Error error) {
    switch (error) {
        case Error::VestingBalance: return "Vesting balance too high to send value.";
        case Error::LiquidityRestrictions: return "Account liquidity restrictions prevent withdrawal.";
        case Error::InsufficientBalance: return "Balance too low to send value.";
        case Error::ExistentialDeposit: return "Value too low to create account due to existential deposit.";
        case Error::Expendability: return "Transfer or payment would kill the account.";
        case Error::ExistingVestingSchedule: return "A vesting schedule already exists for this account.";
        case Error::DeadAccount: return "Beneficiary account must pre-exist.";
        case Error::TooManyReserves: return "Number of named reserves exceeds the maximum.";
        case Error::TooManyHolds: return "Number of holds exceeds the number of reasons.";
        case Error::TooManyFreezes: return "Number of freezes exceeds the maximum.";
        case Error::IssuanceDeactivated: return "The issuance cannot be changed since it is deactivated.";
        case Error::DeltaZero: return "The delta cannot be zero.";
    }
    std::unreachable();
}

// ---- events: FRAME's indices
// -----------------------------------------------------------------------------------------

struct Endowed {
    static constexpr std::uint8_t index = 0;
    static constexpr auto doc = "An account came to life with some free balance.";
    AccountId account;
    Balance free_balance{};
};
struct DustLost {
    static constexpr std::uint8_t index = 1;
    static constexpr auto doc = "An account died; what it had was below the existential deposit and is burned.";
    AccountId account;
    Balance amount{};
};
struct Transfer {
    static constexpr std::uint8_t index = 2;
    static constexpr auto doc = "Free balance moved from one account to another.";
    AccountId from;
    AccountId to;
    Balance amount{};
};
struct BalanceSet {
    static constexpr std::uint8_t index = 3;
    static constexpr auto doc = "Root set an account's free balance.";
    AccountId who;
    Balance free{};
};
struct Deposit {
    static constexpr std::uint8_t index = 7;
    static constexpr auto doc = "Free balance came in, such as a fee's share for the author.";
    AccountId who;
    Balance amount{};
};
struct Withdraw {
    static constexpr std::uint8_t index = 8;
    static constexpr auto doc = "Free balance went out, such as a fee.";
    AccountId who;
    Balance amount{};
};
struct Minted {
    static constexpr std::uint8_t index = 10;
    static constexpr auto doc = "New base units were made for an account.";
    AccountId who;
    Balance amount{};
};
struct Burned {
    static constexpr std::uint8_t index = 11;
    static constexpr auto doc = "Free base units of an account were destroyed.";
    AccountId who;
    Balance amount{};
};
struct Issued {
    static constexpr std::uint8_t index = 15;
    static constexpr auto doc = "The issuance grew by so much.";
    Balance amount{};
};
struct Rescinded {
    static constexpr std::uint8_t index = 16;
    static constexpr auto doc = "The issuance shrank by so much: a part of a fee was burned.";
    Balance amount{};
};
struct Held {
    static constexpr std::uint8_t index = 22;
    static constexpr auto doc = "Free balance is held from now on.";
    HoldReason reason{};
    AccountId who;
    Balance amount{};
};
struct BurnedHeld {
    static constexpr std::uint8_t index = 23;
    static constexpr auto doc = "Held base units were destroyed.";
    HoldReason reason{};
    AccountId who;
    Balance amount{};
};
struct TransferOnHold {
    static constexpr std::uint8_t index = 24;
    static constexpr auto doc = "Held balance moved to another account and is held there for the same reason.";
    HoldReason reason{};
    AccountId source;
    AccountId dest;
    Balance amount{};
};
struct Released {
    static constexpr std::uint8_t index = 26;
    static constexpr auto doc = "Held balance is free again.";
    HoldReason reason{};
    AccountId who;
    Balance amount{};
};
/// FRAME has no event for this move; the index lies past its own.
struct TransferFromHold {
    static constexpr std::uint8_t index = 64;
    static constexpr auto doc = "Held balance moved into another account's free balance.";
    HoldReason reason{};
    AccountId source;
    AccountId dest;
    Balance amount{};
};

using Event = std::variant<Endowed, DustLost, Transfer, BalanceSet, Deposit, Withdraw, Minted, Burned, Issued,
                           Rescinded, Held, BurnedHeld, TransferOnHold, Released, TransferFromHold>;

// ---- the pallet, without its list of calls -------------------------------------------------------------------

/// All that errors, events and single calls need to know of their pallet. calls.hpp adds the list of calls.
struct Seat {
    static constexpr auto name = balances::name;
    static constexpr auto index = balances::index;
    static constexpr auto doc = "Who owns how much, and what of it is held for which reason.";
    using Constants = balances::Constants;
    using Storage = balances::Storage;
    using Error = balances::Error;
    static constexpr const auto& storage = balances::storage;
    using Event = balances::Event;
};

// ---- reading
// ---------------------------------------------------------------------------------------------------------

/// Base units that no hold keeps.
Balance free_balance(const state::StateView& state, const AccountId& who);
/// Free and held.
Balance total_balance(const state::StateView& state, const AccountId& who);
/// What a transfer could take now (FRAME's reducible balance).
Balance spendable(const state::StateView& state, const AccountId& who, Existence existence);
/// What is held for this reason.
Balance held(const state::StateView& state, const AccountId& who, HoldReason reason);
/// All base units that exist.
Balance total_issuance(const state::StateView& state);
/// Whether `deposit` or `mint` of this amount would succeed: the account exists or `amount` brings it to life.
DispatchResult can_deposit(const state::StateView& state, const AccountId& who, Balance amount);

// ---- moving money: for other pallets. Each is all or nothing; zero amounts do nothing
// -------------------------------- Errors: FundsUnavailable (not enough that may be spent), NotExpendable or
// OnlyProvider (would end an account that must live), BelowMinimum (too little to bring the receiver to life),
// Overflow.

/// Free balance to free balance.
DispatchResult transfer(Context& context, const AccountId& from, const AccountId& to, Balance amount,
                        Existence existence);
/// Free balance into a hold. The existential deposit stays free.
DispatchResult hold(Context& context, const AccountId& who, HoldReason reason, Balance amount);
/// A hold back into free balance. FundsUnavailable if less is held.
DispatchResult release(Context& context, const AccountId& who, HoldReason reason, Balance amount);
/// From the hold of `from` to the free balance of `to`.
DispatchResult transfer_held(Context& context, HoldReason reason, const AccountId& from, const AccountId& to,
                             Balance amount);
/// From the hold of `from` into the hold of `to`, for the same reason; `to` must exist.
DispatchResult transfer_on_hold(Context& context, HoldReason reason, const AccountId& from, const AccountId& to,
                                Balance amount);
/// Destroys held base units.
DispatchResult burn_held(Context& context, HoldReason reason, const AccountId& who, Balance amount);
/// Destroys free base units.
DispatchResult burn(Context& context, const AccountId& who, Balance amount, Existence existence);
/// Makes new base units.
DispatchResult mint(Context& context, const AccountId& who, Balance amount);

/// Takes free balance out of an account while the issuance keeps counting it: the caller must bring all of it back
/// with `deposit` and `burn_withdrawn` before the extrinsic ends. For fees. Writes the account's record with what else
/// the caller changed in it, also where `amount` is zero; an error writes nothing.
DispatchResult withdraw(Context& context, const frame_system::OpenAccount& account, Balance amount);
/// Brings withdrawn balance into an account.
DispatchResult deposit(Context& context, const AccountId& who, Balance amount);
/// Destroys withdrawn balance.
void burn_withdrawn(Context& context, Balance amount);

/// Gives a new account its balance in block zero, with no event.
void endow_at_genesis(state::Overlay& state, const AccountId& who, Balance amount);

}  // namespace balances
