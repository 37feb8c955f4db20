#include "rpc/methods/author.hpp"

#include "chain/block/block.hpp"
#include "tests/unit/rpc/methods/node.hpp"

using namespace test;

namespace {

/// The results of author_extrinsicUpdate among what was pushed.
std::vector<std::string> statuses(const std::vector<std::string>& pushed) {
    std::vector<std::string> out;
    for (const std::string& text : pushed) {
        const json::value message = json::parse(text);
        if (message.at("method") == "author_extrinsicUpdate")
            out.push_back(json::serialize(message.at("params").at("result")));
    }
    return out;
}

std::string in(std::string_view kind, const Hash& hash) {
    return "{\"" + std::string{kind} + "\":\"" + chain::to_hex(hash) + "\"}";
}

}  // namespace

TEST_CASE("a submitted extrinsic is named by its hash, waits with its prefix, and counts for the next nonce") {
    Node node;
    const std::string alith = list({crypto::to_string(crypto::dev_key("Alith")->account())});
    CHECK(node.call("system_accountNextIndex", alith) == 0);
    CHECK(node.call("author_submitExtrinsic", "[" + node.transfer("Alith", 0) + "]") ==
          text(chain::to_hex(chain::extrinsic_hash(node.transfer_bytes("Alith", 0)))));
    // It entered here, so this node passes it on.
    const auto pooled = node.ledger.pooled(chain::extrinsic_hash(node.transfer_bytes("Alith", 0)));
    REQUIRE(pooled != nullptr);
    CHECK(pooled->source == chain::TransactionSource::Local);
    CHECK(node.call("author_pendingExtrinsics") == json::parse("[" + node.transfer("Alith", 0) + "]"));
    CHECK(node.call("system_accountNextIndex", alith) == 1);
    // A gap is accepted, but only the ready chain counts.
    CHECK(node.call("author_submitExtrinsic", "[" + node.transfer("Alith", 5) + "]").is_string());
    CHECK(node.call("account_nextIndex", alith) == 1);
    node.make_block();
    CHECK(node.call("system_accountNextIndex", alith) == 1);
}

TEST_CASE("watching: ready, in block, finalized; plain texts where there is no value") {
    Node node;
    CHECK(node.call("author_submitAndWatchExtrinsic", "[" + node.transfer("Alith", 0) + "]") == "1");
    CHECK(statuses(node.pushed()) == std::vector<std::string>{"\"ready\""});
    const Hash block = node.make_block();
    node.finalize(block);
    CHECK(statuses(node.pushed()) == std::vector<std::string>{in("inBlock", block), in("finalized", block)});
    CHECK(node.call("author_unwatchExtrinsic", "[\"1\"]") == true);
}

TEST_CASE("watching a gapped nonce: future until the gap is filled") {
    Node node;
    node.call("author_submitAndWatchExtrinsic", "[" + node.transfer("Alith", 1) + "]");
    CHECK(statuses(node.pushed()) == std::vector<std::string>{"\"future\""});
    node.call("author_submitExtrinsic", "[" + node.transfer("Alith", 0) + "]");
    CHECK(statuses(node.pushed()) == std::vector<std::string>{"\"ready\""});
}

TEST_CASE("a higher tip takes the place: the first watcher reads usurped") {
    Node node;
    node.call("author_submitAndWatchExtrinsic", "[" + node.transfer("Alith", 0) + "]");
    const auto version = node.executor->version();
    chain::Extra extra;
    extra.tip = {chain::tph};
    Bytes call{2, 3};
    scale::encode(balances::TransferKeepAlive{crypto::dev_key("Baltathar")->account(), {chain::tph}}, call);
    const Bytes better = chain::sign_extrinsic(
        *crypto::dev_key("Alith"), call, extra,
        {version.spec_version, version.transaction_version, node.genesis.hash, node.genesis.hash});
    node.call("author_submitExtrinsic", list({chain::to_hex(chain::with_length_prefix(better))}));
    CHECK(statuses(node.pushed()) ==
          std::vector<std::string>{"\"ready\"", in("usurped", chain::extrinsic_hash(better))});
}

TEST_CASE("refusals carry Substrate's codes and texts, and a refused watch pushes nothing") {
    Node node;
    node.call("author_submitExtrinsic", "[" + node.transfer("Alith", 0) + "]");
    const auto refusal = [&](const std::string& extrinsic) {
        const json::value watched = node.error("author_submitAndWatchExtrinsic", "[" + extrinsic + "]");
        CHECK(node.pushed().empty());
        return watched;
    };
    const json::value again = refusal(node.transfer("Alith", 0));
    CHECK(again.at("code") == 1013);
    CHECK(again.at("data") == text(chain::to_hex(chain::extrinsic_hash(node.transfer_bytes("Alith", 0)))));

    node.make_block();
    // The same nonce with another value: not banned, only stale.
    const json::value stale = refusal(node.transfer("Alith", 0, 2 * chain::tph));
    CHECK(stale ==
          json::value({{"code", 1010}, {"message", "Invalid Transaction"}, {"data", "Transaction is outdated"}}));

    Bytes forged = node.transfer_bytes("Alith", 1);
    forged[1] ^= 1;  // another signer than the signature's
    CHECK(refusal('"' + chain::to_hex(chain::with_length_prefix(forged)) + '"').at("data") ==
          "Transaction has a bad signature");
    CHECK(refusal(R"("0x")").at("code") == 1001);
    CHECK(refusal(R"("0x0401")").at("code") == 1001);
    CHECK(refusal(R"("0x0804")").at("code") == 1001);
    CHECK(node.error("author_submitExtrinsic", R"(["0x0401"])").at("message").as_string().starts_with("Extrinsic has"));
}
