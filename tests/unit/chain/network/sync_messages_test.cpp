#include "chain/network/sync_messages.hpp"

#include <catch2/catch.hpp>

using namespace network;

TEST_CASE("sync messages read back as they were written") {
    const SyncRequest by_number{.id = 1, .first = 2, .count = 64};
    const SyncRequest back{.id = ~std::uint64_t{0}, .back_from = chain::Hash{{3}}, .count = 1, .is_headers_only = true};
    CHECK(decode_sync_request(encode(by_number)) == by_number);
    CHECK(decode_sync_request(encode(back)) == back);
    const SyncResponse response{.id = 5,
                                .first = 6,
                                .blocks = {{1}, {}, Bytes(100'000, 2)},
                                .certificate = {7},
                                .certified = 8,
                                .finalized = 9};
    CHECK(decode_sync_response(encode(response)) == response);
    CHECK(decode_sync_response(encode(SyncResponse{})) == SyncResponse{});
}

TEST_CASE("a request asks for one to 64 blocks") {
    CHECK_FALSE(decode_sync_request(encode(SyncRequest{.count = 0})));
    CHECK_FALSE(decode_sync_request(encode(SyncRequest{.count = 65})));
    CHECK_FALSE(decode_sync_request(Bytes{0x1a, 1, 9, 0x20, 1}));  // a hash of one byte
    CHECK_FALSE(decode_sync_request(Bytes{0xff, 0xff}));
}

TEST_CASE("more blocks than a range has are refused before they are read") {
    SyncResponse response{.blocks = std::vector<Bytes>(64)};
    CHECK(decode_sync_response(encode(response)));
    response.blocks.emplace_back();
    CHECK_FALSE(decode_sync_response(encode(response)));
    // Half a million empty blocks would be 16 MB of strings.
    Bytes bomb;
    for (int i = 0; i < 500'000; ++i) chain::append(bomb, Bytes{0x1a, 0});
    CHECK_FALSE(decode_sync_response(bomb));
    CHECK_FALSE(decode_sync_response(encode(SyncResponse{.certificate = Bytes((64 << 10) + 1)})));
}
