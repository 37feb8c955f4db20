#include "runtime/pallets/transaction_payment/transaction_payment.hpp"

#include "chain/base/check.hpp"
#include "runtime/pallets/balances/balances.hpp"
#include "runtime/pallets/system/accounts.hpp"
#include "runtime/pallets/system/limits.hpp"

#include <algorithm>

namespace transaction_payment {

constinit const Storage storage = frame::declare_storage<Storage>(name);

using chain::mul_div;
using chain::saturating_add;
using chain::saturating_mul;
using chain::u128_max;

namespace {

/// The used part of the scarcer dimension, in the unit of `whole.ref_time`.
std::uint64_t scarcer_part(const frame::Weight& used, const frame::Weight& whole) {
    const u128 by_proof = *mul_div(used.proof_size, whole.ref_time, whole.proof_size);
    return static_cast<std::uint64_t>(std::min<u128>(whole.ref_time, std::max<u128>(used.ref_time, by_proof)));
}

Balance total(const InclusionFee& fee) {
    return saturating_add(saturating_add(fee.base_fee, fee.len_fee), fee.adjusted_weight_fee);
}

}  // namespace

// ---- prices
// ----------------------------------------------------------------------------------------------------------

FixedU128 multiplier(const state::StateView& state) { return storage.next_fee_multiplier.get(state).value_or(one); }

FixedU128 next_multiplier(FixedU128 current, const frame::Weight& normal_used) {
    const std::uint64_t full = frame_system::max_normal_weight.ref_time;
    const std::uint64_t target = full / 2;
    const std::uint64_t used = scarcer_part(normal_used, frame_system::max_normal_weight);
    const std::uint64_t distance = used > target ? used - target : target - used;
    // At a full and at an empty block the distance is the target: the step is 1/denominator.
    const u128 step = *mul_div(current.value, distance, u128{target} * constants.multiplier_denominator);
    const u128 next = used > target ? saturating_add(current.value, step) : current.value - step;
    return {std::clamp(next, constants.min_multiplier.value.value, constants.max_multiplier.value.value)};
}

Balance weight_to_fee(const frame::Weight& weight) {
    return saturating_mul<Balance>(weight.ref_time, constants.weight_fee);
}

Balance length_to_fee(std::uint32_t length) { return saturating_mul<Balance>(length, constants.length_fee); }

FeeDetails fee_details(const state::StateView& state, std::uint32_t length, const frame::DispatchInfo& info,
                       Balance tip) {
    if (info.pays_fee == frame::Pays::No) return {.inclusion_fee = std::nullopt, .tip = tip};
    const Balance plain = weight_to_fee(info.weight);
    return {.inclusion_fee = InclusionFee{.base_fee = weight_to_fee(frame_system::base_extrinsic_weight),
                                          .len_fee = length_to_fee(length),
                                          .adjusted_weight_fee =
                                              mul_div(plain, multiplier(state).value, one.value).value_or(u128_max)},
            .tip = tip};
}

Balance inclusion_fee(const state::StateView& state, std::uint32_t length, const frame::DispatchInfo& info) {
    const FeeDetails details = fee_details(state, length, info);
    return details.inclusion_fee ? total(*details.inclusion_fee) : 0;
}

// ---- paying
// ----------------------------------------------------------------------------------------------------------

frame::DispatchResult can_pay(const state::StateView& state, const AccountId& who, Balance fee, Balance tip) {
    const Balance sum = saturating_add(fee, tip);
    if (sum != 0 && sum > balances::spendable(state, who, balances::Existence::KeepAlive))
        return std::unexpected{frame::TokenError::FundsUnavailable};
    return {};
}

chain::Result<Charge, frame::DispatchError> withdraw(frame::Context& context, const frame_system::OpenAccount& payer,
                                                     Balance fee, Balance tip) {
    TRY_VOID(balances::withdraw(context, payer, saturating_add(fee, tip)));
    return Charge{.who = payer.who, .fee = fee, .tip = tip};
}

void settle(frame::Context& context, const Charge& charge, Balance actual_fee) {
    chain::check(actual_fee <= charge.fee);
    if (charge.fee == 0 && charge.tip == 0) return;
    // The call may have ended the payer's account; what is too little to revive it stays part of the fee.
    const Balance refund = charge.fee - actual_fee;
    const Balance paid = balances::deposit(context, charge.who, refund) ? actual_fee : charge.fee;

    const Balance burned_part = *mul_div(paid, constants.burned_percent, 100);
    const Balance author_part = paid - burned_part + charge.tip;
    const bool has_author =
        context.block.author && balances::deposit(context, *context.block.author, author_part).has_value();
    balances::burn_withdrawn(context, has_author ? burned_part : burned_part + author_part);
    context.emit(TransactionFeePaid{.who = charge.who, .actual_fee = paid + charge.tip, .tip = charge.tip});
}

// ---- order
// -----------------------------------------------------------------------------------------------------------

std::uint64_t priority(Balance tip, const frame::Weight& weight, std::uint32_t length, frame::DispatchClass class_) {
    constexpr std::uint64_t operational = std::uint64_t{1} << 63;
    const u128 time = std::max<u128>(
        weight.ref_time, *mul_div(frame_system::max_block_weight.ref_time, length, frame_system::max_block_length));
    const u128 per_weight = mul_div(tip, 1'000, std::max<u128>(time, 1)).value_or(u128_max);
    const auto rank = static_cast<std::uint64_t>(std::min<u128>(per_weight, operational - 1));
    return class_ == frame::DispatchClass::Normal ? rank : operational + rank;
}

// ---- hooks
// -----------------------------------------------------------------------------------------------------------

frame::Weight Pallet::on_initialize(frame::Context&) { return weights::finalize; }

void Pallet::on_finalize(frame::Context& context) {
    const FixedU128 before = multiplier(context.state);
    const FixedU128 after = next_multiplier(before, frame_system::storage.block_weight.get(context.state).normal);
    if (after != before) storage.next_fee_multiplier.put(context.state, after);
}

}  // namespace transaction_payment
