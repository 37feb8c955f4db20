#include "genesis/builder/config.hpp"

#include "chain/codec/scale.hpp"
#include "chain/crypto/hash.hpp"
#include "genesis/builder/json_reader.hpp"
#include "genesis/builder/limits.hpp"
#include "runtime/pallets/balances/balances.hpp"
#include "runtime/pallets/escrow/money.hpp"
#include "runtime/pallets/leases/leases.hpp"
#include "runtime/pallets/machines/lifecycle.hpp"
#include "runtime/pallets/machines/machines.hpp"
#include "runtime/pallets/validators/validators.hpp"

#include <algorithm>
#include <set>

namespace genesis {

namespace {

/// The whole text as one JSON value; line and column where it is none.
Result<boost::json::value> parse_json(std::string_view text) {
    if (text.size() > file_bytes_max)
        return chain::fault(fmt::format("the file has {} bytes; at most {} are read", text.size(), file_bytes_max));
    boost::json::parse_options options;
    options.max_depth = json_depth_max;
    boost::json::stream_parser parser{{}, options};
    boost::json::error_code error;
    const std::size_t read = parser.write_some(text.data(), text.size(), error);
    if (!error) {
        parser.finish(error);
        if (!error && text.find_first_not_of(" \t\r\n", read) == std::string_view::npos) return parser.release();
    }
    const std::string_view before = text.substr(0, read);
    const auto line = 1 + std::ranges::count(before, '\n');
    const auto column = before.size() - (before.rfind('\n') + 1) + 1;
    return chain::fault(fmt::format("line {}, column {}: not JSON: {}; mend the text there", line, column,
                                    error ? error.message() : "text after the end"));
}

Result<void> check_text(std::string_view path, std::string_view text) {
    const bool is_printable = std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
    if (text.empty() || text.size() > text_bytes_max || !is_printable)
        return chain::fault(fmt::format("{}: expected 1 to {} printable bytes", path, text_bytes_max));
    return {};
}

Result<void> check_names(const Config& config) {
    TRY_VOID(check_text("chain.name", config.chain.name));
    TRY_VOID(check_text("chain.id", config.chain.id));
    TRY_VOID(check_text("token.symbol", config.token.symbol));
    const bool is_plain = std::ranges::all_of(config.chain.id, [](char c) {
        return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '_' || c == '-';
    });
    if (!is_plain) return chain::fault("chain.id: use lower-case letters, digits, '_' and '-' only");
    if (config.token.decimals > token_decimals_max)
        return chain::fault(fmt::format("token.decimals: at most {}", token_decimals_max));
    if (!config.token.is_ethereum)
        return chain::fault("token.is_ethereum: accounts have 20 bytes here; set it to true");
    return {};
}

/// `issuance` is what all other accounts hold.
Result<void> check_numbered_accounts(const Config& config, chain::Balance issuance) {
    if (!config.numbered_accounts) return {};
    const auto& [count, balance] = *config.numbered_accounts;
    if (count > numbered_accounts_max)
        return chain::fault(fmt::format("numbered_accounts.count: at most {}", numbered_accounts_max));
    if (balance < balances::constants.existential_deposit)
        return chain::fault(fmt::format("numbered_accounts.balance: an account needs at least {} base units to exist",
                                        chain::to_decimal(balances::constants.existential_deposit)));
    const bool is_too_much = balance > (std::numeric_limits<chain::Balance>::max() - issuance) / std::max(count, 1U);
    if (is_too_much) return chain::fault("numbered_accounts.balance: all balances together exceed 2^128 - 1");
    return {};
}

Result<void> check_accounts(const Config& config) {
    if (config.accounts.size() > accounts_max)
        return chain::fault(fmt::format("accounts: at most {} entries", accounts_max));
    const chain::Balance least = balances::constants.existential_deposit;
    std::set<AccountId> seen;
    chain::Balance issuance = 0;
    for (std::size_t i = 0; i < config.accounts.size(); ++i) {
        const AccountConfig& entry = config.accounts[i];
        if (!seen.insert(entry.account).second)
            return chain::fault(fmt::format("accounts[{}].account: {} is listed twice; keep one entry", i,
                                            crypto::to_string(entry.account)));
        if (entry.balance < least)
            return chain::fault(fmt::format("accounts[{}].balance: an account needs at least {} base units to exist", i,
                                            chain::to_decimal(least)));
        const auto sum = chain::checked_add(issuance, entry.balance);
        if (!sum) return chain::fault(fmt::format("accounts[{}].balance: all balances together exceed 2^128 - 1", i));
        issuance = *sum;
    }
    return check_numbered_accounts(config, issuance);
}

Result<void> check_validators(const Config& config) {
    if (config.validators.empty()) return chain::fault("validators: name at least one, or nobody makes blocks");
    if (config.validators.size() > validators::max_authorities)
        return chain::fault(fmt::format("validators: at most {} entries", validators::max_authorities));
    std::set<AccountId> accounts;
    std::set<crypto::Ed25519Public> keys;
    std::set<crypto::VrfPublic> vrf_keys;
    std::uint64_t weights = 0;
    for (std::size_t i = 0; i < config.validators.size(); ++i) {
        const ValidatorConfig& entry = config.validators[i];
        if (!accounts.insert(entry.account).second)
            return chain::fault(fmt::format("validators[{}].account: listed twice; keep one entry", i));
        if (!keys.insert(entry.consensus_key).second)
            return chain::fault(fmt::format("validators[{}].consensus_key: listed twice; give each its own key", i));
        if (!crypto::is_valid(entry.vrf_key))
            return chain::fault(fmt::format("validators[{}].vrf_key: no point of ristretto255; give a public key", i));
        if (!vrf_keys.insert(entry.vrf_key).second)
            return chain::fault(fmt::format("validators[{}].vrf_key: listed twice; give each its own key", i));
        if (entry.weight == 0 || entry.weight > validators_weight_max - weights)
            return chain::fault(
                fmt::format("validators[{}].weight: at least 1, and at most 2^53 for all validators together", i));
        weights += entry.weight;
    }
    return {};
}

Result<void> check_epochs(const Config& config) {
    const std::uint32_t length = config.epoch_length.value_or(epoch_length_default);
    if (length < epoch_length_min || length > epoch_length_max)
        return chain::fault(
            fmt::format("epoch_length: from {} to {} blocks, found {}", epoch_length_min, epoch_length_max, length));
    return {};
}

Result<void> check_roles(const Config& config) {
    if (config.auditors.size() > machines::auditors_max)
        return chain::fault(fmt::format("auditors: at most {} entries", machines::auditors_max));
    std::set<AccountId> seen;
    for (std::size_t i = 0; i < config.auditors.size(); ++i)
        if (!seen.insert(config.auditors[i]).second)
            return chain::fault(fmt::format("auditors[{}]: listed twice; keep one entry", i));
    return {};
}

Result<void> check_parameters(const ParametersConfig& parameters) {
    if (!machines::are_valid(parameters.machines))
        return chain::fault(
            "parameters.machines: these values contradict each other; each pair of min and max must be in order, "
            "intervals and deadlines above zero");
    if (!leases::are_valid(parameters.leases))
        return chain::fault(
            "parameters.leases: these values contradict each other; deadlines and counts must be above zero, shares at "
            "most 1000000 ppm");
    if (!escrow::is_valid(parameters.escrow.burn_ramp))
        return chain::fault("parameters.escrow.burn_ramp: slots and shares must rise, to 750000 ppm at most");
    return {};
}

}  // namespace

Result<Config> parse(std::string_view json) {
    TRY(const boost::json::value value, parse_json(json));
    Config config;
    TRY_VOID(read_json(value, config));
    return config;
}

AccountId numbered_account(std::uint64_t i) {
    const chain::Hash hash = crypto::blake2b_256(scale::encode(i));
    AccountId account;
    std::copy_n(hash.value.begin(), account.value.size(), account.value.begin());
    return account;
}

Result<void> check_config(const Config& config) {
    TRY_VOID(check_names(config));
    TRY_VOID(check_accounts(config));
    TRY_VOID(check_validators(config));
    TRY_VOID(check_epochs(config));
    TRY_VOID(check_roles(config));
    return check_parameters(config.parameters);
}

}  // namespace genesis
