#include "genesis/builder/genesis.hpp"

#include "chain/base/check.hpp"
#include "chain/crypto/hash.hpp"
#include "chain/state/overlay.hpp"
#include "chain/trie/trie.hpp"
#include "genesis/builder/limits.hpp"
#include "runtime/pallets/balances/balances.hpp"
#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/leases.hpp"
#include "runtime/pallets/machines/machines.hpp"
#include "runtime/pallets/sudo/sudo.hpp"
#include "runtime/pallets/system/marker.hpp"
#include "runtime/pallets/transaction_payment/transaction_payment.hpp"
#include "runtime/pallets/validators/validators.hpp"

#include <fstream>
#include <iterator>

namespace genesis {

namespace {

/// Everything of the file that becomes state.
void write_state(const Config& config, state::Overlay& state) {
    frame_system::put_code_marker(state);
    // Chains that differ in nothing else must differ in their hash: signatures of one are no good on the other.
    state.put(chain::to_bytes(chain_id_key), chain::to_bytes(config.chain.id));
    for (const AccountConfig& entry : config.accounts) balances::endow_at_genesis(state, entry.account, entry.balance);
    if (config.numbered_accounts)
        for (std::uint32_t i = 0; i < config.numbered_accounts->count; ++i)
            balances::endow_at_genesis(state, numbered_account(i), config.numbered_accounts->balance);
    transaction_payment::storage.next_fee_multiplier.put(state, transaction_payment::one);
    if (config.sudo) sudo::storage.key.put(state, *config.sudo);

    std::vector<validators::Authority> authorities;
    for (const ValidatorConfig& entry : config.validators)
        authorities.push_back({.account = entry.account,
                               .consensus_key = entry.consensus_key.value,
                               .vrf_key = entry.vrf_key.value,
                               .weight = entry.weight});
    validators::storage.authorities.put(state, authorities);
    validators::storage.epoch_length.put(state, config.epoch_length.value_or(epoch_length_default));
    const auto seed =
        config.epoch_seed.value_or(crypto::blake2b_256(chain::to_bytes("tephra/seed/" + config.chain.id)));
    validators::storage.current_epoch.put(state, validators::first_epoch(seed));

    machines::storage.auditors.put(state, {config.auditors});
    machines::storage.parameters.put(state, config.parameters.machines);
    leases::storage.parameters.put(state, config.parameters.leases);
    escrow::storage.parameters.put(state, config.parameters.escrow);
}

chain::Hash root_of(const state::MapState& state) {
    const std::vector<std::pair<chain::Bytes, chain::Bytes>> sorted{state.entries.begin(), state.entries.end()};
    return trie::root(sorted, trie::StateVersion::V1);
}

std::string_view name_of(ChainType type) {
    switch (type) {
        case ChainType::Development: return reflect::enumerator_name<ChainType::Development>;
        case ChainType::Local: return reflect::enumerator_name<ChainType::Local>;
        case ChainType::Live: return reflect::enumerator_name<ChainType::Live>;
    }
    std::unreachable();
}

Result<std::string> read_file(const std::filesystem::path& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error) return chain::fault("cannot be read: " + error.message() + "; name a genesis file");
    if (size > file_bytes_max) return chain::fault("is larger than a genesis file may be (64 MiB)");
    std::ifstream file{path, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (!file) return chain::fault("cannot be read; check its permissions");
    return text;
}

}  // namespace

namespace {

Genesis without_state(const Config& config) {
    return {.chain_name = config.chain.name,
            .chain_id = config.chain.id,
            .chain_type = std::string{name_of(config.chain.type)},
            .properties = {.token_symbol = config.token.symbol,
                           .token_decimals = config.token.decimals,
                           .is_ethereum = config.token.is_ethereum},
            .state = {},
            .block = {},
            .hash = {},
            .remembered = {},
            .has_state = false};
}

void name_block(Genesis& genesis, const chain::Hash& state_root) {
    genesis.block.header.state_root = state_root;
    genesis.block.header.extrinsics_root = chain::extrinsics_root({});
    genesis.hash = chain::hash_of(genesis.block.header);
}

Result<Genesis> load_text(std::string_view json, const Recall& recall) {
    TRY(const Config config, parse(json));
    TRY_VOID(check_config(config));
    const chain::Hash file = crypto::blake2b_256(chain::to_bytes(json));
    const auto known = recall ? recall(config.chain.id) : std::nullopt;
    const bool is_remembered = known && known->file == file;
    Genesis genesis = is_remembered ? without_state(config) : build(config);
    if (is_remembered) name_block(genesis, known->state_root);
    genesis.remembered = {file, genesis.block.header.state_root};
    return genesis;
}

}  // namespace

Genesis build(const Config& config) {
    chain::check(check_config(config).has_value());
    Genesis genesis = without_state(config);
    const state::MapState nothing;
    state::Overlay state{nothing};
    write_state(config, state);
    genesis.state.apply(state.take());
    genesis.has_state = true;
    name_block(genesis, root_of(genesis.state));
    return genesis;
}

Result<Genesis> load_text(std::string_view json) { return load_text(json, {}); }

Result<Genesis> load(const std::filesystem::path& path, const Recall& recall) {
    const auto named = [&](const chain::Fault& fault) { return chain::fault(path.string() + ": " + fault.text); };
    const auto text = read_file(path);
    if (!text) return named(text.error());
    auto genesis = load_text(*text, recall);
    if (!genesis) return named(genesis.error());
    return genesis;
}

}  // namespace genesis
