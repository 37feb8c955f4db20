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

TEST_CASE("what a validator's votes relied on is shown view by view, so many at once") {
    Node node;
    rpc::NodeViews views;
    views.proofs = [](std::uint64_t epoch, std::uint64_t view) -> rpc::ConsensusProofs::Result {
        if (epoch != 3 || view % 2 != 0) return {};
        return {{view, "nullify", {{1, 2}}}};
    };
    rpc::NodeMethods methods{node.ledger, {}, std::move(views)};
    rpc::MethodTable table{"1"};
    methods.add_to(table);
    rpc::Session session{table, node.outlet, rpc::Access::Local, {}};
    const auto ask = [&](std::uint64_t from, std::uint64_t to) {
        const std::string request =
            fmt::format(R"({{"jsonrpc":"2.0","id":1,"method":"consensus_proofs","params":[3,{},{}]}})", from, to);
        return json::parse(*session.answer(request)).as_object();
    };
    CHECK(ask(7, 10).at("result") == json::parse(R"([{"view":8,"kind":"nullify","certificate":"0x0102"},)"
                                                 R"({"view":10,"kind":"nullify","certificate":"0x0102"}])"));
    CHECK(ask(0, 63).at("result").as_array().size() == 32);
    for (const auto& [from, to] : {std::pair{0ULL, 64ULL}, {2ULL, 1ULL}, {0ULL, ~0ULL >> 1}})
        CHECK(ask(from, to).at("error").at("code") == -32602);
}
