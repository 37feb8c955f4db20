#include "chain/execution/signature_cache.hpp"

#include <catch2/catch.hpp>

using namespace chain;

namespace {
Hash hash(std::uint8_t seed) { return {{seed}}; }
crypto::AccountId account(std::uint8_t seed) { return {{seed}}; }
const SigningContext here{.spec_version = 1, .transaction_version = 2, .genesis = hash(3), .birth_block = hash(4)};
}  // namespace

TEST_CASE("a signer is found for what was signed, and for nothing else") {
    SignatureCache cache;
    cache.remember(hash(1), here, account(3));
    CHECK(cache.find(hash(1), here) == account(3));
    CHECK_FALSE(cache.find(hash(9), here));
    auto elsewhere = here;
    elsewhere.spec_version = 9;
    CHECK_FALSE(cache.find(hash(1), elsewhere));
    elsewhere = here;
    elsewhere.transaction_version = 9;
    CHECK_FALSE(cache.find(hash(1), elsewhere));
    elsewhere = here;
    elsewhere.genesis = hash(9);
    CHECK_FALSE(cache.find(hash(1), elsewhere));
    elsewhere = here;
    elsewhere.birth_block = hash(9);
    CHECK_FALSE(cache.find(hash(1), elsewhere));
}

TEST_CASE("the same bytes signed in another context replace what was known") {
    SignatureCache cache;
    cache.remember(hash(1), here, account(3));
    auto later = here;
    later.birth_block = hash(5);
    cache.remember(hash(1), later, account(6));
    CHECK(cache.find(hash(1), later) == account(6));
    CHECK_FALSE(cache.find(hash(1), here));
    CHECK(cache.size() == 1);
}

TEST_CASE("the cache forgets the oldest half and never outgrows its bound") {
    SignatureCache cache{10};
    for (std::uint8_t i = 0; i < 25; ++i) cache.remember(hash(i), here, account(i));
    CHECK(cache.size() <= 20);
    CHECK(cache.find(hash(24), here) == account(24));
    CHECK(cache.find(hash(15), here) == account(15));
    CHECK_FALSE(cache.find(hash(0), here));
}
