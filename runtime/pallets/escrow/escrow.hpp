#pragma once
// Escrow: the money of leases. It has no account that anybody could send to: a deposit stays on its payer's account, on
// hold, and this ledger says which lease it belongs to. What a lease owes is taken from its deposits in proportion.
// Between blocks: what is on hold for leases = Σ deposits of open leases + Σ pending payouts, for each payer.

#include "runtime/frame/pallet.hpp"
#include "runtime/pallets/escrow/money.hpp"
#include "runtime/pallets/escrow/weights.hpp"

#include <string>

namespace escrow {

inline constexpr std::string_view name = "Escrow";
inline constexpr std::uint8_t index = 12;

struct Pallet;
template <class T>
Pallet pallet_of(const T&);

using frame::Context;
using frame::DispatchResult;

/// Accounts that may have deposits in one lease; two of the places are kept for renter and sponsor.
inline constexpr std::uint32_t depositors_max = 16;
inline constexpr std::uint32_t reserved_places = 2;
using Deposits = scale::Bounded<std::vector<Deposit>, depositors_max>;

// ---- constants -----------------------------------------------------------------------------------------------

struct Constants {
    frame::Constant<std::uint32_t> depositors_max{escrow::depositors_max, "Most accounts with deposits in one lease."};
    frame::Constant<std::uint32_t> claims_max{16, "Most pending payouts that one claim collects."};
};
inline constexpr Constants constants;

// ---- storage -------------------------------------------------------------------------------------------------

struct Storage {
    frame::Value<Parameters> parameters{"What root decides about burning."};
    frame::MapOr<frame::Twox64Concat, LeaseId, Deposits> deposits{"What is left in each open lease, by payer."};
    frame::DoubleMap<frame::Blake2_128Concat, AccountId, frame::Blake2_128Concat, AccountId, Balance> pending_payouts{
        "What could not be delivered to an account, by the payer who still holds it."};
    frame::DoubleMap<frame::Twox64Concat, std::uint64_t, frame::Twox64Concat, BurnReason, BurnedDay> burn_stats{
        "What was burned, by calendar day (since 1970) and reason."};
    frame::Value<Balance> total_burned{"All that leases ever burned."};
};
extern const Storage storage;

// ---- errors: each text names the remedy ------------------------------------------------------------------------

enum class Error : std::uint8_t {
    TooManyDepositors,
    NothingPending,
    BadParameters,
    NobodysAccount,
    NothingChanges,
};
constexpr std::string_view doc(Error error) {
    switch (error) {
        case Error::TooManyDepositors:
            return "The lease has money from as many accounts as it may. Let one of them, the renter or the sponsor "
                   "add.";
        case Error::NothingPending: return "No payout waits for this account. Nothing is to be claimed.";
        case Error::BadParameters:
            return "The burn ramp must rise from left to right and leave a quarter to others. Mend its corners.";
        case Error::NobodysAccount: return "The zero account is nobody's. Name another account.";
        case Error::NothingChanges: return "It is so already. Nothing is to be done.";
    }
    std::unreachable();
}

// ---- events --------------------------------------------------------------------------------------------------

struct Deposited {
    static constexpr auto doc = "An account put money into a lease.";
    LeaseId lease;
    AccountId payer;
    Balance amount{};
};
struct Paid {
    static constexpr auto doc = "A lease paid its owner, or the frontend that brought the renter.";
    LeaseId lease;
    AccountId to;
    Balance amount{};
};
struct Burned {
    static constexpr auto doc = "Money of a lease was destroyed.";
    Balance amount{};
    BurnReason reason{};
    LeaseId lease;
};
struct Refunded {
    static constexpr auto doc = "What a lease did not use is free again on its payer's account.";
    LeaseId lease;
    AccountId payer;
    Balance amount{};
};
struct PayoutDeferred {
    static constexpr auto doc = "A payout could not be delivered; the account may claim it.";
    LeaseId lease;
    AccountId to;
    Balance amount{};
};
struct PayoutClaimed {
    static constexpr auto doc = "An account claimed its pending payouts.";
    AccountId account;
    AccountId to;
    Balance amount{};
};
struct ParametersSet {
    static constexpr auto doc = "Root changed the burn ramp; leases that run keep their share.";
    Parameters parameters;
};

using Event = std::variant<Deposited, Paid, Burned, Refunded, PayoutDeferred, PayoutClaimed, ParametersSet>;

// ---- for Leases ------------------------------------------------------------------------------------------------

/// Whether a payer is sure of a place among the depositors.
enum class Place : std::uint8_t { Reserved, Free };

/// Holds money of `payer` for the lease. TooManyDepositors, or why Balances cannot hold it.
DispatchResult put_in(Context& context, LeaseId lease, const AccountId& payer, Balance amount, Place place);

/// What the lease still has.
Balance money_of(const state::StateView& state, LeaseId lease);

/// Who gets what a lease earned.
struct Payees {
    std::optional<AccountId> frontend;
    AccountId receiver;
};

/// Takes `parts` from the deposits: burns, pays frontend and receiver. A payment that cannot be delivered becomes a
/// pending payout. The lease has at least the sum of the parts; without a frontend its part is 0.
void pay(Context& context, LeaseId lease, const Split& parts, const Payees& payees);

/// Destroys so much of the deposits.
void burn(Context& context, LeaseId lease, Balance amount, BurnReason reason);

/// Gives the depositors what is left. Returns how much that was.
Balance refund_rest(Context& context, LeaseId lease);

/// The burn share that a lease made now is bound to.
std::uint32_t present_burn_ppm(const state::StateView& state);

/// What must hold between blocks; the first thing that does not.
chain::Result<void, std::string> check_invariants(const state::StateView& state);

// ---- calls ---------------------------------------------------------------------------------------------------

struct ClaimPayout {
    static constexpr std::uint8_t index = 0;
    static constexpr auto doc =
        "Collect what could not be delivered to the signer, into `to`, which must exist or come to life by it.";
    static constexpr frame::Weight weight = weights::payout * 16;

    AccountId to;

    DispatchResult operator()(Context& context) const;
};

struct SetParameters {
    static constexpr std::uint8_t index = 1;
    static constexpr auto doc = "Root changes the burn ramp for leases made from now on.";
    static constexpr frame::Weight weight = weights::root_call;

    Parameters parameters;

    DispatchResult operator()(Context& context) const;
};

// ---- the pallet ----------------------------------------------------------------------------------------------

struct Pallet {
    static constexpr auto name = escrow::name;
    static constexpr auto index = escrow::index;
    static constexpr auto doc = "The money of leases: deposits, payments, refunds, burning.";
    using Constants = escrow::Constants;
    using Storage = escrow::Storage;
    static constexpr const auto& storage = escrow::storage;
    using Error = escrow::Error;
    using Event = escrow::Event;
    using Call = std::variant<ClaimPayout, SetParameters>;
};

}  // namespace escrow
