#pragma once
// What became of a transaction, in the words of author_submitAndWatchExtrinsic.

#include "chain/base/bytes.hpp"

#include <cstdint>
#include <variant>

namespace ledger {

using chain::Bytes;
using chain::ByteView;
using chain::Hash;

namespace status {
/// Accepted, but an earlier nonce of its sender is missing.
struct Future {
    bool operator==(const Future&) const = default;
};
/// May enter the next block.
struct Ready {
    bool operator==(const Ready&) const = default;
};
/// Sent to peers.
struct Broadcast {
    bool operator==(const Broadcast&) const = default;
};
struct InBlock {
    Hash block;
    std::uint32_t index = 0;  ///< position in the block's extrinsics
    bool operator==(const InBlock&) const = default;
};
/// The block that held it lost to another one.
struct Retracted {
    Hash block;
    bool operator==(const Retracted&) const = default;
};
/// Not finalized within the watched window.
struct FinalityTimeout {
    Hash block;
    bool operator==(const FinalityTimeout&) const = default;
};
struct Finalized {
    Hash block;
    std::uint32_t index = 0;
    bool operator==(const Finalized&) const = default;
};
/// Another transaction took its nonce.
struct Usurped {
    Hash by;
    bool operator==(const Usurped&) const = default;
};
/// Pushed out by the pool's limits.
struct Dropped {
    bool operator==(const Dropped&) const = default;
};
/// It cannot be applied any more.
struct Invalid {
    bool operator==(const Invalid&) const = default;
};
}  // namespace status

using TransactionStatus =
    std::variant<status::Future, status::Ready, status::Broadcast, status::InBlock, status::Retracted,
                 status::FinalityTimeout, status::Finalized, status::Usurped, status::Dropped, status::Invalid>;

/// No further status follows.
constexpr bool is_last(const TransactionStatus& s) {
    return std::holds_alternative<status::Finalized>(s) || std::holds_alternative<status::FinalityTimeout>(s) ||
           std::holds_alternative<status::Usurped>(s) || std::holds_alternative<status::Dropped>(s) ||
           std::holds_alternative<status::Invalid>(s);
}

}  // namespace ledger
