#pragma once
// Every bound of the pool, with what happens when it is reached.

#include <cstddef>
#include <cstdint>

namespace pool {

/// Defaults suit a node of 2 cores; a node's configuration may change them.
struct Limits {
    /// Transactions that wait, ready and future together. Beyond: the lowest in rank leaves as Dropped, or the
    /// newcomer is refused with 1016 when nothing ranks below it.
    std::size_t transactions_max = 8'192;
    /// Bytes of the same transactions. Beyond: as above.
    std::size_t bytes_max = std::size_t{20} << 20;
    /// One extrinsic. Larger: refused as ExhaustsResources (1010).
    std::size_t extrinsic_bytes_max = std::size_t{64} << 10;
    /// Waiting transactions of one sender. Beyond: the newcomer is refused with 1016.
    std::size_t per_sender_max = 64;
    /// Their bytes. Beyond: as above.
    std::size_t per_sender_bytes_max = std::size_t{256} << 10;
    /// How far past the sender's next nonce a transaction may lie; nonces that wait already do not count as a gap.
    /// Beyond: refused with 1016.
    std::uint32_t nonce_gap_max = 16;
    /// A replacement's tip exceeds the old one's by at least 1/8 (12.5 %). Less: refused with 1014.
    std::uint32_t replacement_tip_divisor = 8;
    /// How long a transaction may wait for a block. Longer: Dropped.
    std::uint64_t age_ms_max = 15 * 60 * 1'000;
    /// How long a transaction that proved invalid for good is refused unseen (1012).
    std::uint64_t ban_ms = 30 * 60 * 1'000;
    /// Remembered bans. Beyond: the oldest is forgotten.
    std::size_t bans_max = 16'384;
    /// Transactions checked again per block. Beyond: the rest waits for the next block.
    std::size_t rechecks_per_block_max = 1'024;
    /// Blocks that hold transactions of ours and wait for finality. Beyond: the oldest's get FinalityTimeout.
    std::size_t unfinalized_blocks_max = 512;
};

}  // namespace pool
