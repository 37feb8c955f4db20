#include "chain/store/head_cache.hpp"

#include <catch2/catch.hpp>

using namespace store;

namespace {
const std::optional<HeadCache::Known> absent{std::in_place, std::nullopt};
Bytes key(std::uint32_t i) { return {'S', static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i >> 8)}; }
}  // namespace

TEST_CASE("the cache answers for its own block only, presence and absence alike") {
    HeadCache cache{1 << 20};
    cache.remember(0, key(1), Bytes{7});
    cache.remember(0, key(2), std::nullopt);
    CHECK(cache.find(0, key(1)) == std::optional{HeadCache::Known{Bytes{7}}});
    CHECK(cache.find(0, key(2)) == absent);
    CHECK_FALSE(cache.find(0, key(3)));
    CHECK_FALSE(cache.find(1, key(1)));

    cache.advance(1, [](auto&& put) {
        put(key(1), Bytes{8});
        put(key(2), Bytes{9});
    });
    CHECK_FALSE(cache.find(0, key(1)));   // a reader of the older block must go to the disk
    cache.remember(0, key(3), Bytes{1});  // and what it finds there is not this block's
    CHECK_FALSE(cache.find(1, key(3)));
    CHECK(cache.find(1, key(1)) == std::optional{HeadCache::Known{Bytes{8}}});
    CHECK(cache.find(1, key(2)) == std::optional{HeadCache::Known{Bytes{9}}});
}

TEST_CASE("the cache stays within its bound, and what is used stays longest") {
    HeadCache cache{100'000};
    for (std::uint32_t i = 0; i < 5'000; ++i) {
        cache.remember(0, key(i), Bytes(40, 1));
        CHECK(cache.find(0, key(0)));
        CHECK(cache.size() <= 100'000 + 300);
    }
    CHECK_FALSE(cache.find(0, key(1)));
    CHECK(cache.find(0, key(4'999)));
}
