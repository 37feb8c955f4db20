#pragma once
// System: accounts with their nonces and references, the block being executed, and what happened in it.
// Names, indices and shapes are those of polkadot-sdk's frame_system, because every client knows them.

#include "chain/block/digest.hpp"
#include "runtime/frame/pallet.hpp"
#include "runtime/pallets/system/account.hpp"
#include "runtime/pallets/system/limits.hpp"
#include "runtime/pallets/system/version.hpp"
#include "runtime/pallets/system/weights.hpp"

namespace frame_system {

inline constexpr std::string_view name = "System";
inline constexpr std::uint8_t index = 0;

struct Pallet;
template <class T>
Pallet pallet_of(const T&);

using chain::Hash;
using frame::AccountId;

/// Time that a storage access takes, in picoseconds; part of every call's weight.
struct DbWeight {
    std::uint64_t read{};
    std::uint64_t write{};
    static constexpr std::string_view metadata_path = "sp_weights::RuntimeDbWeight";
};

/// The runtime that last changed the state.
struct LastRuntimeUpgradeInfo {
    scale::Compact<std::uint32_t> spec_version;
    std::string spec_name;
    static constexpr std::string_view metadata_path = "frame_system::LastRuntimeUpgradeInfo";
    bool operator==(const LastRuntimeUpgradeInfo&) const = default;
};

// ---- constants -----------------------------------------------------------------------------------------------

inline constexpr std::uint32_t block_hash_count = 4'096;

struct Constants {
    frame::Constant<BlockWeights> block_weights{frame_system::block_weights, "How much weight fits into a block."};
    frame::Constant<BlockLength> block_length{frame_system::block_length, "How many bytes fit into a block."};
    frame::Constant<std::uint32_t> block_hash_count{
        frame_system::block_hash_count,
        "How many block numbers back a hash is kept; no mortal transaction lives longer."};
    frame::Constant<DbWeight> db_weight{{frame::storage_weight(1, 0).ref_time, frame::storage_weight(0, 1).ref_time},
                                        "The weight of storage accesses, in picoseconds."};
    frame::LazyConstant<chain::RuntimeVersion> version{&runtime_version, "The runtime's names, versions and APIs."};
    /// Spelt as clients look for it.
    frame::Constant<std::uint16_t> SS58Prefix{  // NOLINT(readability-identifier-naming)
        42, "Accounts are 20 bytes and written in hexadecimal; this prefix serves tools that ask for one."};
};
inline constexpr Constants constants;

// ---- storage -------------------------------------------------------------------------------------------------

struct Storage {
    frame::MapOr<frame::Blake2_128Concat, AccountId, AccountInfo> account{
        "Nonce, references and balance of an account."};
    frame::OptionalValue<std::uint32_t> extrinsic_count{"How many extrinsics the block has."};
    frame::Value<PerDispatchClass<Weight>> block_weight{"The weight that the block's extrinsics and hooks used."};
    frame::OptionalValue<std::uint32_t> all_extrinsics_len{"How many bytes the block's extrinsics take together."};
    frame::MapOr<frame::Twox64Concat, std::uint32_t, Hash> block_hash{
        "Hashes of the latest BlockHashCount blocks and of block zero, by number."};
    frame::Value<std::uint32_t> number{"The block's number."};
    frame::Value<Hash> parent_hash{"The hash of the block before."};
    frame::Value<chain::Digest> digest{"The digest of the block's header."};
    frame::Value<std::vector<frame::EventRecord>> events{"What happened in the block, in order."};
    frame::Value<std::uint32_t> event_count{"How many events the block has."};
    frame::OptionalValue<LastRuntimeUpgradeInfo> last_runtime_upgrade{"The runtime that last changed the state."};
};
extern const Storage storage;

// ---- events --------------------------------------------------------------------------------------------------

struct ExtrinsicSuccess {
    static constexpr std::uint8_t index = 0;
    static constexpr auto doc = "An extrinsic did what it asked for.";
    frame::DispatchInfo dispatch_info;
};

struct ExtrinsicFailed {
    static constexpr std::uint8_t index = 1;
    static constexpr auto doc = "An extrinsic failed; it paid its fee and changed nothing else.";
    frame::DispatchError dispatch_error;
    frame::DispatchInfo dispatch_info;
};

struct NewAccount {
    static constexpr std::uint8_t index = 3;
    static constexpr auto doc = "An account came into being.";
    AccountId account;
};

struct KilledAccount {
    static constexpr std::uint8_t index = 4;
    static constexpr auto doc = "An account lost its last provider and is gone.";
    AccountId account;
};

struct Remarked {
    static constexpr std::uint8_t index = 5;
    static constexpr auto doc = "Somebody left a remark; the block has its bytes.";
    AccountId sender;
    Hash hash;
};

// ---- calls ---------------------------------------------------------------------------------------------------

/// At most this many bytes of a remark.
using RemarkBytes = scale::Bounded<chain::Bytes, 16'384>;

struct Remark {
    static constexpr std::uint8_t index = 0;
    static constexpr auto doc = "Leave bytes in the block and change nothing.";
    static Weight weight(const Remark& call) { return weights::remark(call.remark.value.size()); }

    RemarkBytes remark;

    frame::DispatchResult operator()(frame::Context&) const;
};

struct RemarkWithEvent {
    static constexpr std::uint8_t index = 7;
    static constexpr auto doc = "Leave bytes in the block, and their hash in an event.";
    static Weight weight(const RemarkWithEvent& call) { return weights::remark_with_event(call.remark.value.size()); }

    RemarkBytes remark;

    frame::DispatchResult operator()(frame::Context&) const;
};

// ---- the pallet ----------------------------------------------------------------------------------------------

struct Pallet {
    static constexpr auto name = frame_system::name;
    static constexpr auto index = frame_system::index;
    static constexpr auto doc = "Accounts, blocks, events.";
    using Constants = frame_system::Constants;
    using Storage = frame_system::Storage;
    static constexpr const auto& storage = frame_system::storage;
    using Error = frame::NoError;
    using Event = std::variant<ExtrinsicSuccess, ExtrinsicFailed, NewAccount, KilledAccount, Remarked>;
    using Call = std::variant<Remark, RemarkWithEvent>;
};

}  // namespace frame_system
