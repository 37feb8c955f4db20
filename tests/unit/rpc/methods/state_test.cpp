#include "rpc/methods/state.hpp"

#include "chain/state/proof.hpp"
#include "tests/unit/rpc/methods/node.hpp"

using namespace test;

namespace {

Bytes bytes_of(const json::value& hex) { return *chain::from_hex(std::string_view{hex.as_string()}); }

}  // namespace

TEST_CASE("storage at the best block, at an older one, and of a key that is not there") {
    Node node;
    const std::string now = storage_key("Timestamp", "Now");
    const std::string first = chain::to_hex(node.make_block());
    const json::value then = node.call("state_getStorage", list({now}));
    node.make_block();
    CHECK(node.call("state_getStorage", list({now})) != then);
    CHECK(node.call("state_getStorage", list({now, first})) == then);
    CHECK(node.call("state_getStorageAt", list({now, first})) == then);
    CHECK(node.call("state_getStorageSize", list({now})) == 8);
    CHECK(node.call("state_getStorageHash", list({now})).as_string().size() == 66);
    const std::string nothing = list({"0x1234"});
    CHECK(node.call("state_getStorage", nothing).is_null());
    CHECK(node.call("state_getStorageHash", nothing).is_null());
    CHECK(node.call("state_getStorageSize", nothing).is_null());
    CHECK(node.call("state_queryStorageAt", "[[\"" + now + "\",\"0x1234\"],\"" + first + "\"]") ==
          json::parse(fmt::format(R"([{{"block":"{}","changes":[["{}",{}],["0x1234",null]]}}])", first, now,
                                  json::serialize(then))));
}

TEST_CASE(":code is in the state: polkadot-api dies without it") {
    Node node;
    CHECK(node.call("state_getStorage", list({chain::to_hex(chain::to_bytes(":code"))})).is_string());
}

TEST_CASE("an unknown block is an error in polkadot-sdk's words") {
    Node node;
    const std::string hash = "0x" + std::string(64, '1');
    const json::value error = node.error("state_getStorage", list({"0x12", hash}));
    CHECK(error.at("code") == 4003);
    CHECK(error.at("message") == text("Client error: UnknownBlock: Header was not found in the database: " + hash));
    CHECK(node.error("state_call", list({"Core_version", "0x", hash})).at("code") == 4003);
    CHECK(node.error("state_getMetadata", list({hash})).at("code") == 4003);
    CHECK(node.error("state_getRuntimeVersion", list({hash})).at("code") == 4003);
    CHECK(node.error("state_getReadProof", "[[],\"" + hash + "\"]").at("code") == 4003);
}

TEST_CASE("keys come in pages, in order, strictly after the start key") {
    Node node;
    const std::string prefix = storage_key("System", "Account");
    const json::value all = node.call("state_getKeysPaged", "[\"" + prefix + "\",1000]");
    REQUIRE(all.as_array().size() >= 6);
    std::vector<std::string> paged;
    while (true) {
        const std::string start = paged.empty() ? "null" : "\"" + paged.back() + "\"";
        const json::value page = node.call("state_getKeysPaged", "[\"" + prefix + "\",2," + start + "]");
        for (const json::value& key : page.as_array()) paged.emplace_back(key.as_string());
        if (page.as_array().size() < 2) break;
    }
    CHECK(rpc::to_json(paged) == all);
    CHECK(std::ranges::is_sorted(paged));
    CHECK(node.call("state_getKeysPaged", "[\"" + prefix + "\",0]").as_array().empty());
    CHECK_FALSE(node.call("state_getKeysPaged", "[null,5]").as_array().empty());
    const json::value error = node.error("state_getKeysPaged", "[\"0x\",1001]");
    CHECK(error.at("code") == 4002);
    CHECK(error.at("message") == "count exceeds maximum value. value: 1001, max: 1000");
}

TEST_CASE("queries, proofs and subscriptions take at most 1000 keys") {
    Node node;
    std::string keys = "[[\"0x00\"";
    for (int i = 0; i < 1'000; ++i) keys += ",\"0x00\"";
    keys += "]]";
    for (const auto* method : {"state_queryStorageAt", "state_getReadProof", "state_subscribeStorage"})
        CHECK(node.error(method, keys).at("code") == 4002);
}

TEST_CASE("a read proof convinces a verifier who knows the state root alone, of values and of absence") {
    Node node;
    const Hash block = node.make_block();
    const std::string now = storage_key("Timestamp", "Now");
    const json::value answer = node.call("state_getReadProof", "[[\"" + now + "\",\"0x1234\"]]");
    CHECK(answer.at("at") == text(chain::to_hex(block)));
    std::vector<Bytes> proof;
    for (const json::value& item : answer.at("proof").as_array()) proof.push_back(bytes_of(item));
    const Hash root = node.ledger.header(block)->state_root;
    CHECK(*state::verify_proof(root, proof, *chain::from_hex(now)) ==
          bytes_of(node.call("state_getStorage", list({now}))));
    CHECK(*state::verify_proof(root, proof, Bytes{0x12, 0x34}) == std::nullopt);
}

TEST_CASE("metadata: versions by runtime API with \"\" for no arguments, bare V14 by RPC") {
    Node node;
    const json::value versions = node.call("state_call", R"(["Metadata_metadata_versions",""])");
    CHECK(versions == node.call("state_callAt", R"(["Metadata_metadata_versions","0x"])"));
    CHECK(versions == "0x080e0000000f000000");
    CHECK(node.call("state_getMetadata").as_string().starts_with("0x6d6574610e"));
    CHECK(node.call("state_call", R"(["Metadata_metadata_at_version","0x0f000000"])").as_string().starts_with("0x01"));
    CHECK(node.call("state_call", R"(["Metadata_metadata_at_version","0x63000000"])") == "0x00");
    const json::value error = node.error("state_call", R"(["No_such","0x"])");
    CHECK(error.at("code") == 4003);
    CHECK(error.at("message").as_string().starts_with("Client error: Execution failed: "));
}

TEST_CASE("the runtime version lists the APIs that steer polkadot-js, Metadata at 2") {
    Node node;
    const json::value version = node.call("state_getRuntimeVersion");
    CHECK(version.at("specName") == "tephra");
    CHECK(version.at("specVersion") == 1);
    CHECK(version.at("stateVersion") == 1);
    const json::array& apis = version.at("apis").as_array();
    CHECK(std::ranges::find(apis, json::value({"0x37e397fc7c91f5e4", 2})) != apis.end());
    CHECK(std::ranges::find(apis, json::value({"0xdf6acb689907609b", 5})) != apis.end());
    CHECK(node.call("state_subscribeRuntimeVersion") == "1");
    const auto pushed = node.pushed();
    REQUIRE(pushed.size() == 1);
    CHECK(json::parse(pushed[0]).at("params").at("result") == version);
    CHECK(node.call("state_unsubscribeRuntimeVersion", "[\"1\"]") == true);
}

TEST_CASE("a storage subscription pushes all values at once, then only what changes") {
    Node node;
    node.make_block();
    const std::string now = storage_key("Timestamp", "Now");
    const std::string issuance = storage_key("Balances", "TotalIssuance");
    CHECK(node.call("state_subscribeStorage", "[[\"" + now + "\",\"" + issuance + "\",\"0x1234\"]]") == "1");
    auto pushed = node.pushed();
    REQUIRE(pushed.size() == 1);
    const json::value first = json::parse(pushed[0]);
    CHECK(first.at("method") == "state_storage");
    CHECK(first.at("params").at("result").at("changes").as_array().size() == 3);
    CHECK(first.at("params").at("result").at("changes").at(2) == json::value({"0x1234", nullptr}));

    const std::string block = chain::to_hex(node.make_block());
    pushed = node.pushed();
    REQUIRE(pushed.size() == 1);
    const json::value later = json::parse(pushed[0]).at("params").at("result");
    CHECK(later.at("block") == text(block));
    CHECK(later.at("changes") == json::value({json::value({now, node.call("state_getStorage", list({now}))})}));
    CHECK(node.call("state_unsubscribeStorage", "[\"1\"]") == true);
    node.make_block();
    CHECK(node.pushed().empty());
}
