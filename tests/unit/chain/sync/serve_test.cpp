#include "chain/sync/serve.hpp"

#include "final_chain.hpp"

#include <catch2/catch.hpp>

using namespace block_sync;
using tests::FinalChain;

TEST_CASE("an answer ends with the last block of the range that has a certificate") {
    const FinalChain chain{200, 0, [](std::uint32_t n) { return n % 10 == 0; }};
    const auto answer = serve(chain, {.id = 7, .first = 5, .count = 30});
    CHECK(answer.id == 7);
    CHECK(answer.first == 5);
    CHECK(answer.finalized == 200);
    REQUIRE(answer.blocks.size() == 26);
    CHECK(answer.blocks.front() == chain.block(5));
    CHECK(answer.certified == 30);
    CHECK(answer.proof == scale::encode(chain.proof(30)));
}

TEST_CASE("an answer does not go beyond the last block of an epoch") {
    const FinalChain chain{200, 37};
    const auto answer = serve(chain, {.id = 1, .first = 30, .count = 64});
    CHECK(answer.blocks.size() == 8);
    CHECK(answer.certified == 37);
}

TEST_CASE("where the range has no certificate, the next one above it comes along") {
    const FinalChain chain{200, 0, [](std::uint32_t n) { return n == 150; }};
    const auto answer = serve(chain, {.id = 1, .first = 5, .count = 64});
    CHECK(answer.blocks.size() == 64);
    CHECK(answer.certified == 150);
    CHECK(answer.proof == scale::encode(chain.proof(150)));
}

TEST_CASE("no more blocks are given than a request may ask for, than there are, and than fit") {
    const FinalChain chain{100};
    CHECK(serve(chain, {.first = 1, .count = 1'000'000}).blocks.size() == request_blocks_max);
    CHECK(serve(chain, {.first = 90, .count = 64}).blocks.size() == 11);
    const auto nothing = serve(chain, {.id = 3, .first = 101, .count = 64});
    CHECK(nothing == Response{.id = 3, .first = 101, .finalized = 100});
    CHECK(serve(chain, {.first = ~std::uint32_t{0}, .count = 64}).blocks.empty());
    CHECK(serve(chain, {.first = 1, .count = 0}).blocks.empty());

    class Large : public Source {
        std::uint32_t finalized() const override { return 100; }
        std::optional<Bytes> block(std::uint32_t) const override { return Bytes(answer_bytes_max / 2 + 1); }
        std::optional<chain::Header> header(std::uint32_t) const override { return chain::Header{}; }
        Bytes certificate(std::uint32_t) const override { return scale::encode(votes::Certificate{}); }
    };
    CHECK(serve(Large{}, {.first = 1, .count = 64}).blocks.size() == 1);
}
