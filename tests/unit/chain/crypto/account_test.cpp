#include "chain/crypto/account.hpp"

#include "tests/support/json_file.hpp"

#include <catch2/catch.hpp>

using namespace chain;
using crypto::account_from_string;

TEST_CASE("the addresses of EIP-55 keep their case") {
    for (const char* address :
         {"0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
          "0xde709f2102306220921060314715629080e2fb77", "0x27b1fdb04752bbc536007a920d24acb045561c26",
          "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
          "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"}) {
        REQUIRE(account_from_string(address));
        CHECK(crypto::to_string(*account_from_string(address)) == address);
    }
}

TEST_CASE("accounts are read in one case, or with the right checksum") {
    const std::string_view checksummed = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    const auto account = account_from_string(checksummed);
    CHECK(account_from_string("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed") == account);
    CHECK(account_from_string("0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED") == account);
    CHECK_FALSE(account_from_string("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"));
}

TEST_CASE("what is no account is nothing") {
    for (const char* bad : {"", "0x", "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
                            "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaedd",
                            "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeg", "0X5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
                            "0x0x5aaeb6053f3e94c9b9a09f33669435e7ef1bea", " 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae"})
        CHECK_FALSE(account_from_string(bad));
}

TEST_CASE("ethers writes our accounts the same way") {
    const auto vectors = tests::json_file("tests/vectors/signatures.json");
    for (const auto& vector : vectors.as_array()) {
        const auto account = account_from_string(tests::text(vector.at("account")));
        REQUIRE(account);
        CHECK(crypto::to_string(*account) == tests::text(vector.at("account")));
    }
}
