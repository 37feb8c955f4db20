#include "genesis/builder/development.hpp"

#include "chain/base/check.hpp"
#include "chain/crypto/dev_keys.hpp"
#include "chain/crypto/hash.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace genesis {

namespace {

namespace json = boost::json;

/// The name as it enters the keys. Nothing where no development validator has it.
std::optional<std::string> proper_name(std::string_view name) {
    const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
    for (std::size_t i = 0; i < dev_validators_max; ++i)
        if (auto proper = dev_validator_name(i); std::ranges::equal(proper, name, same)) return proper;
    return std::nullopt;
}

std::array<std::uint8_t, 32> secret_of(std::string_view purpose, const std::string& name) {
    return crypto::blake2b_256(chain::to_bytes(fmt::format("tephra/{}/{}", purpose, name))).value;
}

json::object validator(const std::string& name) {
    return {{"account", crypto::to_string(dev_validator_account(name).value())},
            {"consensus_key", chain::to_hex(dev_consensus_key(name)->public_key().value)},
            {"vrf_key", chain::to_hex(dev_vrf_key(name)->public_key().value)},
            {"weight", 1}};
}

}  // namespace

std::string dev_validator_name(std::size_t index) {
    chain::check(index < dev_validators_max);
    const auto known = crypto::dev_keys();
    return index < known.size() ? std::string{known[index].name} : fmt::format("Validator{}", index + 1);
}

std::optional<crypto::Ed25519Key> dev_consensus_key(std::string_view name) {
    const auto proper = proper_name(name);
    if (!proper) return std::nullopt;
    return crypto::Ed25519Key::from_seed(secret_of("consensus", *proper));
}

std::optional<crypto::VrfKey> dev_vrf_key(std::string_view name) {
    const auto proper = proper_name(name);
    if (!proper) return std::nullopt;
    return crypto::VrfKey::from_seed(secret_of("vrf", *proper));
}

std::optional<AccountId> dev_validator_account(std::string_view name) {
    const auto proper = proper_name(name);
    if (!proper) return std::nullopt;
    if (const auto known = crypto::dev_key(*proper)) return known->account();
    const auto secret = crypto::SecretKey::from_bytes(secret_of("account", *proper));
    chain::check(secret.has_value());
    return secret->account();
}

crypto::SecretKey load_sender(std::size_t i) {
    auto secret = crypto::SecretKey::from_bytes(secret_of("account", fmt::format("Load{}", i)));
    chain::check(secret.has_value());
    return *std::move(secret);
}

std::optional<std::string> dev_validator_with(const crypto::Ed25519Public& consensus_key) {
    for (std::size_t i = 0; i < dev_validators_max; ++i)
        if (auto name = dev_validator_name(i); dev_consensus_key(name)->public_key() == consensus_key) return name;
    return std::nullopt;
}

std::string development_chain(const DevelopmentChain& chain) {
    chain::check(chain.validators >= 1 && chain.validators <= dev_validators_max);
    json::array accounts;
    for (const auto& key : crypto::dev_keys())
        accounts.push_back(json::object{
            {"name", std::string{key.name}}, {"account", std::string{key.account}}, {"balance", "1000000 TPH"}});
    for (std::size_t i = 0; i < chain.load_senders; ++i)
        accounts.push_back(
            json::object{{"account", crypto::to_string(load_sender(i).account())}, {"balance", "1000000 TPH"}});
    json::array validators;
    for (std::size_t i = 0; i < chain.validators; ++i) validators.push_back(validator(dev_validator_name(i)));
    json::object out{{"chain", json::object{{"name", "Tephra Local"}, {"id", chain.id}, {"type", "Local"}}},
                     {"token", json::object{{"symbol", "TPH"}, {"decimals", 18}, {"is_ethereum", true}}},
                     {"accounts", std::move(accounts)},
                     {"validators", std::move(validators)},
                     {"sudo", std::string{crypto::dev_keys().front().account}},
                     {"auditors", json::array(1, json::value(std::string{crypto::dev_keys().back().account}))},
                     {"parameters", json::object{}}};
    if (chain.numbered_accounts > 0)
        out["numbered_accounts"] = json::object{{"count", chain.numbered_accounts}, {"balance", "1 TPH"}};
    if (chain.epoch_length) out["epoch_length"] = *chain.epoch_length;
    return json::serialize(out) + "\n";
}

}  // namespace genesis
