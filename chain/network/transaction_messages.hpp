#pragma once
// The message of the channel Transactions: hashes that a peer holds, hashes that it asks for, and transactions.

#include "chain/base/bytes.hpp"

#include <optional>
#include <vector>

namespace network {

using chain::Bytes;
using chain::ByteView;
using chain::Hash;

inline constexpr std::size_t hashes_per_message_max = 256;
inline constexpr std::size_t transactions_per_message_max = 256;
/// One transaction, without its length.
inline constexpr std::size_t transaction_bytes_max = 64 << 10;
/// Transactions of one message together: what the channel carries, less what protobuf adds.
inline constexpr std::size_t transactions_bytes_max = 120 << 10;

struct TransactionMessage {
    std::vector<Hash> announced;
    std::vector<Hash> requested;
    std::vector<Bytes> delivered;
    bool operator==(const TransactionMessage&) const = default;
};

Bytes encode(const TransactionMessage& message);
/// Nothing for bytes that are no such message or go over a bound: the peer is Conduct::Malformed.
std::optional<TransactionMessage> decode_transactions(ByteView bytes);

}  // namespace network
