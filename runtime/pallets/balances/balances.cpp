#include "runtime/pallets/balances/balances.hpp"

#include "chain/base/check.hpp"
#include "runtime/pallets/balances/calls.hpp"
#include "runtime/pallets/system/accounts.hpp"

#include <algorithm>

namespace balances {

constinit const Storage storage = frame::declare_storage<Storage>(name);

using chain::check;
using frame::ArithmeticError;
using frame::TokenError;
using frame_system::AccountData;
using frame_system::AccountInfo;
using frame_system::open_account;
using frame_system::OpenAccount;

namespace {

AccountInfo info_of(const state::StateView& state, const AccountId& who) { return frame_system::account(state, who); }

bool provides(const AccountData& data) { return data.free >= constants.existential_deposit; }
bool consumes(const AccountData& data) { return data.reserved != 0 || data.frozen != 0; }

/// Whether Balances may let go of the account: somebody else provides, or nobody relies on it.
bool may_die(const AccountInfo& info) { return info.consumers == 0 || info.providers > 1; }

/// What must stay in `free` for a freeze that the held part does not cover.
Balance frozen_part(const AccountData& data) { return chain::saturating_sub(data.frozen, data.reserved); }

Balance spendable(const AccountInfo& info, Existence existence) {
    const bool must_live = existence == Existence::KeepAlive || !may_die(info);
    const Balance stays = std::max(frozen_part(info.data), must_live ? constants.existential_deposit.value : 0);
    return chain::saturating_sub(info.data.free, stays);
}

/// Whether `amount` may leave the free balance (FRAME's can_withdraw).
DispatchResult can_withdraw(const AccountInfo& info, Balance amount, Existence existence) {
    if (amount == 0) return {};
    const auto left = chain::checked_sub(info.data.free, amount);
    if (!left) return std::unexpected{TokenError::FundsUnavailable};
    if (*left < constants.existential_deposit) {
        if (!may_die(info)) return std::unexpected{TokenError::OnlyProvider};
        if (existence == Existence::KeepAlive) return std::unexpected{TokenError::NotExpendable};
    }
    if (*left < frozen_part(info.data)) return std::unexpected{TokenError::Frozen};
    return {};
}

DispatchResult can_deposit(const AccountInfo& info, Balance amount) {
    if (amount == 0) return {};
    const auto free = chain::checked_add(info.data.free, amount);
    if (!free || !chain::checked_add(*free, info.data.reserved)) return std::unexpected{ArithmeticError::Overflow};
    if (*free < constants.existential_deposit) return std::unexpected{TokenError::BelowMinimum};
    return {};
}

void shrink_issuance(state::Overlay& state, Balance amount) {
    if (amount == 0) return;
    const auto issuance = chain::checked_sub(storage.total_issuance.get(state), amount);
    check(issuance.has_value());
    storage.total_issuance.put(state, *issuance);
    storage.total_burned.update(state, [&](Balance& burned) { burned = chain::saturating_add(burned, amount); });
}

DispatchResult grow_issuance(state::Overlay& state, Balance amount) {
    const auto issuance = chain::checked_add(storage.total_issuance.get(state), amount);
    if (!issuance) return std::unexpected{ArithmeticError::Overflow};
    storage.total_issuance.put(state, *issuance);
    storage.total_minted.update(state, [&](Balance& minted) { minted = chain::saturating_add(minted, amount); });
    return {};
}

/// The references that the new balance gives or takes. Providers come first and go last, so that an account that
/// changes from the one to the other never stands without any.
DispatchResult move_references(Context& context, const AccountId& who, const AccountData& before,
                               const AccountData& after) {
    if (consumes(before) && !consumes(after)) frame_system::dec_consumers(context, who);
    if (!consumes(before) && consumes(after) && !frame_system::inc_consumers(context, who))
        return std::unexpected{TokenError::CannotCreateHold};
    if (provides(before) && !provides(after)) TRY_VOID(frame_system::dec_providers(context, who));
    return {};
}

/// Writes the account's balance as `after` has it, with everything that follows: birth, references, dust, death.
/// An error may leave a part behind: callers run in a layer.
DispatchResult put_balance(Context& context, OpenAccount account, AccountData after) {
    const AccountId& who = account.who;
    const AccountData before = account.info.data;
    Balance dust = 0;
    if (after.free < constants.existential_deposit && after.reserved == 0) dust = std::exchange(after.free, 0);

    if (after == before) return {};  // in particular: nobody leaves an empty record behind

    const bool is_born = !provides(before) && provides(after);
    if (is_born) {
        frame_system::inc_providers(context, who);
        frame_system::reopen(context.state, account);
    }
    account.info.data = after;
    frame_system::store(context.state, account);
    TRY_VOID(move_references(context, who, before, after));
    if (is_born && before.free == 0 && before.reserved == 0)
        context.emit(Endowed{.account = who, .free_balance = after.free});
    if (dust != 0) {
        shrink_issuance(context.state, dust);
        context.emit(DustLost{.account = who, .amount = dust});
    }
    return {};
}

/// Adds to the hold, or takes from it what the caller knows is there.
void put_hold(state::Overlay& state, const AccountId& who, HoldReason reason, auto&& change) {
    auto holds = storage.holds.get(state, who);
    auto at = std::ranges::lower_bound(holds, reason, {}, &Hold::id);
    if (at == holds.end() || at->id != reason) at = holds.insert(at, {.id = reason, .amount = 0});
    at->amount = change(at->amount);
    if (at->amount == 0) holds.erase(at);
    check(holds.size() <= constants.max_holds);
    if (holds.empty()) storage.holds.remove(state, who);
    else storage.holds.put(state, who, holds);
}

/// Takes `amount` out of the hold and of `reserved`; where it goes is the caller's matter.
chain::Result<AccountData, frame::DispatchError> take_held(Context& context, const OpenAccount& account,
                                                           HoldReason reason, Balance amount) {
    if (held(context.state, account.who, reason) < amount) return std::unexpected{TokenError::FundsUnavailable};
    check(account.info.data.reserved >= amount);
    put_hold(context.state, account.who, reason, [&](Balance was) { return was - amount; });
    AccountData after = account.info.data;
    after.reserved -= amount;
    return after;
}

/// Brings `amount` into the free balance.
DispatchResult add_free(Context& context, const AccountId& who, Balance amount) {
    OpenAccount account = open_account(context.state, who);
    TRY_VOID(can_deposit(account.info, amount));
    AccountData after = account.info.data;
    after.free += amount;
    return put_balance(context, std::move(account), after);
}

/// Takes `amount` out of the free balance.
DispatchResult take_free(Context& context, OpenAccount account, Balance amount, Existence existence) {
    TRY_VOID(can_withdraw(account.info, amount, existence));
    AccountData after = account.info.data;
    after.free -= amount;
    return put_balance(context, std::move(account), after);
}

DispatchResult take_free(Context& context, const AccountId& who, Balance amount, Existence existence) {
    return take_free(context, open_account(context.state, who), amount, existence);
}

}  // namespace

// ---- reading
// ---------------------------------------------------------------------------------------------------------

Balance free_balance(const state::StateView& state, const AccountId& who) { return info_of(state, who).data.free; }

Balance total_balance(const state::StateView& state, const AccountId& who) {
    const AccountData data = info_of(state, who).data;
    return data.free + data.reserved;
}

Balance spendable(const state::StateView& state, const AccountId& who, Existence existence) {
    return spendable(info_of(state, who), existence);
}

Balance held(const state::StateView& state, const AccountId& who, HoldReason reason) {
    for (const Hold& hold : storage.holds.get(state, who))
        if (hold.id == reason) return hold.amount;
    return 0;
}

Balance total_issuance(const state::StateView& state) { return storage.total_issuance.get(state); }

DispatchResult can_deposit(const state::StateView& state, const AccountId& who, Balance amount) {
    return can_deposit(info_of(state, who), amount);
}

// ---- moving money
// ----------------------------------------------------------------------------------------------------

DispatchResult transfer(Context& context, const AccountId& from, const AccountId& to, Balance amount,
                        Existence existence) {
    return frame::with_layer(context, [&](Context& layer) -> DispatchResult {
        if (from == to) TRY_VOID(can_withdraw(info_of(layer.state, from), amount, existence));
        if (from != to && amount != 0) {
            TRY_VOID(take_free(layer, from, amount, existence));
            TRY_VOID(add_free(layer, to, amount));
        }
        layer.emit(Transfer{.from = from, .to = to, .amount = amount});
        return {};
    });
}

DispatchResult hold(Context& context, const AccountId& who, HoldReason reason, Balance amount) {
    if (amount == 0) return {};
    return frame::with_layer(context, [&](Context& layer) -> DispatchResult {
        OpenAccount account = open_account(layer.state, who);
        if (amount > spendable(account.info, Existence::KeepAlive))
            return std::unexpected{TokenError::FundsUnavailable};
        AccountData after = account.info.data;
        after.free -= amount;
        after.reserved += amount;
        put_hold(layer.state, who, reason, [&](Balance was) { return was + amount; });
        TRY_VOID(put_balance(layer, std::move(account), after));
        layer.emit(Held{.reason = reason, .who = who, .amount = amount});
        return {};
    });
}

DispatchResult release(Context& context, const AccountId& who, HoldReason reason, Balance amount) {
    if (amount == 0) return {};
    return frame::with_layer(context, [&](Context& layer) -> DispatchResult {
        OpenAccount account = open_account(layer.state, who);
        TRY(AccountData after, take_held(layer, account, reason, amount));
        after.free += amount;
        TRY_VOID(put_balance(layer, std::move(account), after));
        layer.emit(Released{.reason = reason, .who = who, .amount = amount});
        return {};
    });
}

DispatchResult transfer_held(Context& context, HoldReason reason, const AccountId& from, const AccountId& to,
                             Balance amount) {
    if (amount == 0) return {};
    return frame::with_layer(context, [&](Context& layer) -> DispatchResult {
        OpenAccount account = open_account(layer.state, from);
        TRY(const AccountData after, take_held(layer, account, reason, amount));
        TRY_VOID(put_balance(layer, std::move(account), after));
        TRY_VOID(add_free(layer, to, amount));
        layer.emit(TransferFromHold{.reason = reason, .source = from, .dest = to, .amount = amount});
        return {};
    });
}

DispatchResult transfer_on_hold(Context& context, HoldReason reason, const AccountId& from, const AccountId& to,
                                Balance amount) {
    if (amount == 0) return {};
    return frame::with_layer(context, [&](Context& layer) -> DispatchResult {
        OpenAccount account = open_account(layer.state, from);
        TRY(const AccountData after, take_held(layer, account, reason, amount));
        TRY_VOID(put_balance(layer, std::move(account), after));

        OpenAccount receiver = open_account(layer.state, to);
        if (!provides(receiver.info.data)) return std::unexpected{TokenError::CannotCreateHold};
        AccountData grown = receiver.info.data;
        const auto reserved = chain::checked_add(grown.reserved, amount);
        if (!reserved || !chain::checked_add(*reserved, grown.free)) return std::unexpected{ArithmeticError::Overflow};
        grown.reserved = *reserved;
        put_hold(layer.state, to, reason, [&](Balance was) { return was + amount; });
        TRY_VOID(put_balance(layer, std::move(receiver), grown));
        layer.emit(TransferOnHold{.reason = reason, .source = from, .dest = to, .amount = amount});
        return {};
    });
}

DispatchResult burn_held(Context& context, HoldReason reason, const AccountId& who, Balance amount) {
    if (amount == 0) return {};
    return frame::with_layer(context, [&](Context& layer) -> DispatchResult {
        OpenAccount account = open_account(layer.state, who);
        TRY(const AccountData after, take_held(layer, account, reason, amount));
        TRY_VOID(put_balance(layer, std::move(account), after));
        shrink_issuance(layer.state, amount);
        layer.emit(BurnedHeld{.reason = reason, .who = who, .amount = amount});
        return {};
    });
}

DispatchResult burn(Context& context, const AccountId& who, Balance amount, Existence existence) {
    if (amount == 0) return {};
    return frame::with_layer(context, [&](Context& layer) -> DispatchResult {
        TRY_VOID(take_free(layer, who, amount, existence));
        shrink_issuance(layer.state, amount);
        layer.emit(Burned{.who = who, .amount = amount});
        return {};
    });
}

DispatchResult mint(Context& context, const AccountId& who, Balance amount) {
    if (amount == 0) return {};
    return frame::with_layer(context, [&](Context& layer) -> DispatchResult {
        TRY_VOID(grow_issuance(layer.state, amount));
        TRY_VOID(add_free(layer, who, amount));
        layer.emit(Minted{.who = who, .amount = amount});
        return {};
    });
}

DispatchResult withdraw(Context& context, const OpenAccount& account, Balance amount) {
    if (amount == 0) {
        const bool exists = account.info.providers != 0 || account.info.sufficients != 0;
        if (exists) frame_system::store(context.state, account);
        return {};
    }
    TRY_VOID(take_free(context, account, amount, Existence::KeepAlive));
    context.emit(Withdraw{.who = account.who, .amount = amount});
    return {};
}

DispatchResult deposit(Context& context, const AccountId& who, Balance amount) {
    if (amount == 0) return {};
    TRY_VOID(add_free(context, who, amount));
    context.emit(Deposit{.who = who, .amount = amount});
    return {};
}

void burn_withdrawn(Context& context, Balance amount) {
    if (amount == 0) return;
    shrink_issuance(context.state, amount);
    context.emit(Rescinded{.amount = amount});
}

void endow_at_genesis(state::Overlay& state, const AccountId& who, Balance amount) {
    OpenAccount account = open_account(state, who);
    check(amount >= constants.existential_deposit && account.info == AccountInfo{});
    account.info.providers = 1;
    account.info.data.free = amount;
    frame_system::store(state, account);
    storage.total_issuance.update(state, [&](Balance& issuance) {
        const auto sum = chain::checked_add(issuance, amount);
        check(sum.has_value());
        issuance = *sum;
    });
}

// ---- calls
// -----------------------------------------------------------------------------------------------------------

DispatchResult TransferAllowDeath::operator()(Context& context) const {
    TRY(const AccountId from, frame::ensure_signed(context));
    return transfer(context, from, dest, value.value, Existence::AllowDeath);
}

DispatchResult ForceTransfer::operator()(Context& context) const {
    TRY_VOID(frame::ensure_root(context));
    return transfer(context, source, dest, value.value, Existence::AllowDeath);
}

DispatchResult TransferKeepAlive::operator()(Context& context) const {
    TRY(const AccountId from, frame::ensure_signed(context));
    return transfer(context, from, dest, value.value, Existence::KeepAlive);
}

DispatchResult TransferAll::operator()(Context& context) const {
    TRY(const AccountId from, frame::ensure_signed(context));
    const Existence existence = keep_alive ? Existence::KeepAlive : Existence::AllowDeath;
    return transfer(context, from, dest, spendable(context.state, from, existence), existence);
}

DispatchResult ForceSetBalance::operator()(Context& context) const {
    TRY_VOID(frame::ensure_root(context));
    const Balance wanted = new_free.value < constants.existential_deposit ? 0 : new_free.value;
    return frame::with_layer(context, [&](Context& layer) -> DispatchResult {
        OpenAccount account = open_account(layer.state, who);
        if (!chain::checked_add(wanted, account.info.data.reserved)) return std::unexpected{ArithmeticError::Overflow};
        if (wanted > account.info.data.free) TRY_VOID(grow_issuance(layer.state, wanted - account.info.data.free));
        if (wanted < account.info.data.free) shrink_issuance(layer.state, account.info.data.free - wanted);
        AccountData after = account.info.data;
        after.free = wanted;
        TRY_VOID(put_balance(layer, std::move(account), after));
        layer.emit(BalanceSet{.who = who, .free = wanted});
        return {};
    });
}

DispatchResult Burn::operator()(Context& context) const {
    TRY(const AccountId who, frame::ensure_signed(context));
    return burn(context, who, value.value, keep_alive ? Existence::KeepAlive : Existence::AllowDeath);
}

}  // namespace balances
