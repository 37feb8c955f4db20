#include "rpc/methods/system.hpp"

#include "chain/base/log.hpp"

#include <algorithm>
#include <array>

namespace rpc {

Answer<std::string> System::answer(const SystemName::Params&) const { return info_.implementation; }

Answer<std::string> System::answer(const SystemVersion::Params&) const { return info_.version; }

Answer<std::string> System::answer(const SystemChain::Params&) const { return info_.chain_name; }

Answer<std::string> System::answer(const SystemChainType::Params&) const { return info_.chain_type; }

Answer<SystemProperties::Result> System::answer(const SystemProperties::Params&) const {
    return SystemProperties::Result{
        .is_ethereum = true, .token_decimals = info_.token_decimals, .token_symbol = info_.token_symbol};
}

// A few blocks behind is the way of a network; catching up is more.
Answer<SystemHealth::Result> System::answer(const SystemHealth::Params&) const {
    constexpr std::uint32_t usual_lag = 16;
    return SystemHealth::Result{.peers = views_.peer_count(),
                                .is_syncing = views_.highest_block() > ledger_.finalized().number + usual_lag,
                                .should_have_peers = views_.should_have_peers};
}

Answer<SystemPeers::Result> System::answer(const SystemPeers::Params&) const { return views_.peers(); }

Answer<SystemNodeRoles::Result> System::answer(const SystemNodeRoles::Params&) const {
    return SystemNodeRoles::Result{info_.is_validator ? "Authority" : "Full"};
}

Answer<SystemSyncState::Result> System::answer(const SystemSyncState::Params&) const {
    const std::uint32_t best = ledger_.best().number;
    return SystemSyncState::Result{
        .starting_block = first_block_, .current_block = best, .highest_block = std::max(best, views_.highest_block())};
}

Answer<std::uint32_t> System::answer(const AccountNextIndex::Params& params) const {
    return ledger_.next_nonce(params.account);
}

Answer<std::monostate> System::answer(const SetLogLevel::Params& params) const {
    constexpr std::array<std::string_view, 4> levels{"debug", "info", "warn", "error"};
    if (std::ranges::find(levels, params.level) == levels.end())
        return std::unexpected{invalid_params("parameter `level`: expected debug, info, warn or error")};
    chain::log::set_level(chain::log::level_from(params.level));
    return std::monostate{};
}

}  // namespace rpc
