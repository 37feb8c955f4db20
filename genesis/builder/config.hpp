#pragma once
// A genesis file as it is written: JSON whose keys are the members below. Its reader follows from these declarations
// (json_reader.hpp), so a new parameter of a pallet needs no line here.

#include "chain/base/result.hpp"
#include "chain/crypto/account.hpp"
#include "chain/crypto/ed25519.hpp"
#include "chain/crypto/vrf.hpp"
#include "runtime/pallets/escrow/records.hpp"
#include "runtime/pallets/leases/records.hpp"
#include "runtime/pallets/machines/records.hpp"

#include <optional>
#include <string>
#include <vector>

namespace genesis {

using chain::Result;
using crypto::AccountId;

/// What system_chainType says.
enum class ChainType : std::uint8_t { Development, Local, Live };

struct ChainConfig {
    std::string name;  ///< for people: system_chain
    std::string id;    ///< for programs: lower-case letters, digits, '_' and '-'
    ChainType type{};
};

/// What wallets show (system_properties).
struct TokenConfig {
    std::string symbol;
    std::uint8_t decimals{};
    bool is_ethereum{};
};

struct AccountConfig {
    std::optional<std::string> name;  ///< for the reader of the file
    AccountId account;
    chain::Balance balance{};
};

/// So many accounts that nobody has a key to, for measurements on a large state: the i-th is the first 20 bytes of
/// blake2b-256 of i as a u64.
struct NumberedAccountsConfig {
    std::uint32_t count{};
    chain::Balance balance{};  ///< of each
};

struct ValidatorConfig {
    AccountId account;                    ///< receives fees and tips
    crypto::Ed25519Public consensus_key;  ///< checks its votes
    crypto::VrfPublic vrf_key;            ///< checks the randomness in its blocks
    std::uint64_t weight{};
};

/// Each pallet's parameters. What the file leaves out keeps the pallet's default.
struct ParametersConfig {
    static constexpr bool keeps_defaults = true;
    machines::Parameters machines;
    leases::Parameters leases;
    escrow::Parameters escrow;
};

struct Config {
    ChainConfig chain;
    TokenConfig token;
    std::vector<AccountConfig> accounts;
    std::optional<NumberedAccountsConfig> numbered_accounts;
    std::vector<ValidatorConfig> validators;
    std::optional<std::uint32_t> epoch_length;  ///< in blocks; none: epoch_length_default
    std::optional<chain::Hash> epoch_seed;      ///< draws the first leaders; none: a hash of chain.id
    std::optional<AccountId> sudo;              ///< none: no account may act as root
    std::vector<AccountId> auditors;
    ParametersConfig parameters;
};

/// Reads the text of a genesis file. The fault names the place, what is wrong there and what would be right:
/// `accounts[2].balance: expected an amount such as "1000 TPH" …`.
Result<Config> parse(std::string_view json);

/// The i-th numbered account.
AccountId numbered_account(std::uint64_t i);

/// Rules between the values: nobody twice, at least one validator, amounts that can exist.
Result<void> check_config(const Config& config);

}  // namespace genesis
