#pragma once
// state_*: storage, runtime calls, metadata and proofs, in the shapes of polkadot-sdk's client/rpc-api/src/state.
// `at` is a block hash, the best block where it is left out. States of the last 4,096 finalized blocks answer.

#include "rpc/schema/method.hpp"

namespace rpc {

/// Keys per page of state_getKeysPaged, and per query or proof.
inline constexpr std::uint32_t storage_keys_max = 1'000;

/// Values by key after a block; null = absent.
struct StorageChanges {
    Hash block;
    std::vector<std::pair<HexBytes, std::optional<HexBytes>>> changes;
};

struct RuntimeVersionView {
    std::string spec_name;
    std::string impl_name;
    std::uint32_t authoring_version = 0;
    std::uint32_t spec_version = 0;
    std::uint32_t impl_version = 0;
    /// BLAKE2b-64 of a runtime API's name, and its version.
    std::vector<std::pair<HexBytes, std::uint32_t>> apis;
    std::uint32_t transaction_version = 0;
    std::uint8_t state_version = 0;
};

struct GetStorage {
    static constexpr std::string_view name = "state_getStorage";
    static constexpr std::string_view doc = "The value under a key; null where there is none.";
    static constexpr std::array<std::string_view, 1> aliases{"state_getStorageAt"};
    struct Params {
        HexBytes key;
        std::optional<Hash> at;
    };
    using Result = std::optional<HexBytes>;
};

struct GetStorageHash {
    static constexpr std::string_view name = "state_getStorageHash";
    static constexpr std::string_view doc = "BLAKE2b-256 of the value under a key; null where there is none.";
    static constexpr std::array<std::string_view, 1> aliases{"state_getStorageHashAt"};
    struct Params {
        HexBytes key;
        std::optional<Hash> at;
    };
    using Result = std::optional<Hash>;
};

struct GetStorageSize {
    static constexpr std::string_view name = "state_getStorageSize";
    static constexpr std::string_view doc =
        "Bytes of the value under a key, or of all values whose keys it begins where there is no such value; null "
        "where there is neither. At most 1000 values are summed.";
    static constexpr std::array<std::string_view, 1> aliases{"state_getStorageSizeAt"};
    struct Params {
        HexBytes key;
        std::optional<Hash> at;
    };
    using Result = std::optional<std::uint64_t>;
};

struct GetKeysPaged {
    static constexpr std::string_view name = "state_getKeysPaged";
    static constexpr std::string_view doc =
        "Up to `count` (at most 1000) keys that begin with `prefix`, in bytewise order, strictly after `startKey`.";
    static constexpr std::array<std::string_view, 1> aliases{"state_getKeysPagedAt"};
    struct Params {
        std::optional<HexBytes> prefix;
        std::uint32_t count = 0;
        std::optional<HexBytes> start_key;
        std::optional<Hash> at;
    };
    using Result = std::vector<HexBytes>;
};

struct QueryStorageAt {
    static constexpr std::string_view name = "state_queryStorageAt";
    static constexpr std::string_view doc = "The values under up to 1000 keys after one block; a list of one element.";
    struct Params {
        std::vector<HexBytes> keys;
        std::optional<Hash> at;
    };
    using Result = std::vector<StorageChanges>;
};

struct GetReadProof {
    static constexpr std::string_view name = "state_getReadProof";
    static constexpr std::string_view doc =
        "Trie nodes (and the values that they hold by hash) that prove the values or the absence of up to 1000 keys "
        "against the state root of a block.";
    struct Params {
        std::vector<HexBytes> keys;
        std::optional<Hash> at;
    };
    struct Result {
        Hash at;
        std::vector<HexBytes> proof;
    };
};

struct StateCall {
    static constexpr std::string_view name = "state_call";
    static constexpr std::string_view doc =
        "Run a runtime API by its name (`Metadata_metadata_versions`) with SCALE arguments; the result is SCALE too.";
    static constexpr std::array<std::string_view, 1> aliases{"state_callAt"};
    struct Params {
        std::string method;
        HexBytes data;
        std::optional<Hash> at;
    };
    using Result = HexBytes;
};

struct GetMetadata {
    static constexpr std::string_view name = "state_getMetadata";
    static constexpr std::string_view doc = "The runtime's metadata, version 14.";
    struct Params {
        std::optional<Hash> at;
    };
    using Result = HexBytes;
};

struct GetRuntimeVersion {
    static constexpr std::string_view name = "state_getRuntimeVersion";
    static constexpr std::string_view doc = "Names and versions of the runtime, and the runtime APIs that it has.";
    static constexpr std::array<std::string_view, 1> aliases{"chain_getRuntimeVersion"};
    struct Params {
        std::optional<Hash> at;
    };
    using Result = RuntimeVersionView;
};

struct SubscribeRuntimeVersion {
    static constexpr std::string_view name = "state_subscribeRuntimeVersion";
    static constexpr std::string_view doc = "The runtime's version, and again whenever it changes.";
    static constexpr std::array<std::string_view, 1> aliases{"chain_subscribeRuntimeVersion"};
    static constexpr std::string_view notification = "state_runtimeVersion";
    static constexpr std::string_view unsubscribe = "state_unsubscribeRuntimeVersion";
    static constexpr std::array<std::string_view, 1> unsubscribe_aliases{"chain_unsubscribeRuntimeVersion"};
    struct Params {};
    using Item = RuntimeVersionView;
};

struct SubscribeStorage {
    static constexpr std::string_view name = "state_subscribeStorage";
    static constexpr std::string_view doc =
        "The values under up to 1000 keys in the best block, then those that change, block by block.";
    static constexpr std::string_view notification = "state_storage";
    static constexpr std::string_view unsubscribe = "state_unsubscribeStorage";
    struct Params {
        std::vector<HexBytes> keys;
    };
    using Item = StorageChanges;
};

using StateMethods = Methods<GetStorage, GetStorageHash, GetStorageSize, GetKeysPaged, QueryStorageAt, GetReadProof,
                             StateCall, GetMetadata, GetRuntimeVersion, SubscribeRuntimeVersion, SubscribeStorage>;

}  // namespace rpc
