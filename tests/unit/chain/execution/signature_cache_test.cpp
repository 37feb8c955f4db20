#include "chain/execution/signature_cache.hpp"

#include <catch2/catch.hpp>

using namespace chain;

namespace {
Hash hash(std::uint8_t seed) { return {{seed}}; }
crypto::AccountId account(std::uint8_t seed) { return {{seed}}; }
}  // namespace

TEST_CASE("a signer is found for what was signed, and for nothing else") {
    SignatureCache cache;
    cache.remember(hash(1), hash(2), account(3));
    CHECK(cache.find(hash(1), hash(2)) == account(3));
    CHECK_FALSE(cache.find(hash(1), hash(9)));  // same bytes, another chain or era
    CHECK_FALSE(cache.find(hash(9), hash(2)));
}

TEST_CASE("the cache forgets the oldest half and never outgrows its bound") {
    SignatureCache cache{10};
    for (std::uint8_t i = 0; i < 25; ++i) cache.remember(hash(i), hash(0), account(i));
    CHECK(cache.size() <= 20);
    CHECK(cache.find(hash(24), hash(0)) == account(24));
    CHECK(cache.find(hash(15), hash(0)) == account(15));
    CHECK_FALSE(cache.find(hash(0), hash(0)));
}
