#pragma once
// system_*: the node and its chain, in the shapes of polkadot-sdk's client/rpc-api/src/system.

#include "rpc/schema/method.hpp"

namespace rpc {

struct SystemName {
    static constexpr std::string_view name = "system_name";
    static constexpr std::string_view doc = "The node's implementation.";
    struct Params {};
    using Result = std::string;
};

struct SystemVersion {
    static constexpr std::string_view name = "system_version";
    static constexpr std::string_view doc = "The node's version.";
    struct Params {};
    using Result = std::string;
};

struct SystemChain {
    static constexpr std::string_view name = "system_chain";
    static constexpr std::string_view doc = "The chain's name, from its genesis file.";
    struct Params {};
    using Result = std::string;
};

struct SystemChainType {
    static constexpr std::string_view name = "system_chainType";
    static constexpr std::string_view doc = "Development, Local or Live, from the genesis file.";
    struct Params {};
    using Result = std::string;
};

struct SystemProperties {
    static constexpr std::string_view name = "system_properties";
    static constexpr std::string_view doc = "Symbol and decimals of the token; accounts are Ethereum's.";
    struct Params {};
    struct Result {
        bool is_ethereum = true;
        std::uint32_t token_decimals = 0;
        std::string token_symbol;
    };
};

struct SystemHealth {
    static constexpr std::string_view name = "system_health";
    static constexpr std::string_view doc = "Connected peers, and whether the node still catches up.";
    struct Params {};
    struct Result {
        std::uint32_t peers = 0;
        bool is_syncing = false;
        bool should_have_peers = false;
    };
};

struct SystemNodeRoles {
    static constexpr std::string_view name = "system_nodeRoles";
    static constexpr std::string_view doc = "Authority for a validator, Full for another node.";
    struct Params {};
    using Result = std::vector<std::string>;
};

struct SystemSyncState {
    static constexpr std::string_view name = "system_syncState";
    static constexpr std::string_view doc = "Numbers of the first, the best and the highest known block.";
    struct Params {};
    struct Result {
        std::uint32_t starting_block = 0;
        std::uint32_t current_block = 0;
        std::uint32_t highest_block = 0;
    };
};

struct AccountNextIndex {
    static constexpr std::string_view name = "system_accountNextIndex";
    static constexpr std::string_view doc =
        "The next nonce of an account, counting its pending transactions that could enter the next block.";
    static constexpr std::array<std::string_view, 1> aliases{"account_nextIndex"};
    struct Params {
        AccountId account;
    };
    using Result = std::uint32_t;
};

struct SetLogLevel {
    static constexpr std::string_view name = "system_setLogLevel";
    static constexpr std::string_view doc = "From now on log lines of this level and above: debug, info, warn, error.";
    static constexpr Access access = Access::Local;
    struct Params {
        std::string level;
    };
    using Result = std::monostate;
};

using SystemMethods = Methods<SystemName, SystemVersion, SystemChain, SystemChainType, SystemProperties, SystemHealth,
                              SystemNodeRoles, SystemSyncState, AccountNextIndex, SetLogLevel>;

}  // namespace rpc
