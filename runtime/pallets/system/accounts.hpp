#pragma once
// Who keeps an account alive, and who needs it to live.
//
// A provider (Balances, while the existential deposit is there) or a sufficient (Machines, for machine keys) brings an
// account into being; when the last of both goes, the account goes. A consumer relies on a provider: while there are
// consumers, the last provider cannot go.

#include "runtime/pallets/system/system.hpp"

namespace frame_system {

/// More consumers than this are refused, so that nobody can make an account immortal by accident.
inline constexpr std::uint32_t max_consumers = 64;

enum class Inc : std::uint8_t { Existed, Created };
enum class Dec : std::uint8_t { Exists, Reaped };

/// What is stored about the account; for one that does not exist, the empty record.
AccountInfo account(const state::StateView& state, const AccountId& who);
/// Whether somebody provides for it or it is sufficient.
bool account_exists(const state::StateView& state, const AccountId& who);

std::uint32_t account_nonce(const state::StateView& state, const AccountId& who);

/// An account's record with the key under which it is stored: read, changed and written back under one hash of the
/// account. It is a copy: what others write meanwhile, it does not know.
struct OpenAccount {
    AccountId who;
    chain::Bytes key;
    AccountInfo info;
};
OpenAccount open_account(const state::StateView& state, const AccountId& who);
/// Reads the record again.
void reopen(const state::StateView& state, OpenAccount& account);
/// Writes the record.
void store(state::Overlay& state, const OpenAccount& account);

/// Emits NewAccount where there was none.
Inc inc_providers(frame::Context& context, const AccountId& who);
/// ConsumerRemaining where the last provider would leave consumers behind. Emits KilledAccount where the account goes;
/// its record, balance included, is then removed. The account must have a provider.
chain::Result<Dec, frame::DispatchError> dec_providers(frame::Context& context, const AccountId& who);

/// Emits NewAccount where there was none.
Inc inc_sufficients(frame::Context& context, const AccountId& who);
/// Emits KilledAccount where the account goes. The account must have a sufficient.
Dec dec_sufficients(frame::Context& context, const AccountId& who);

/// NoProviders where nobody provides; TooManyConsumers beyond max_consumers.
frame::DispatchResult inc_consumers(frame::Context& context, const AccountId& who);
/// The account must have a consumer.
void dec_consumers(frame::Context& context, const AccountId& who);

/// Whether dec_providers would succeed.
bool can_dec_providers(const state::StateView& state, const AccountId& who);
bool can_inc_consumers(const state::StateView& state, const AccountId& who);

/// Changes the balance part of an account's record and nothing else.
void put_data(state::Overlay& state, const AccountId& who, const AccountData& data);

/// The hash of block zero. Known from block 1 on: no state holds its own block's hash.
Hash genesis_hash(const state::StateView& state);

}  // namespace frame_system
