#pragma once
// chain_*: blocks and heads, in the shapes of polkadot-sdk's client/rpc-api/src/chain.

#include "rpc/schema/method.hpp"

namespace rpc {

/// A header as clients read it.
struct HeaderView {
    struct Logs {
        /// SCALE of each digest item.
        std::vector<HexBytes> logs;
    };
    Hash parent_hash;
    HexNumber number;
    Hash state_root;
    Hash extrinsics_root;
    Logs digest;
};

/// One block number, several, or none for the best block: chain_getBlockHash answers in the form it was asked.
struct BlockNumbers {
    std::vector<std::uint32_t> value;
    bool is_list = false;
    static Result<BlockNumbers, std::string> from_json(const json::value& in);
    json::value to_json() const;
    static json::object schema();
};

/// One hash or several; null for a number that the best chain does not have.
struct BlockHashes {
    std::vector<std::optional<Hash>> value;
    bool is_list = false;
    static Result<BlockHashes, std::string> from_json(const json::value& in);
    json::value to_json() const;
    static json::object schema();
};

struct GetHeader {
    static constexpr std::string_view name = "chain_getHeader";
    static constexpr std::string_view doc = "The header of a block, or of the best one. Null for an unknown hash.";
    struct Params {
        std::optional<Hash> hash;
    };
    using Result = std::optional<HeaderView>;
};

struct GetBlock {
    static constexpr std::string_view name = "chain_getBlock";
    static constexpr std::string_view doc =
        "A block with its extrinsics (each with its length prefix), or the best one. Null for an unknown hash.";
    struct Params {
        std::optional<Hash> hash;
    };
    struct Body {
        HeaderView header;
        std::vector<HexBytes> extrinsics;
    };
    struct SignedBlock {
        Body block;
        std::monostate justifications;
    };
    using Result = std::optional<SignedBlock>;
};

struct GetBlockHash {
    static constexpr std::string_view name = "chain_getBlockHash";
    static constexpr std::string_view doc =
        "The hash of the block with this number on the best chain; of the best block without one. A list of numbers "
        "gives a list of hashes.";
    static constexpr std::array<std::string_view, 1> aliases{"chain_getHead"};
    struct Params {
        std::optional<BlockNumbers> number;
    };
    using Result = BlockHashes;
};

struct GetFinalizedHead {
    static constexpr std::string_view name = "chain_getFinalizedHead";
    static constexpr std::string_view doc = "The hash of the newest finalized block.";
    static constexpr std::array<std::string_view, 1> aliases{"chain_getFinalisedHead"};
    struct Params {};
    using Result = Hash;
};

struct SubscribeNewHeads {
    static constexpr std::string_view name = "chain_subscribeNewHeads";
    static constexpr std::string_view doc = "The header of the best block: the current one first, then each new one.";
    static constexpr std::array<std::string_view, 2> aliases{"chain_subscribeNewHead", "subscribe_newHead"};
    static constexpr std::string_view notification = "chain_newHead";
    static constexpr std::string_view unsubscribe = "chain_unsubscribeNewHeads";
    static constexpr std::array<std::string_view, 2> unsubscribe_aliases{"chain_unsubscribeNewHead",
                                                                         "unsubscribe_newHead"};
    struct Params {};
    using Item = HeaderView;
};

struct SubscribeAllHeads {
    static constexpr std::string_view name = "chain_subscribeAllHeads";
    static constexpr std::string_view doc = "The header of every new block, best or not; the best one first.";
    static constexpr std::string_view notification = "chain_allHead";
    static constexpr std::string_view unsubscribe = "chain_unsubscribeAllHeads";
    struct Params {};
    using Item = HeaderView;
};

struct SubscribeFinalizedHeads {
    static constexpr std::string_view name = "chain_subscribeFinalizedHeads";
    static constexpr std::string_view doc = "The header of every finalized block; the newest one first.";
    static constexpr std::array<std::string_view, 1> aliases{"chain_subscribeFinalisedHeads"};
    static constexpr std::string_view notification = "chain_finalizedHead";
    static constexpr std::string_view unsubscribe = "chain_unsubscribeFinalizedHeads";
    static constexpr std::array<std::string_view, 1> unsubscribe_aliases{"chain_unsubscribeFinalisedHeads"};
    struct Params {};
    using Item = HeaderView;
};

using ChainMethods = Methods<GetHeader, GetBlock, GetBlockHash, GetFinalizedHead, SubscribeNewHeads, SubscribeAllHeads,
                             SubscribeFinalizedHeads>;

}  // namespace rpc
