#include "chain/crypto/dev_keys.hpp"

#include <catch2/catch.hpp>

TEST_CASE("each development secret makes the account that is written beside it") {
    REQUIRE(crypto::dev_keys().size() == 6);
    for (const crypto::DevKey& key : crypto::dev_keys()) {
        const auto secret = crypto::dev_key(key.name);
        REQUIRE(secret);
        CHECK(crypto::to_string(secret->account()) == key.account);
    }
}

TEST_CASE("development keys are found in any case, and only by their whole names") {
    CHECK(crypto::dev_key("ALITH")->account() == crypto::dev_key("alith")->account());
    CHECK_FALSE(crypto::dev_key("Ali"));
    CHECK_FALSE(crypto::dev_key("Alice"));
    CHECK_FALSE(crypto::dev_key(""));
}
