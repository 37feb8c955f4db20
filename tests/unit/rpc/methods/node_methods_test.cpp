#include "rpc/methods/node_methods.hpp"

#include "rpc/schema/all.hpp"
#include "tests/unit/rpc/methods/node.hpp"

using namespace test;

TEST_CASE("rpc_methods lists what polkadot-js calls, aliases too, and no group that is only half served") {
    Node node;
    const auto methods = node.call("rpc_methods").at("methods").as_array();
    for (const auto* name : {"chain_getBlockHash",
                             "state_getRuntimeVersion",
                             "system_chain",
                             "system_properties",
                             "rpc_methods",
                             "state_call",
                             "state_subscribeRuntimeVersion",
                             "system_health",
                             "chain_subscribeNewHead",
                             "chain_subscribeNewHeads",
                             "chain_subscribeAllHeads",
                             "chain_subscribeFinalizedHeads",
                             "state_queryStorageAt",
                             "state_getStorage",
                             "state_subscribeStorage",
                             "state_getKeysPaged",
                             "system_accountNextIndex",
                             "chain_getHeader",
                             "chain_getFinalizedHead",
                             "author_submitAndWatchExtrinsic",
                             "author_unwatchExtrinsic",
                             "author_submitExtrinsic",
                             "chain_getBlock",
                             "payment_queryInfo",
                             "payment_queryFeeDetails",
                             "state_getReadProof",
                             "state_getMetadata",
                             "system_chainType",
                             "author_pendingExtrinsics"}) {
        INFO(name);
        CHECK(std::ranges::find(methods, json::value(name)) != methods.end());
    }
    for (const json::value& method : methods)
        for (const auto* prefix : {"chainHead_", "archive_", "transaction_", "chainSpec_", "eth_"})
            CHECK_FALSE(method.as_string().starts_with(prefix));
}

TEST_CASE("every declared method has a body, and nothing else answers") {
    Node node;
    const auto declared = rpc::all_methods();
    CHECK(declared.size() == node.table.infos().size());
    for (const rpc::MethodInfo& method : declared) {
        INFO(method.name);
        CHECK(node.table.find(method.name) != nullptr);
    }
}
