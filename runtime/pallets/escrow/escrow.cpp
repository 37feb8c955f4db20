#include "runtime/pallets/escrow/escrow.hpp"

#include "runtime/pallets/balances/balances.hpp"
#include "runtime/pallets/machines/machines.hpp"
#include "runtime/pallets/timestamp/timestamp.hpp"

#include <algorithm>
#include <map>

namespace escrow {

constinit const Storage storage = frame::declare_storage<Storage>(name);

namespace {

constexpr auto deposit_reason = balances::HoldReason::LeaseDeposit;

void put_deposits(Context& context, LeaseId lease, const Deposits& deposits) {
    if (deposits.value.empty()) storage.deposits.remove(context.state, lease);
    else storage.deposits.put(context.state, lease, deposits);
}

/// Takes `amount` from the deposits in proportion; `move(payer, part)` says where each part goes.
void take(Context& context, LeaseId lease, Balance amount, auto&& move) {
    if (amount == 0) return;
    Deposits deposits = storage.deposits.get(context.state, lease);
    const auto parts = in_proportion(amount, deposits.value);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (parts[i] == 0) continue;
        deposits.value[i].amount -= parts[i];
        move(deposits.value[i].payer, parts[i]);
    }
    std::erase_if(deposits.value, [](const Deposit& deposit) { return deposit.amount == 0; });
    put_deposits(context, lease, deposits);
}

void defer(Context& context, LeaseId lease, const AccountId& payer, const AccountId& to, Balance amount) {
    const Balance waiting = storage.pending_payouts.get(context.state, to, payer).value_or(0);
    storage.pending_payouts.put(context.state, to, payer, waiting + amount);
    context.emit(PayoutDeferred{.lease = lease, .to = to, .amount = amount});
}

void deliver(Context& context, LeaseId lease, const AccountId& to, Balance amount) {
    if (amount == 0) return;
    Balance delivered = 0;
    take(context, lease, amount, [&](const AccountId& payer, Balance part) {
        if (balances::transfer_held(context, deposit_reason, payer, to, part)) delivered += part;
        else defer(context, lease, payer, to, part);
    });
    if (delivered != 0) context.emit(Paid{.lease = lease, .to = to, .amount = delivered});
}

void record_burn(Context& context, Balance amount, BurnReason reason) {
    const std::uint64_t day = timestamp::storage.now.get(context.state) / machines::day_ms;
    BurnedDay burned = storage.burn_stats.get(context.state, day, reason).value_or(BurnedDay{});
    burned.amount += amount;
    burned.count = chain::saturating_add<std::uint32_t>(burned.count, 1);
    storage.burn_stats.put(context.state, day, reason, burned);
    storage.total_burned.put(context.state, storage.total_burned.get(context.state) + amount);
}

}  // namespace

DispatchResult put_in(Context& context, LeaseId lease, const AccountId& payer, Balance amount, Place place) {
    Deposits deposits = storage.deposits.get(context.state, lease);
    auto mine = std::ranges::find(deposits.value, payer, &Deposit::payer);
    if (mine == deposits.value.end()) {
        const std::size_t places = place == Place::Reserved ? depositors_max : depositors_max - reserved_places;
        if (deposits.value.size() >= places) return std::unexpected{Error::TooManyDepositors};
        mine = deposits.value.insert(mine, {.payer = payer});
    }
    TRY_VOID(balances::hold(context, payer, deposit_reason, amount));
    mine->amount += amount;
    std::erase_if(deposits.value, [](const Deposit& deposit) { return deposit.amount == 0; });
    put_deposits(context, lease, deposits);
    context.emit(Deposited{.lease = lease, .payer = payer, .amount = amount});
    return {};
}

Balance money_of(const state::StateView& state, LeaseId lease) {
    return sum_of(storage.deposits.get(state, lease).value);
}

void pay(Context& context, LeaseId lease, const Split& parts, const Payees& payees) {
    chain::check(payees.frontend || parts.frontend == 0);
    burn(context, lease, parts.burn, BurnReason::Rent);
    if (payees.frontend) deliver(context, lease, *payees.frontend, parts.frontend);
    deliver(context, lease, payees.receiver, parts.owner);
}

void burn(Context& context, LeaseId lease, Balance amount, BurnReason reason) {
    if (amount == 0) return;
    take(context, lease, amount, [&](const AccountId& payer, Balance part) {
        const auto burned = balances::burn_held(context, deposit_reason, payer, part);
        chain::check(burned.has_value());
    });
    record_burn(context, amount, reason);
    context.emit(Burned{.amount = amount, .reason = reason, .lease = lease});
}

Balance refund_rest(Context& context, LeaseId lease) {
    const Balance rest = money_of(context.state, lease);
    take(context, lease, rest, [&](const AccountId& payer, Balance part) {
        const auto released = balances::release(context, payer, deposit_reason, part);
        chain::check(released.has_value());
        context.emit(Refunded{.lease = lease, .payer = payer, .amount = part});
    });
    chain::check(money_of(context.state, lease) == 0);
    return rest;
}

std::uint32_t present_burn_ppm(const state::StateView& state) {
    machines::UsageMeter meter = machines::storage.usage.get(state);
    machines::advance(meter, machines::live_now(state));
    return burn_share_ppm(storage.parameters.get(state).burn_ramp, machines::mean_slots(meter));
}

DispatchResult ClaimPayout::operator()(Context& context) const {
    TRY(const AccountId account, frame::ensure_signed(context));
    if (to == AccountId{}) return std::unexpected{Error::NobodysAccount};
    std::vector<std::pair<AccountId, Balance>> waiting;
    storage.pending_payouts.for_each(
        context.state, account, constants.claims_max,
        [&](const AccountId& payer, Balance amount) { waiting.emplace_back(payer, amount); });
    if (waiting.empty()) return std::unexpected{Error::NothingPending};
    Balance sum = 0;
    for (const auto& [payer, amount] : waiting) {
        TRY_VOID(balances::transfer_held(context, deposit_reason, payer, to, amount));
        storage.pending_payouts.remove(context.state, account, payer);
        sum += amount;
    }
    context.unused = weights::payout * (constants.claims_max - waiting.size());
    context.emit(PayoutClaimed{.account = account, .to = to, .amount = sum});
    return {};
}

DispatchResult SetParameters::operator()(Context& context) const {
    TRY_VOID(frame::ensure_root(context));
    // A frontend's share is at most a quarter (machines::are_valid): both together are never more than the whole.
    if (!is_valid(parameters.burn_ramp)) return std::unexpected{Error::BadParameters};
    if (parameters == storage.parameters.get(context.state)) return std::unexpected{Error::NothingChanges};
    storage.parameters.put(context.state, parameters);
    context.emit(ParametersSet{parameters});
    return {};
}

chain::Result<void, std::string> check_invariants(const state::StateView& state) {
    constexpr std::size_t all = ~std::size_t{0};
    std::map<AccountId, Balance> owed;
    bool empty_entry = false;
    storage.deposits.for_each(state, all, [&](LeaseId, const Deposits& deposits) {
        for (const auto& deposit : deposits.value) {
            owed[deposit.payer] += deposit.amount;
            empty_entry = empty_entry || deposit.amount == 0;
        }
    });
    storage.pending_payouts.for_each(state, all, [&](const AccountId&, const AccountId& payer, Balance amount) {
        owed[payer] += amount;
        empty_entry = empty_entry || amount == 0;
    });
    if (empty_entry) return std::unexpected{"escrow: an entry of nothing"};
    std::string fault;
    const auto compare = [&](const AccountId& payer, Balance on_hold) {
        const auto mine = owed.find(payer);
        if (on_hold != (mine == owed.end() ? 0 : mine->second))
            fault = "escrow: " + crypto::to_string(payer) + " has another sum on hold than its deposits and payouts";
    };
    for (const auto& [payer, amount] : owed) compare(payer, balances::held(state, payer, deposit_reason));
    balances::storage.holds.for_each(state, all, [&](const AccountId& payer, const auto&) {
        compare(payer, balances::held(state, payer, deposit_reason));
    });
    if (!fault.empty()) return std::unexpected{fault};
    Balance burned = 0;
    storage.burn_stats.for_each(state, all,
                                [&](std::uint64_t, BurnReason, const BurnedDay& day) { burned += day.amount; });
    if (burned != storage.total_burned.get(state))
        return std::unexpected{"escrow: total burned is not the sum of its days"};
    return {};
}

}  // namespace escrow
