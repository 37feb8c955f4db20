#include "rpc/methods/consensus.hpp"

#include "tests/unit/rpc/methods/node.hpp"

using namespace test;

TEST_CASE("without an engine that answers, agreement says so") {
    Node node;
    CHECK(node.error("consensus_state").at("code") == -32603);
    CHECK(node.error("consensus_participation").at("code") == -32603);
}

TEST_CASE("state, participation and peers are what the node's parts say") {
    Node node;
    rpc::NodeViews views;
    views.consensus = [] {
        return rpc::ConsensusState::Result{
            .epoch = 2, .view = 9, .me = 1, .signing = "signs", .validators = {{.index = 0, .notarized = true}}};
    };
    views.participation = [] {
        return rpc::ConsensusParticipation::Result{.epoch = 2, .views = 8, .validators = {{.voted = 7, .led = 2}}};
    };
    views.peers = [] { return rpc::SystemPeers::Result{{.peer_id = "ab", .roles = "AUTHORITY"}}; };
    views.peer_count = [] { return 1u; };
    views.highest_block = [] { return 100u; };
    views.should_have_peers = true;
    rpc::NodeMethods methods{node.ledger, {}, std::move(views)};
    rpc::MethodTable table{"1"};
    methods.add_to(table);
    rpc::Session session{table, node.outlet, rpc::Access::Local, {}};
    const auto ask = [&](std::string_view method) {
        const std::string request = fmt::format(R"({{"jsonrpc":"2.0","id":1,"method":"{}","params":[]}})", method);
        return json::parse(*session.answer(request)).at("result");
    };

    const auto state = ask("consensus_state");
    CHECK(state.at("view") == 9);
    CHECK(state.at("me") == 1);
    CHECK(state.at("validators").at(0).at("notarized") == true);
    CHECK(ask("consensus_participation").at("validators").at(0).at("voted") == 7);
    CHECK(ask("system_peers").at(0).at("peerId") == "ab");
    CHECK(ask("system_health") == json::value({{"peers", 1}, {"isSyncing", true}, {"shouldHavePeers", true}}));
    CHECK(ask("system_syncState").at("highestBlock") == 100);
}
