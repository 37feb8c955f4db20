#include "genesis/builder/config.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

using namespace genesis;
namespace json = boost::json;

namespace {

std::string dev_text() {
    std::ifstream file{TEPHRA_SOURCE_DIR "/genesis/dev.json"};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// dev.json with one value replaced; the pointer is RFC 6901's. An empty `with` removes it.
std::string dev_with(std::string_view pointer, std::string_view with) {
    json::value value = json::parse(dev_text());
    const auto slash = pointer.rfind('/');
    json::value& parent = value.at_pointer(pointer.substr(0, slash));
    const std::string_view key = pointer.substr(slash + 1);
    if (parent.is_array()) {
        if (key == "-") parent.get_array().push_back(json::parse(with));
        else parent.get_array().at(std::stoul(std::string{key})) = json::parse(with);
    } else if (with.empty()) {
        parent.get_object().erase(key);
    } else {
        parent.get_object()[key] = json::parse(with);
    }
    return json::serialize(value);
}

std::string fault_of(std::string_view text) {
    const auto config = parse(text);
    if (!config) return config.error().text;
    const auto checked = check_config(*config);
    return checked ? "" : checked.error().text;
}

}  // namespace

TEST_CASE("what the file leaves out keeps the pallet's default") {
    const auto config = parse(dev_with("/parameters", "{}"));
    REQUIRE(config.has_value());
    CHECK(config->parameters.machines == machines::Parameters{});
    CHECK(config->parameters.leases == leases::Parameters{});
    CHECK(config->parameters.escrow == escrow::Parameters{});

    const auto one = parse(dev_with("/parameters", R"({"leases":{"start_deadline_ms":7}})"));
    REQUIRE(one.has_value());
    CHECK(one->parameters.leases.start_deadline_ms == 7);
    CHECK(one->parameters.leases.withheld_ms == leases::Parameters{}.withheld_ms);
}

TEST_CASE("dev.json shortens the times and keeps the shares") {
    const auto config = parse(dev_text());
    REQUIRE(config.has_value());
    const auto& [machines, leases, escrow] = config->parameters;
    CHECK(machines.heartbeat_interval_ms < machines::Parameters{}.heartbeat_interval_ms);
    CHECK(machines.unbonding_ms < machines::Parameters{}.unbonding_ms);
    CHECK(leases.start_deadline_ms < leases::Parameters{}.start_deadline_ms);
    CHECK(leases.penalty_share_ppm == leases::Parameters{}.penalty_share_ppm);
    CHECK(machines.bond_per_slot == 1'000 * chain::Balance{chain::tph});
    CHECK(escrow == escrow::Parameters{});
}

TEST_CASE("local.json says what the pallets' defaults are") {
    std::ifstream file{TEPHRA_SOURCE_DIR "/genesis/local.json"};
    const auto config = parse(std::string{std::istreambuf_iterator<char>{file}, {}});
    REQUIRE(config.has_value());
    CHECK(config->parameters.machines == machines::Parameters{});
    CHECK(config->parameters.leases == leases::Parameters{});
    CHECK(config->parameters.escrow == escrow::Parameters{});
}

TEST_CASE("each wrong value is named with its place and the remedy") {
    struct Wrong {
        std::string_view pointer;
        std::string_view with;
        std::string_view fault;
    };
    const Wrong wrongs[] = {
        {"/chain/name", "7", "chain.name: expected a text, found 7"},
        {"/chain/name", "\"\"", "chain.name: expected 1 to 64 printable bytes"},
        {"/chain/id", "\"Tephra Dev\"", "chain.id: use lower-case letters, digits, '_' and '-' only"},
        {"/chain/type", "\"Prod\"", "chain.type: expected one of \"Development\", \"Local\", \"Live\", found \"Prod\""},
        {"/chain/type", "", "chain.type: missing; add it"},
        {"/chain", "[]", "chain: expected an object { … }, found []"},
        {"/token/decimals", "300", "token.decimals: expected a whole number from 0 to 255, found 300"},
        {"/token/decimals", "-1", "token.decimals: expected a whole number from 0 to 255, found -1"},
        {"/token/decimals", "1.5", "token.decimals: expected a whole number from 0 to 255, found 1.5E0"},
        {"/token/is_ethereum", "1", "token.is_ethereum: expected true or false, found 1"},
        {"/token/is_ethereum", "false", "token.is_ethereum: accounts have 20 bytes here; set it to true"},
        {"/token/symbl", "\"T\"", "token.symbl: unknown field; did you mean \"symbol\"?"},
        {"/colour", "1",
         "colour: unknown field; known here: chain, token, accounts, numbered_accounts, validators, epoch_length, "
         "epoch_seed, sudo, auditors, parameters"},
        {"/numbered_accounts", R"({"count":4000001,"balance":"1 TPH"})", "numbered_accounts.count: at most 4000000"},
        {"/numbered_accounts", R"({"count":1,"balance":"1"})",
         "numbered_accounts.balance: an account needs at least 1000000000000000 base units to exist"},
        {"/numbered_accounts", R"({"count":2,"balance":"170141183460469231731687303715884105728"})",
         "numbered_accounts.balance: all balances together exceed 2^128 - 1"},
        {"/accounts", "{}", "accounts: expected a list, found {}"},
        {"/accounts/2/balance", "12",
         "accounts[2].balance: expected an amount such as \"1000 TPH\", \"0.5 TPH\" or, in base units, \"1000000\", "
         "found 12"},
        {"/accounts/2/balance", "\"1\"",
         "accounts[2].balance: an account needs at least 1000000000000000 base units to exist"},
        {"/accounts/2/balance", "\"340282366920938463463374607431768211455\"",
         "accounts[2].balance: all balances together exceed 2^128 - 1"},
        {"/accounts/1/account", "\"0x12\"",
         "accounts[1].account: expected an account: 0x and 40 hexadecimal digits, found \"0x12\""},
        {"/accounts/1/account", "\"0xf24ff3a9cf04c71dbc94d0b566f7a27b94566cac\"",
         "accounts[1].account: 0xf24FF3a9CF04c71Dbc94D0b566f7A27B94566cac is listed twice; keep one entry"},
        {"/validators", "[]", "validators: name at least one, or nobody makes blocks"},
        {"/validators/0/weight", "0", "validators[0].weight: at least 1, and at most 2^53 for all validators together"},
        {"/validators/0/weight", "9007199254740993",
         "validators[0].weight: at least 1, and at most 2^53 for all validators together"},
        {"/validators/0/consensus_key", "\"0x00\"",
         "validators[0].consensus_key: expected 0x and 64 hexadecimal digits, found \"0x00\""},
        {"/validators/0/vrf_key", "\"0x0000000000000000000000000000000000000000000000000000000000000000\"",
         "validators[0].vrf_key: no point of ristretto255; give a public key"},
        {"/validators/0/vrf_key", "", "validators[0].vrf_key: missing; add it"},
        {"/epoch_length", "3", "epoch_length: from 4 to 1000000 blocks, found 3"},
        {"/epoch_length", "1000001", "epoch_length: from 4 to 1000000 blocks, found 1000001"},
        {"/epoch_seed", "\"0x00\"", "epoch_seed: expected 0x and 64 hexadecimal digits, found \"0x00\""},
        {"/auditors/-", "\"0xC0F0f4ab324C46e55D02D0033343B4Be8A55532d\"", "auditors[1]: listed twice; keep one entry"},
        {"/parameters", "", "parameters: missing; add it"},
        {"/parameters/machines/heartbeat_interval_ms", "0",
         "parameters.machines: these values contradict each other; each pair of min and max must be in order, "
         "intervals and deadlines above zero"},
        {"/parameters/leases/penalty_share_ppm", "1000001",
         "parameters.leases: these values contradict each other; deadlines and counts must be above zero, shares at "
         "most 1000000 ppm"},
        {"/parameters/escrow", R"({"burn_ramp":{"low_ppm":600000}})",
         "parameters.escrow.burn_ramp: slots and shares must rise, to 750000 ppm at most"},
        {"/parameters/lease", "{}", "parameters.lease: unknown field; did you mean \"leases\"?"},
        {"/parameters/leases/start_deadline", "1",
         "parameters.leases.start_deadline: unknown field; did you mean \"start_deadline_ms\"?"},
        {"/parameters/leases/start_deadline_ms", "\"60 s\"",
         "parameters.leases.start_deadline_ms: expected a whole number from 0 to 18446744073709551615, found \"60 s\""},
        {"/parameters/machines/bond_per_slot", "\"1000\\u0020tph\"",
         "parameters.machines.bond_per_slot: expected an amount such as \"1000 TPH\", \"0.5 TPH\" or, in base units, "
         "\"1000000\", found \"1000 tph\""},
    };
    for (const Wrong& wrong : wrongs) {
        CAPTURE(wrong.pointer, wrong.with);
        CHECK(fault_of(dev_with(wrong.pointer, wrong.with)) == wrong.fault);
    }
}

TEST_CASE("what is no JSON is named with line and column") {
    CHECK(fault_of("{\n  \"chain\": nothing\n}").starts_with("line 2, column"));
    CHECK(fault_of("").starts_with("line 1, column 1: not JSON"));
    CHECK(fault_of("{} {}").starts_with("line 1, column"));
    CHECK(fault_of(std::string(100, '[')).find("not JSON") != std::string::npos);
    CHECK(fault_of("[]") == "the file: expected an object { … }, found []");
}

TEST_CASE("a long foreign value is cut in the message") {
    const std::string fault = fault_of(dev_with("/chain/type", "\"" + std::string(500, 'x') + "\""));
    CHECK(fault.size() < 200);
}

TEST_CASE("no sudo is a choice") {
    const auto config = parse(dev_with("/sudo", "null"));
    REQUIRE(config.has_value());
    CHECK_FALSE(config->sudo.has_value());
    CHECK(parse(dev_with("/sudo", "")).has_value());
}
