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

/// Substrate's members first; best block and hash are not exchanged and stay zero.
struct PeerView {
    std::string peer_id;
    /// AUTHORITY for one that speaks for a validator, else FULL.
    std::string roles;
    std::uint32_t protocol_version = 1;
    Hash best_hash;
    std::uint32_t best_number = 0;
    /// IP address and port.
    std::string address;
    /// inbound or outbound.
    std::string direction;
    std::string agent;
    /// The consensus key that it speaks for.
    std::optional<Hash> validator;
    std::int32_t score = 0;
    /// Round trip, smoothed; 0 before the first.
    std::uint32_t rtt_us = 0;
    std::uint64_t connected_ms = 0;
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    /// Messages that found no room, or came faster than allowed.
    std::uint64_t dropped = 0;
};

struct SystemPeers {
    static constexpr std::string_view name = "system_peers";
    static constexpr std::string_view doc = "The connected peers.";
    static constexpr Access access = Access::Local;
    struct Params {};
    using Result = std::vector<PeerView>;
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
                              SystemPeers, SystemNodeRoles, SystemSyncState, AccountNextIndex, SetLogLevel>;

}  // namespace rpc
