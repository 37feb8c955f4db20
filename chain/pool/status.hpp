#pragma once
// What a submitter is told about a transaction: sc_transaction_pool_api's TransactionStatus, the events behind
// author_submitAndWatchExtrinsic.

#include "chain/base/bytes.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace pool {

using chain::Hash;

/// Waits for a nonce before it.
struct Future {
    bool operator==(const Future&) const = default;
};
/// May enter the next block.
struct Ready {
    bool operator==(const Ready&) const = default;
};
/// Was sent to these peers.
struct Broadcast {
    std::vector<std::string> peers;
    bool operator==(const Broadcast&) const = default;
};
/// Is in a block of the best chain.
struct InBlock {
    Hash block;
    std::uint32_t index = 0;  ///< position among the block's extrinsics
    bool operator==(const InBlock&) const = default;
};
/// The block it was in left the best chain; it waits again.
struct Retracted {
    Hash block;
    bool operator==(const Retracted&) const = default;
};
/// Its block was not finalized for too long; nobody watches it further. Last status.
struct FinalityTimeout {
    Hash block;
    bool operator==(const FinalityTimeout&) const = default;
};
/// Its block is final. Last status.
struct Finalized {
    Hash block;
    std::uint32_t index = 0;
    bool operator==(const Finalized&) const = default;
};
/// A transaction of the same sender and nonce with a higher tip took its place. Last status.
struct Usurped {
    Hash by;
    bool operator==(const Usurped&) const = default;
};
/// Pushed out by the pool's limits. Last status.
struct Dropped {
    bool operator==(const Dropped&) const = default;
};
/// Cannot enter a block any more. Last status.
struct Invalid {
    bool operator==(const Invalid&) const = default;
};

using TransactionStatus =
    std::variant<Future, Ready, Broadcast, InBlock, Retracted, FinalityTimeout, Finalized, Usurped, Dropped, Invalid>;

/// Whether no further status follows.
inline bool is_last(const TransactionStatus& status) {
    return std::holds_alternative<FinalityTimeout>(status) || std::holds_alternative<Finalized>(status) ||
           std::holds_alternative<Usurped>(status) || std::holds_alternative<Dropped>(status) ||
           std::holds_alternative<Invalid>(status);
}

}  // namespace pool
