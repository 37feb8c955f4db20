#pragma once
// TransactionPayment: what an extrinsic costs, who gets it, and which of two goes first.
//
//     fee = base fee + length fee + multiplier × weight fee          (nothing for calls that pay no fee)
//     total = fee + tip
//
// The multiplier follows the fullness of blocks as Ethereum's EIP-1559 does, by at most 1/256 a block around half full:
// at two blocks a second that is the pace of 1/8 per 12 s. Half of the fee is burned; the rest and the tip go to the
// block's author. Names and shapes are those of Substrate's pallet_transaction_payment.

#include "chain/crypto/account.hpp"
#include "runtime/frame/pallet.hpp"
#include "runtime/pallets/transaction_payment/weights.hpp"

#include <optional>

namespace frame_system {
struct OpenAccount;
}

namespace transaction_payment {

using chain::Balance;
using chain::u128;
using crypto::AccountId;

inline constexpr std::string_view name = "TransactionPayment";
inline constexpr std::uint8_t index = 3;

struct Pallet;
template <class T>
Pallet pallet_of(const T&);

/// A number in units of 10^-18.
struct FixedU128 {
    u128 value{};
    static constexpr std::string_view metadata_path = "sp_arithmetic::fixed_point::FixedU128";
    auto operator<=>(const FixedU128&) const = default;
};
inline constexpr FixedU128 one{1'000'000'000'000'000'000ULL};

// ---- constants
// -------------------------------------------------------------------------------------------------------

struct Constants {
    frame::Constant<std::uint8_t> operational_fee_multiplier{
        1, "Operational calls that pay, pay as others do; their place in the queue does not depend on a tip."};
    frame::Constant<Balance> weight_fee{5'000'000, "Base units for a picosecond of weight, before the multiplier."};
    frame::Constant<Balance> length_fee{1'000'000'000'000, "Base units for a byte of an extrinsic."};
    frame::Constant<FixedU128> min_multiplier{one, "The multiplier falls no lower: the weight fee is the floor price."};
    frame::Constant<FixedU128> max_multiplier{{10'000 * one.value}, "The multiplier rises no higher."};
    frame::Constant<std::uint32_t> multiplier_denominator{
        256, "A full block raises the multiplier by one part in so many, an empty one lowers it by as much."};
    frame::Constant<std::uint32_t> burned_percent{50, "Share of each fee that is burned; the tip is not."};
};
inline constexpr Constants constants;

// ---- storage
// ---------------------------------------------------------------------------------------------------------

struct Storage {
    frame::OptionalValue<FixedU128> next_fee_multiplier{
        "The multiplier of the weight fee in the next block, in units of 10^-18; one when absent."};
};
extern const Storage storage;

// ---- events
// ----------------------------------------------------------------------------------------------------------

struct TransactionFeePaid {
    static constexpr std::uint8_t index = 0;
    static constexpr auto doc = "A transaction fee was paid; `actual_fee` includes the tip.";
    AccountId who;
    Balance actual_fee{};
    Balance tip{};
};

struct Pallet {
    static constexpr auto name = transaction_payment::name;
    static constexpr auto index = transaction_payment::index;
    static constexpr auto doc = "Fees, tips and their shares.";
    using Constants = transaction_payment::Constants;
    using Storage = transaction_payment::Storage;
    using Error = frame::NoError;
    static constexpr const auto& storage = transaction_payment::storage;
    using Event = std::variant<TransactionFeePaid>;
    using Call = std::variant<>;

    /// Accounts for on_finalize.
    static frame::Weight on_initialize(frame::Context& context);
    /// Moves the multiplier by the weight that System has accounted to the block.
    static void on_finalize(frame::Context& context);
};

// ---- prices
// ----------------------------------------------------------------------------------------------------------

/// The parts of an inclusion fee.
struct InclusionFee {
    Balance base_fee{};             ///< for any extrinsic: signature, nonce, events
    Balance len_fee{};              ///< for its bytes
    Balance adjusted_weight_fee{};  ///< for its weight, by the multiplier
    static constexpr std::string_view metadata_path = "pallet_transaction_payment::types::InclusionFee";
    bool operator==(const InclusionFee&) const = default;
};

/// What TransactionPaymentApi_query_fee_details answers.
struct FeeDetails {
    std::optional<InclusionFee> inclusion_fee;  ///< none for calls that pay no fee
    Balance tip{};
    static constexpr std::string_view metadata_path = "pallet_transaction_payment::types::FeeDetails";
    bool operator==(const FeeDetails&) const = default;
};

/// The multiplier of the block being built on `state`.
FixedU128 multiplier(const state::StateView& state);
/// The multiplier after a block whose normal calls used so much weight.
FixedU128 next_multiplier(FixedU128 current, const frame::Weight& normal_used);

/// The price of a weight without the multiplier (TransactionPaymentApi_query_weight_to_fee).
Balance weight_to_fee(const frame::Weight& weight);
/// The price of so many bytes (TransactionPaymentApi_query_length_to_fee).
Balance length_to_fee(std::uint32_t length);

/// The fee in its parts. `length` is in bytes, length prefix included; `info.weight` is the call's alone. Prices
/// saturate: a fee that nobody can pay is as good as an error.
FeeDetails fee_details(const state::StateView& state, std::uint32_t length, const frame::DispatchInfo& info,
                       Balance tip = 0);
/// Their sum without the tip.
Balance inclusion_fee(const state::StateView& state, std::uint32_t length, const frame::DispatchInfo& info);

// ---- paying
// ----------------------------------------------------------------------------------------------------------

/// What was taken before the call ran.
struct Charge {
    AccountId who;
    Balance fee{};
    Balance tip{};
};

/// Whether the account could pay and live on. FundsUnavailable if not.
frame::DispatchResult can_pay(const state::StateView& state, const AccountId& who, Balance fee, Balance tip);
/// Takes fee and tip, and writes the payer's record with what else the caller changed in it: its nonce. The account
/// stays alive, or nothing is taken and nothing written.
chain::Result<Charge, frame::DispatchError> withdraw(frame::Context& context, const frame_system::OpenAccount& payer,
                                                     Balance fee, Balance tip);
/// After the call: gives back what the fee was too high, burns and pays out the rest. `actual_fee` is without the tip
/// and at most what was charged.
void settle(frame::Context& context, const Charge& charge, Balance actual_fee);

// ---- order
// -----------------------------------------------------------------------------------------------------------

/// Who goes first when room is short: tip for the scarcer of time and bytes, in 10^-3 base units a picosecond.
/// `weight` includes the extrinsic's base weight. Operational calls stand above every tip: only calls that are due are
/// operational, and they have room of their own in the block.
std::uint64_t priority(Balance tip, const frame::Weight& weight, std::uint32_t length, frame::DispatchClass class_);

}  // namespace transaction_payment
