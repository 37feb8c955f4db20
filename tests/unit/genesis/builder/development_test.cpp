#include "genesis/builder/development.hpp"

#include "chain/crypto/dev_keys.hpp"
#include "genesis/builder/genesis.hpp"
#include "runtime/pallets/balances/balances.hpp"
#include "runtime/pallets/validators/validators.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace genesis;

TEST_CASE("the first development validators are the development accounts, the others are numbered") {
    CHECK(dev_validator_name(0) == "Alith");
    CHECK(dev_validator_name(5) == "Faith");
    CHECK(dev_validator_name(6) == "Validator7");
    CHECK(dev_validator_account("Alith") == crypto::dev_key("Alith")->account());
    CHECK(dev_validator_account("validator7").has_value());
}

TEST_CASE("names are taken in any case, and nobody else has keys") {
    CHECK(dev_consensus_key("alith")->public_key() == dev_consensus_key("Alith")->public_key());
    CHECK(dev_vrf_key("VALIDATOR7")->public_key() == dev_vrf_key("Validator7")->public_key());
    CHECK_FALSE(dev_consensus_key("Mallory"));
    CHECK_FALSE(dev_vrf_key("Validator257"));
    CHECK_FALSE(dev_validator_account("Validator1"));
}

TEST_CASE("a consensus key leads back to its name") {
    CHECK(dev_validator_with(dev_consensus_key("Dorothy")->public_key()) == "Dorothy");
    CHECK(dev_validator_with(dev_consensus_key("Validator9")->public_key()) == "Validator9");
    CHECK_FALSE(dev_validator_with({}));
}

TEST_CASE("a development chain has its validators, each with keys of its own") {
    const auto genesis = load_text(development_chain({.validators = 7, .id = "seven", .epoch_length = 20}));
    REQUIRE(genesis.has_value());
    CHECK(genesis->chain_id == "seven");
    CHECK(validators::storage.epoch_length.get(genesis->state) == 20);
    const auto authorities = validators::storage.authorities.get(genesis->state);
    REQUIRE(authorities.size() == 7);
    std::set<std::array<std::uint8_t, 32>> keys;
    for (std::size_t i = 0; i < authorities.size(); ++i) {
        const auto name = dev_validator_name(i);
        CHECK(authorities[i].account == dev_validator_account(name));
        CHECK(authorities[i].consensus_key == dev_consensus_key(name)->public_key().value);
        CHECK(authorities[i].vrf_key == dev_vrf_key(name)->public_key().value);
        CHECK(authorities[i].weight == 1);
        keys.insert({authorities[i].consensus_key, authorities[i].vrf_key});
    }
    CHECK(keys.size() == 14);
}

TEST_CASE("a development chain is the same wherever it is made, and another with another name") {
    const DevelopmentChain four;
    CHECK(load_text(development_chain(four))->hash == load_text(development_chain(four))->hash);
    DevelopmentChain other;
    other.id = "other";
    CHECK(load_text(development_chain(other))->hash != load_text(development_chain(four))->hash);
}

TEST_CASE("a development chain may have senders for a load generator and accounts that nobody has a key to") {
    const auto genesis = load_text(development_chain({.load_senders = 3, .numbered_accounts = 5}));
    REQUIRE(genesis.has_value());
    for (std::size_t i = 0; i < 3; ++i)
        CHECK(balances::free_balance(genesis->state, load_sender(i).account()) ==
              1'000'000 * chain::Balance{chain::tph});
    for (std::uint64_t i = 0; i < 5; ++i)
        CHECK(balances::free_balance(genesis->state, numbered_account(i)) == chain::Balance{chain::tph});
    CHECK(balances::free_balance(genesis->state, numbered_account(5)) == 0);
    CHECK(balances::total_issuance(genesis->state) == 9'000'005 * chain::Balance{chain::tph});
}
