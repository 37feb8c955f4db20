#include "rpc/methods/system.hpp"

#include "tests/unit/rpc/methods/node.hpp"

using namespace test;

TEST_CASE("the node says who it is and which chain it follows") {
    Node node;
    CHECK(node.call("system_name") == "tephra-node");
    CHECK(node.call("system_version") == "1.2.3");
    CHECK(node.call("system_chain") == text(node.genesis.chain_name));
    CHECK(node.call("system_chainType") == "Development");
    CHECK(node.call("system_properties") ==
          json::value({{"isEthereum", true}, {"tokenDecimals", 18}, {"tokenSymbol", "TPH"}}));
    CHECK(node.call("system_health") == json::value({{"peers", 0}, {"isSyncing", false}, {"shouldHavePeers", false}}));
    CHECK(node.call("system_nodeRoles") == json::value({"Full"}));
    node.make_block();
    CHECK(node.call("system_syncState") ==
          json::value({{"startingBlock", 0}, {"currentBlock", 1}, {"highestBlock", 1}}));
}

TEST_CASE("account names: EIP-55 or one case; a wrong one is named as a parameter") {
    Node node;
    CHECK(node.call("system_accountNextIndex", R"(["0xF24FF3A9CF04C71DBC94D0B566F7A27B94566CAC"])") == 0);
    CHECK(node.call("system_accountNextIndex", R"(["0xf24ff3a9cf04c71dbc94d0b566f7a27b94566cac"])") == 0);
    CHECK(node.error("system_accountNextIndex", R"(["alith"])").at("data") ==
          R"(parameter `account`: expected an account (0x and 40 hexadecimal digits), got "alith")");
}

TEST_CASE("the log level is set on the Unix socket only") {
    Node node;
    CHECK(node.error("system_setLogLevel", R"(["debug"])").at("code") == -32601);
    rpc::Session local{node.table, node.outlet, rpc::Access::Local, {}};
    CHECK(local.answer(R"({"jsonrpc":"2.0","id":1,"method":"system_setLogLevel","params":["info"]})") ==
          R"({"jsonrpc":"2.0","id":1,"result":null})");
    CHECK(local.answer(R"({"jsonrpc":"2.0","id":1,"method":"system_setLogLevel","params":["loud"]})")->find("-32602") !=
          std::string::npos);
}
