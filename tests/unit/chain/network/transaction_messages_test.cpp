#include "chain/network/transaction_messages.hpp"

#include <catch2/catch.hpp>

using namespace network;

TEST_CASE("transaction messages read back as they were written") {
    const TransactionMessage message{
        .announced = {Hash{{1}}, Hash{{2}}}, .requested = {Hash{{3}}}, .delivered = {{4}, Bytes(1'000, 5)}};
    CHECK(decode_transactions(encode(message)) == message);
    CHECK(decode_transactions({}) == TransactionMessage{});
}

TEST_CASE("transaction messages over a bound are refused") {
    CHECK(decode_transactions(encode(TransactionMessage{.announced = std::vector<Hash>(256)})));
    CHECK_FALSE(decode_transactions(encode(TransactionMessage{.announced = std::vector<Hash>(257)})));
    CHECK_FALSE(decode_transactions(encode(TransactionMessage{.requested = std::vector<Hash>(257)})));
    CHECK_FALSE(decode_transactions(encode(TransactionMessage{.delivered = std::vector<Bytes>(257, Bytes{1})})));
    CHECK_FALSE(decode_transactions(encode(TransactionMessage{.delivered = {Bytes(transaction_bytes_max + 1)}})));
    CHECK_FALSE(decode_transactions(encode(TransactionMessage{.delivered = {{}}})));
    CHECK_FALSE(decode_transactions(Bytes{0x0a, 3, 1, 2, 3}));  // a hash of three bytes
    CHECK_FALSE(decode_transactions(Bytes{0x0a}));
    CHECK_FALSE(decode_transactions(Bytes{0x0b}));  // a group
}
