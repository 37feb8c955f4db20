#include "runtime/pallets/system/accounts.hpp"

namespace frame_system {

namespace {

bool is_alive(const AccountInfo& info) { return info.providers != 0 || info.sufficients != 0; }

/// Stores the record, or removes it and says so where nothing keeps it alive any longer.
Dec store_or_reap(frame::Context& context, const OpenAccount& account) {
    if (is_alive(account.info)) {
        store(context.state, account);
        return Dec::Exists;
    }
    context.state.erase(account.key);
    context.emit(KilledAccount{.account = account.who});
    return Dec::Reaped;
}

Inc inc(frame::Context& context, const AccountId& who, std::uint32_t AccountInfo::* counter) {
    OpenAccount account = open_account(context.state, who);
    const bool is_new = !is_alive(account.info);
    ++(account.info.*counter);
    chain::check(account.info.*counter != 0);
    store(context.state, account);
    if (is_new) context.emit(NewAccount{.account = who});
    return is_new ? Inc::Created : Inc::Existed;
}

}  // namespace

AccountInfo account(const state::StateView& state, const AccountId& who) { return storage.account.get(state, who); }

bool account_exists(const state::StateView& state, const AccountId& who) { return is_alive(account(state, who)); }

std::uint32_t account_nonce(const state::StateView& state, const AccountId& who) { return account(state, who).nonce; }

OpenAccount open_account(const state::StateView& state, const AccountId& who) {
    OpenAccount account{.who = who, .key = storage.account.key(who), .info = {}};
    reopen(state, account);
    return account;
}

void reopen(const state::StateView& state, OpenAccount& account) {
    const auto stored = state.get(account.key);
    const auto info = stored ? scale::decode<AccountInfo>(*stored) : AccountInfo{};
    chain::check(info.has_value());
    account.info = *info;
}

void store(state::Overlay& state, const OpenAccount& account) { state.put(account.key, scale::encode(account.info)); }

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
    OpenAccount account = open_account(context.state, who);
    AccountInfo& info = account.info;
    chain::check(info.providers != 0);
    if (info.providers == 1 && info.consumers != 0) return std::unexpected{frame::failure::ConsumerRemaining{}};
    --info.providers;
    return store_or_reap(context, account);
}

Dec dec_sufficients(frame::Context& context, const AccountId& who) {
    OpenAccount account = open_account(context.state, who);
    AccountInfo& info = account.info;
    chain::check(info.sufficients != 0);
    --info.sufficients;
    return store_or_reap(context, account);
}

frame::DispatchResult inc_consumers(frame::Context& context, const AccountId& who) {
    OpenAccount account = open_account(context.state, who);
    AccountInfo& info = account.info;
    if (info.providers == 0) return std::unexpected{frame::failure::NoProviders{}};
    if (info.consumers >= max_consumers) return std::unexpected{frame::failure::TooManyConsumers{}};
    ++info.consumers;
    store(context.state, account);
    return {};
}

void dec_consumers(frame::Context& context, const AccountId& who) {
    OpenAccount account = open_account(context.state, who);
    AccountInfo& info = account.info;
    chain::check(info.consumers != 0);
    --info.consumers;
    store(context.state, account);
}

void put_data(state::Overlay& state, const AccountId& who, const AccountData& data) {
    OpenAccount account = open_account(state, who);
    AccountInfo& info = account.info;
    info.data = data;
    store(state, account);
}

Hash genesis_hash(const state::StateView& state) { return storage.block_hash.get(state, 0); }

}  // namespace frame_system
