#pragma once
// Validators whose secrets everybody knows, and chains made of them: networks on one machine, tests, demonstrations.

#include "chain/crypto/signature.hpp"
#include "genesis/builder/config.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace genesis {

/// Alith, Baltathar, Charleth, Dorothy, Ethan, Faith, then Validator7, Validator8, …
std::string dev_validator_name(std::size_t index);

inline constexpr std::size_t dev_validators_max = 256;

/// One of them. Names are taken in any case. Nothing for another name.
/// Consensus: the Ed25519 key with the seed blake2b-256("tephra/consensus/" ‖ name).
std::optional<crypto::Ed25519Key> dev_consensus_key(std::string_view name);
/// The VRF key with the seed blake2b-256("tephra/vrf/" ‖ name).
std::optional<crypto::VrfKey> dev_vrf_key(std::string_view name);
/// The development account, or for ValidatorN the account of the secret blake2b-256("tephra/account/" ‖ name).
std::optional<AccountId> dev_validator_account(std::string_view name);

/// The name of the development validator with this public half of a consensus key.
std::optional<std::string> dev_validator_with(const crypto::Ed25519Public& consensus_key);

/// How a chain of development validators is to be.
struct DevelopmentChain {
    std::size_t validators = 4;  ///< from 1 to dev_validators_max, of weight 1 each
    std::string id = "tephra_localnet";
    std::optional<std::uint32_t> epoch_length;
    std::size_t load_senders = 0;         ///< these accounts hold much, for tools/load
    std::uint32_t numbered_accounts = 0;  ///< of 1 TPH each, without keys: a large state
};

/// The account from which a load generator sends: its secret is blake2b-256("tephra/account/Load" ‖ i).
crypto::SecretKey load_sender(std::size_t i);

/// Its genesis file, as text: the six development accounts are funded, Alith is sudo, Faith audits, parameters are the
/// pallets' defaults.
std::string development_chain(const DevelopmentChain& chain);

}  // namespace genesis
