#include "tools/node/seat.hpp"

#include "chain/base/log.hpp"
#include "genesis/builder/development.hpp"
#include "runtime/pallets/validators/validators.hpp"
#include "tools/node/keys.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace node {
namespace {

constexpr chain::log::Channel seat_log{"node"};

struct Keys {
    crypto::Ed25519Key consensus;
    crypto::VrfKey vrf;
};

chain::Result<Keys> load_keys(const std::filesystem::path& consensus_file, const std::filesystem::path& vrf_file) {
    TRY(auto consensus, load_consensus_key(consensus_file));
    TRY(auto vrf, load_vrf_key(vrf_file));
    return Keys{std::move(consensus), std::move(vrf)};
}

chain::Result<Keys> development_keys(const std::string& name) {
    auto consensus = genesis::dev_consensus_key(name);
    auto vrf = genesis::dev_vrf_key(name);
    if (!consensus || !vrf)
        return chain::fault("there is no development validator \"" + name +
                            "\": Alith, Baltathar, Charleth, Dorothy, Ethan, Faith, Validator7, …");
    return Keys{*std::move(consensus), *std::move(vrf)};
}

/// The name of the only validator of a chain whose keys everybody knows.
std::optional<std::string> well_known(const genesis::Genesis& chain,
                                      const std::vector<validators::Authority>& authorities) {
    if (chain.chain_type != "Development" || authorities.size() != 1) return std::nullopt;
    return genesis::dev_validator_with({authorities[0].consensus_key});
}

/// Nothing for a node that has no keys.
chain::Result<std::optional<Keys>> find_keys(const Config& config, const std::filesystem::path& data,
                                             const genesis::Genesis& chain,
                                             const std::vector<validators::Authority>& authorities) {
    const auto own_vrf = key_file(data, KeyKind::Vrf);
    if (!config.validator_key.empty()) {
        TRY(auto keys, load_keys(config.validator_key, config.vrf_key.empty() ? own_vrf : config.vrf_key));
        return std::optional{std::move(keys)};
    }
    if (!config.dev_validator.empty()) {
        TRY(auto keys, development_keys(config.dev_validator));
        return std::optional{std::move(keys)};
    }
    if (std::error_code error; std::filesystem::exists(key_file(data, KeyKind::Consensus), error)) {
        TRY(auto keys, load_keys(key_file(data, KeyKind::Consensus), own_vrf));
        return std::optional{std::move(keys)};
    }
    const auto name = well_known(chain, authorities);
    if (!name) return std::optional<Keys>{};
    TRY(auto keys, development_keys(*name));
    return std::optional{std::move(keys)};
}

}  // namespace

chain::Result<Seat> take_seat(const Config& config, const std::filesystem::path& data, const genesis::Genesis& chain,
                              const state::StateView& state) {
    const auto authorities = validators::storage.authorities.get(state);
    Seat seat{.validators = authorities.size(), .consensus = nullptr, .vrf = std::nullopt};
    TRY(auto keys, find_keys(config, data, chain, authorities));
    if (!keys) return seat;
    const auto public_half = keys->consensus.public_key();
    const auto mine = std::ranges::find(authorities, public_half.value, &validators::Authority::consensus_key);
    if (mine == authorities.end()) {
        const auto text = fmt::format("the consensus key {} is of none of the chain's {} validators",
                                      chain::to_hex(public_half.value), authorities.size());
        if (!config.validator_key.empty() || !config.dev_validator.empty()) return chain::fault(text);
        seat_log.warn("{}: this node follows until it is", text);
    } else if (mine->vrf_key != keys->vrf.public_key().value) {
        return chain::fault(fmt::format(
            "the VRF key {} is not the one of validator {}, which is {}: its blocks would "
            "be refused; give the right file with --vrf-key",
            chain::to_hex(keys->vrf.public_key().value), mine - authorities.begin(), chain::to_hex(mine->vrf_key)));
    }
    seat.consensus = std::make_unique<votes::Ed25519Secret>(std::move(keys->consensus));
    seat.vrf = std::move(keys->vrf);
    return seat;
}

}  // namespace node
