#include "rpc/methods/chain.hpp"

#include "tests/unit/rpc/methods/node.hpp"

using namespace test;

TEST_CASE("headers and blocks have the shapes that clients decode, and hash to their names") {
    Node node;
    const Hash first = node.make_block();
    const json::value header = node.call("chain_getHeader");
    CHECK(header.at("parentHash") == text(chain::to_hex(node.genesis.hash)));
    CHECK(header.at("number") == "0x1");
    CHECK(header.at("stateRoot").as_string().size() == 66);
    CHECK(header.at("digest").at("logs").as_array().size() == 1);
    CHECK(node.call("chain_getHeader", list({chain::to_hex(first)})) == header);

    const json::value block = node.call("chain_getBlock", list({chain::to_hex(first)}));
    CHECK(block.at("justifications").is_null());
    CHECK(block.at("block").at("header") == header);
    // The timestamp inherent, with its length prefix: version byte 4 follows it.
    CHECK(block.at("block").at("extrinsics").at(0).as_string().subview(4, 2) == "04");

    const std::string unknown = list({"0x" + std::string(64, '1')});
    CHECK(node.call("chain_getHeader", unknown).is_null());
    CHECK(node.call("chain_getBlock", unknown).is_null());
}

TEST_CASE("chain_getBlockHash: nothing, a number, a text, a list, an unknown number") {
    Node node;
    const std::string first = chain::to_hex(node.make_block());
    const std::string zero = chain::to_hex(node.genesis.hash);
    CHECK(node.call("chain_getBlockHash") == text(first));
    CHECK(node.call("chain_getHead") == text(first));
    CHECK(node.call("chain_getBlockHash", "[0]") == text(zero));
    CHECK(node.call("chain_getBlockHash", R"(["0x1"])") == text(first));
    CHECK(node.call("chain_getBlockHash", "[[0,1,2]]") == json::value({zero, first, nullptr}));
    CHECK(node.call("chain_getBlockHash", "[9]").is_null());
    CHECK(node.error("chain_getBlockHash", R"(["x"])").at("code") == -32602);
}

TEST_CASE("heads: the current one first, then each new one; finalized ones apart") {
    Node node;
    CHECK(node.call("chain_subscribeNewHead") == "1");
    CHECK(node.call("chain_subscribeFinalizedHeads") == "2");
    CHECK(node.call("chain_subscribeAllHeads") == "3");
    auto first = node.pushed();
    REQUIRE(first.size() == 3);
    CHECK(first[0].find(R"("method":"chain_newHead")") != std::string::npos);
    CHECK(first[1].find(R"("method":"chain_finalizedHead")") != std::string::npos);
    CHECK(first[2].find(R"("method":"chain_allHead")") != std::string::npos);
    for (const std::string& text : first) CHECK(text.find(R"("number":"0x0")") != std::string::npos);

    node.make_block();
    const Hash second = node.make_block();
    CHECK(node.pushed().size() == 4);
    CHECK(node.call("chain_getFinalizedHead") == text(chain::to_hex(node.genesis.hash)));
    node.finalize(second);
    const auto finalized = node.pushed();
    REQUIRE(finalized.size() == 2);
    CHECK(finalized[0].find(R"("number":"0x1")") != std::string::npos);
    CHECK(finalized[1].find(R"("number":"0x2")") != std::string::npos);
    CHECK(node.call("chain_getFinalisedHead") == text(chain::to_hex(second)));

    CHECK(node.call("chain_unsubscribeNewHead", "[\"1\"]") == true);
    CHECK(node.call("chain_unsubscribeAllHeads", "[\"3\"]") == true);
    CHECK(node.call("chain_unsubscribeFinalizedHeads", "[\"2\"]") == true);
    node.finalize(node.make_block());
    CHECK(node.pushed().empty());
}
