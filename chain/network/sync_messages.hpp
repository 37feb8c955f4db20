#pragma once
// The messages of block sync: a request for a range of blocks, and its answer. Who asks whom for what is not decided
// here (chain/sync).

#include "chain/base/bytes.hpp"
#include "chain/base/result.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace network {

using chain::Bytes;
using chain::ByteView;

inline constexpr std::uint32_t sync_blocks_max = 64;
/// Blocks of one answer together. A single block that is larger travels alone.
inline constexpr std::size_t sync_bytes_max = 4u << 20;

struct SyncRequest {
    /// Repeated in the answer.
    std::uint64_t id = 0;
    /// The blocks first, first + 1, …; or, with `back_from`, those that end with this block.
    std::uint32_t first = 0;
    std::optional<chain::Hash> back_from;
    /// From 1 to sync_blocks_max.
    std::uint32_t count = 1;
    bool is_headers_only = false;
    bool operator==(const SyncRequest&) const = default;
};

/// What the peer has of the range: ascending, without holes, as much as fits; nothing where it has none of it.
struct SyncResponse {
    std::uint64_t id = 0;
    /// Number of the first block.
    std::uint32_t first = 0;
    /// SCALE of each chain::Block, or of each chain::Header.
    std::vector<Bytes> blocks;
    /// A certificate with which the blocks can be trusted, for the block `certified`; empty where the peer has none.
    Bytes certificate;
    std::uint32_t certified = 0;
    /// The last finalized number of the peer.
    std::uint32_t finalized = 0;
    bool operator==(const SyncResponse&) const = default;
};

Bytes encode(const SyncRequest& request);
Bytes encode(const SyncResponse& response);
/// Nothing for bytes that are no such message or go over a bound: the peer is Conduct::Malformed.
std::optional<SyncRequest> decode_sync_request(ByteView bytes);
std::optional<SyncResponse> decode_sync_response(ByteView bytes);

}  // namespace network
