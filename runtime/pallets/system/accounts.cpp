#include "runtime/pallets/system/accounts.hpp"

namespace frame_system {

namespace {

bool is_alive(const AccountInfo& info) { return info.providers != 0 || info.sufficients != 0; }

/// Stores the record, or removes it and says so where nothing keeps it alive any longer.
Dec put_or_reap(frame::Context& context, const AccountId& who, const AccountInfo& info) {
    if (is_alive(info)) {
        storage.account.put(context.state, who, info);
        return Dec::Exists;
    }
    storage.account.remove(context.state, who);
    context.emit(KilledAccount{.account = who});
    return Dec::Reaped;
}

Inc inc(frame::Context& context, const AccountId& who, std::uint32_t AccountInfo::* counter) {
    AccountInfo info = account(context.state, who);
    const bool is_new = !is_alive(info);
    ++(info.*counter);
    chain::check(info.*counter != 0);
    storage.account.put(context.state, who, info);
    if (is_new) context.emit(NewAccount{.account = who});
    return is_new ? Inc::Created : Inc::Existed;
}

}  // namespace

AccountInfo account(const state::StateView& state, const AccountId& who) { return storage.account.get(state, who); }

bool account_exists(const state::StateView& state, const AccountId& who) { return is_alive(account(state, who)); }

std::uint32_t account_nonce(const state::StateView& state, const AccountId& who) { return account(state, who).nonce; }

void inc_account_nonce(frame::Context& context, const AccountId& who) {
    AccountInfo info = account(context.state, who);
    ++info.nonce;
    chain::check(info.nonce != 0);
    storage.account.put(context.state, who, info);
}

Inc inc_providers(frame::Context& context, const AccountId& who) { return inc(context, who, &AccountInfo::providers); }

Inc inc_sufficients(frame::Context& context, const AccountId& who) {
    return inc(context, who, &AccountInfo::sufficients);
}

bool can_dec_providers(const state::StateView& state, const AccountId& who) {
    const AccountInfo info = account(state, who);
    return info.providers > 1 || (info.providers == 1 && info.consumers == 0);
}

bool can_inc_consumers(const state::StateView& state, const AccountId& who) {
    const AccountInfo info = account(state, who);
    return info.providers != 0 && info.consumers < max_consumers;
}

chain::Result<Dec, frame::DispatchError> dec_providers(frame::Context& context, const AccountId& who) {
    AccountInfo info = account(context.state, who);
    chain::check(info.providers != 0);
    if (info.providers == 1 && info.consumers != 0) return std::unexpected{frame::failure::ConsumerRemaining{}};
    --info.providers;
    return put_or_reap(context, who, info);
}

Dec dec_sufficients(frame::Context& context, const AccountId& who) {
    AccountInfo info = account(context.state, who);
    chain::check(info.sufficients != 0);
    --info.sufficients;
    return put_or_reap(context, who, info);
}

frame::DispatchResult inc_consumers(frame::Context& context, const AccountId& who) {
    AccountInfo info = account(context.state, who);
    if (info.providers == 0) return std::unexpected{frame::failure::NoProviders{}};
    if (info.consumers >= max_consumers) return std::unexpected{frame::failure::TooManyConsumers{}};
    ++info.consumers;
    storage.account.put(context.state, who, info);
    return {};
}

void dec_consumers(frame::Context& context, const AccountId& who) {
    AccountInfo info = account(context.state, who);
    chain::check(info.consumers != 0);
    --info.consumers;
    storage.account.put(context.state, who, info);
}

void put_data(state::Overlay& state, const AccountId& who, const AccountData& data) {
    AccountInfo info = account(state, who);
    info.data = data;
    storage.account.put(state, who, info);
}

Hash genesis_hash(const state::StateView& state) { return storage.block_hash.get(state, 0); }

}  // namespace frame_system
