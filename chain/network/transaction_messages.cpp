#include "chain/network/transaction_messages.hpp"

#include "chain/network/wire.hpp"
#include "chain/network/wire.pb.h"

namespace network {

namespace {

constexpr std::size_t other_transaction_fields_max = 32;

template <class Repeated>
bool read_hashes(const Repeated& in, std::vector<Hash>& out) {
    if (static_cast<std::size_t>(in.size()) > hashes_per_message_max) return false;
    for (const std::string& bytes : in) {
        const auto hash = hash_of(bytes);
        if (!hash) return false;
        out.push_back(*hash);
    }
    return true;
}

}  // namespace

Bytes encode(const TransactionMessage& message) {
    wire::Transactions out;
    for (const Hash& hash : message.announced) out.add_announced(hash.value.data(), hash.value.size());
    for (const Hash& hash : message.requested) out.add_requested(hash.value.data(), hash.value.size());
    for (const Bytes& transaction : message.delivered) out.add_delivered(transaction.data(), transaction.size());
    return wire_bytes(out);
}

std::optional<TransactionMessage> decode_transactions(ByteView bytes) {
    const auto in = parse_wire<wire::Transactions>(
        bytes, 2 * hashes_per_message_max + transactions_per_message_max + other_transaction_fields_max);
    if (!in || static_cast<std::size_t>(in->delivered_size()) > transactions_per_message_max) return std::nullopt;
    TransactionMessage out;
    if (!read_hashes(in->announced(), out.announced) || !read_hashes(in->requested(), out.requested))
        return std::nullopt;
    for (const std::string& transaction : in->delivered()) {
        if (transaction.empty() || transaction.size() > transaction_bytes_max) return std::nullopt;
        out.delivered.push_back(chain::to_bytes(transaction));
    }
    return out;
}

}  // namespace network
