#include "genesis/builder/genesis.hpp"

#include "chain/block/block.hpp"
#include "chain/crypto/dev_keys.hpp"
#include "chain/crypto/hash.hpp"
#include "chain/trie/trie.hpp"
#include "genesis/builder/development.hpp"
#include "runtime/pallets/balances/balances.hpp"
#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/leases.hpp"
#include "runtime/pallets/machines/machines.hpp"
#include "runtime/pallets/sudo/sudo.hpp"
#include "runtime/pallets/system/accounts.hpp"
#include "runtime/pallets/transaction_payment/transaction_payment.hpp"
#include "runtime/pallets/validators/validators.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace genesis;

namespace {

const std::filesystem::path folder = std::filesystem::path{TEPHRA_SOURCE_DIR} / "genesis";

Genesis dev() {
    auto loaded = load(folder / "dev.json");
    INFO((loaded ? "" : loaded.error().text));
    REQUIRE(loaded.has_value());
    return *std::move(loaded);
}

AccountId dev_account(std::string_view name) { return crypto::dev_key(name)->account(); }

}  // namespace

TEST_CASE("the files of this repository load") {
    const auto name = GENERATE(as<std::string>{}, "dev.json", "local.json");
    const auto loaded = load(folder / name);
    INFO((loaded ? "" : loaded.error().text));
    REQUIRE(loaded.has_value());
    CHECK(loaded->properties.token_symbol == "TPH");
    CHECK(loaded->properties.token_decimals == 18);
    CHECK(loaded->properties.is_ethereum);
}

TEST_CASE("dev.json is the chain that developers expect") {
    const Genesis genesis = dev();
    CHECK(genesis.chain_name == "Tephra Development");
    CHECK(genesis.chain_type == "Development");
    for (const auto& key : crypto::dev_keys())
        CHECK(balances::free_balance(genesis.state, dev_account(key.name)) == 1'000'000 * chain::Balance{chain::tph});
    CHECK(balances::total_issuance(genesis.state) == 6'000'000 * chain::Balance{chain::tph});
    CHECK(sudo::storage.key.get(genesis.state) == dev_account("Alith"));
    CHECK(transaction_payment::multiplier(genesis.state) == transaction_payment::one);
    CHECK(frame_system::account(genesis.state, dev_account("Faith")).providers == 1);

    const auto authorities = validators::storage.authorities.get(genesis.state);
    REQUIRE(authorities.size() == 1);
    CHECK(authorities[0].account == dev_account("Alith"));
    CHECK(authorities[0].consensus_key == dev_consensus_key("alith")->public_key().value);
    CHECK(authorities[0].vrf_key == dev_vrf_key("alith")->public_key().value);
    CHECK(validators::storage.epoch_length.get(genesis.state) == 1'200);
    CHECK(validators::storage.current_epoch.get(genesis.state) ==
          validators::first_epoch(crypto::blake2b_256(chain::to_bytes("tephra/seed/tephra_dev"))));
}

TEST_CASE("the compute pallets start with the file's parameters and auditors") {
    const Genesis genesis = dev();
    CHECK(machines::storage.parameters.get(genesis.state).heartbeat_interval_ms == 20'000);
    CHECK(leases::storage.parameters.get(genesis.state).start_deadline_ms == 60'000);
    CHECK(escrow::storage.parameters.get(genesis.state) == escrow::Parameters{});
    CHECK(machines::storage.auditors.get(genesis.state).value == std::vector{dev_account("Faith")});
}

TEST_CASE("block zero commits to the state") {
    const Genesis genesis = dev();
    const auto& header = genesis.block.header;
    CHECK(header.number.value == 0);
    CHECK(header.parent_hash == chain::Hash{});
    CHECK(header.digest.logs.empty());
    CHECK(genesis.block.extrinsics.empty());
    CHECK(header.extrinsics_root == trie::empty_root);
    CHECK(genesis.hash == chain::hash_of(header));
    std::vector<std::pair<chain::Bytes, chain::Bytes>> entries{genesis.state.entries.begin(),
                                                               genesis.state.entries.end()};
    CHECK(header.state_root == trie::root(entries, trie::StateVersion::V1));
    entries.back().second.push_back(1);
    CHECK(header.state_root != trie::root(entries, trie::StateVersion::V1));
}

TEST_CASE("the runtime's marker is in the state under :code") {
    const auto code = dev().state.get(chain::to_bytes(":code"));
    REQUIRE(code.has_value());
    CHECK_FALSE(code->empty());
}

TEST_CASE("equal values make equal blocks, whatever their order of keys") {
    constexpr std::string_view key = R"("0x0101010101010101010101010101010101010101010101010101010101010101")";
    const auto text = [&](bool turned) {
        const std::string chain =
            turned ? R"({"type":"Local","id":"x","name":"X"})" : R"({"name":"X","id":"x","type":"Local"})";
        return R"({"chain":)" + chain +
               R"(,"token":{"symbol":"TPH","decimals":18,"is_ethereum":true},"accounts":[],"auditors":[],"parameters":{},)" +
               R"("validators":[{"account":"0x0000000000000000000000000000000000000001","weight":1,"consensus_key":)" +
               std::string{key} + R"(,"vrf_key":")" + chain::to_hex(dev_vrf_key("Alith")->public_key().value) + "\"}]}";
    };
    const auto one = load_text(text(false));
    const auto other = load_text(text(true));
    REQUIRE(one.has_value());
    REQUIRE(other.has_value());
    CHECK(one->hash == other->hash);
    CHECK(one->hash != dev().hash);
    std::string renamed = text(false);
    renamed.replace(renamed.find("\"id\":\"x\""), 8, "\"id\":\"y\"");
    CHECK(load_text(renamed)->hash != one->hash);
    CHECK_FALSE(sudo::storage.key.get(one->state).has_value());
}

TEST_CASE("of a file that is remembered the state is not made again, and block zero is the same") {
    const Genesis whole = dev();
    CHECK(whole.has_state);
    const auto recall = [&](const std::string& id) {
        CHECK(id == whole.chain_id);
        return std::optional{whole.remembered};
    };
    const auto known = load(folder / "dev.json", recall);
    REQUIRE(known.has_value());
    CHECK_FALSE(known->has_state);
    CHECK(known->state.entries.empty());
    CHECK(known->hash == whole.hash);
    CHECK(known->block == whole.block);
    CHECK(known->remembered == whole.remembered);
    const auto other = load(folder / "local.json", [&](const std::string&) { return std::optional{whole.remembered}; });
    REQUIRE(other.has_value());
    CHECK(other->has_state);
}

TEST_CASE("a fault names the file") {
    const auto missing = load(folder / "nowhere.json");
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().text.find("nowhere.json: cannot be read") != std::string::npos);
    CHECK_FALSE(load(folder).has_value());
}
