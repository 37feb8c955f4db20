#pragma once
// What nodes ask each other for when one of them lacks final blocks. Their form on the wire is the network's.

#include "chain/base/bytes.hpp"
#include "chain/block/block.hpp"
#include "chain/votes/vote.hpp"

#include <cstdint>
#include <vector>

namespace block_sync {

using chain::Bytes;
using chain::Hash;

/// The connection to a peer; never used again for another one.
using Peer = std::uint64_t;

inline constexpr std::uint32_t request_blocks_max = 64;
/// Blocks of one answer together; a single block may be larger.
inline constexpr std::size_t answer_bytes_max = 4 << 20;

/// "Blocks first … first + count − 1, as far as they are final."
struct Request {
    std::uint64_t id = 0;
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    bool operator==(const Request&) const = default;
};

/// Why a block is final. A certificate does not name the number of its block; the header does, and whoever gave a true
/// certificate a false number could make an honest peer look like a liar.
struct Proof {
    votes::Certificate certificate;
    chain::Header header;
    bool operator==(const Proof&) const = default;
};

/// Ascending and without holes from `first` on; fewer than asked for where they are not final yet, too large, or where
/// the answer ends with a block that has a certificate.
struct Response {
    std::uint64_t id = 0;
    std::uint32_t first = 0;
    std::vector<Bytes> blocks;  ///< SCALE of chain::Block
    /// SCALE of Proof: for the last block, or for the first one above it that has a certificate.
    Bytes proof;
    std::uint32_t certified = 0;  ///< number of that block
    std::uint32_t finalized = 0;  ///< the peer's last final block
    bool operator==(const Response&) const = default;
};

}  // namespace block_sync
