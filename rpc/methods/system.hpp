#pragma once
// Bodies of system_*.

#include "chain/ledger/ledger.hpp"
#include "rpc/methods/consensus.hpp"
#include "rpc/schema/system.hpp"
#include "rpc/schema/table.hpp"

namespace rpc {

/// What the node says about itself and its chain.
struct NodeInfo {
    /// "Tephra Development", from the genesis file.
    std::string chain_name;
    /// Development, Local or Live, from the genesis file.
    std::string chain_type;
    std::string token_symbol = "TPH";
    std::uint32_t token_decimals = 18;
    std::string implementation = "tephra-node";
    std::string version;
    bool is_validator = false;
};

class System {
public:
    System(ledger::Ledger& ledger, NodeInfo info, const NodeViews& views)
        : ledger_(ledger), info_(std::move(info)), views_(views), first_block_(ledger.best().number) {}

    Answer<std::string> answer(const SystemName::Params& params) const;
    Answer<std::string> answer(const SystemVersion::Params& params) const;
    Answer<std::string> answer(const SystemChain::Params& params) const;
    Answer<std::string> answer(const SystemChainType::Params& params) const;
    Answer<SystemProperties::Result> answer(const SystemProperties::Params& params) const;
    Answer<SystemHealth::Result> answer(const SystemHealth::Params& params) const;
    Answer<SystemPeers::Result> answer(const SystemPeers::Params& params) const;
    Answer<SystemNodeRoles::Result> answer(const SystemNodeRoles::Params& params) const;
    Answer<SystemSyncState::Result> answer(const SystemSyncState::Params& params) const;
    Answer<std::uint32_t> answer(const AccountNextIndex::Params& params) const;
    Answer<std::monostate> answer(const SetLogLevel::Params& params) const;

private:
    ledger::Ledger& ledger_;
    NodeInfo info_;
    const NodeViews& views_;
    std::uint32_t first_block_;
};

}  // namespace rpc
