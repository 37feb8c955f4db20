#include "server_world.hpp"

TEST_CASE("a registered machine is welcomed, gets a snapshot, and then each block as it becomes final") {
    Node node;
    const Machine machine{node};
    auto line = machine.line();
    const auto welcome = next<Welcome>(line);
    CHECK(welcome.genesis == node.genesis.hash);
    CHECK(welcome.machine == machine.key.account().value);
    const auto first = next<Finalized>(line);
    CHECK(first.snapshot);
    CHECK(first.number == node.ledger.finalized().number);
    CHECK(first.machine);
    node.make_block();
    const auto second = next<Finalized>(line);
    CHECK(second.number == first.number + 1);
    CHECK(second.parent_hash == first.hash);
    CHECK_FALSE(second.snapshot);
}

TEST_CASE("a line resumes from the block that it names") {
    Node node;
    const Machine machine{node};
    for (int i = 0; i < 3; ++i) node.make_block();
    auto line = machine.line(2);
    CHECK(next<Finalized>(line).number == 2);
    CHECK(next<Finalized>(line).number == 3);
    CHECK(next<Finalized>(line).number == 4);
}

TEST_CASE("a line that is too far behind skips to a snapshot of the newest block") {
    Node node{2};
    const Machine machine{node};
    for (int i = 0; i < 4; ++i) node.make_block();
    auto line = machine.line(1);
    const auto first = next<Finalized>(line);
    CHECK(first.number == 5);
    CHECK(first.snapshot);
}

TEST_CASE("a number that this chain does not have yet begins with the newest block") {
    Node node;
    const Machine machine{node};
    auto line = machine.line(1'000'000);
    CHECK(next<Finalized>(line).number == 1);
}

TEST_CASE("who does not hold the machine's TLS key is refused, though the account is right") {
    Node node;
    const Machine machine{node};
    auto line = machine.line_as(Identity::generate().value());
    CHECK(end_of(line) == LineEnd::WrongKey);
}

TEST_CASE("a key that signs for no machine is told so") {
    Node node;
    const Identity tls = Identity::generate().value();
    NodeLine line{node.address(), tls, {.machine = {1, 2, 3}}};
    CHECK(end_of(line) == LineEnd::NotRegistered);
}

TEST_CASE("a second worker of one machine ends the first one's line") {
    Node node;
    const Machine machine{node};
    auto first = machine.line();
    next<Finalized>(first);
    auto second = machine.line();
    next<Finalized>(second);
    CHECK(end_of(first) == LineEnd::Displaced);
    node.make_block();
    CHECK(next<Finalized>(second).number == 2);
}

TEST_CASE("extrinsics are answered with hash or refusal, and their fate comes with their block") {
    Node node;
    const Machine machine{node};
    auto line = machine.line();
    const auto first = next<Finalized>(line);
    const std::uint64_t interval = first.live_now_ms / first.heartbeat_interval_ms;
    REQUIRE(line.submit(8, machine.heartbeat(interval + 1'000, 0)));  // not due
    const auto refused = next<Submitted>(line);
    CHECK(refused.id == 8);
    CHECK_FALSE(refused.extrinsic_hash);
    CHECK(refused.code == 1010);
    CHECK_FALSE(refused.refusal.empty());
    CHECK(refused.next_nonce == 0);
    REQUIRE(line.submit(7, machine.heartbeat(interval, 0)));
    const auto taken = next<Submitted>(line);
    CHECK(taken.id == 7);
    INFO(taken.refusal);
    REQUIRE(taken.extrinsic_hash);
    CHECK(taken.next_nonce == 1);
    REQUIRE(line.submit(9, {1, 2, 3}));
    CHECK_FALSE(next<Submitted>(line).extrinsic_hash);
    node.make_block();
    const auto block = next<Finalized>(line);
    REQUIRE(block.fates.size() == 1);
    CHECK(block.fates[0].success);
    CHECK(block.fates[0].extrinsic_hash == *taken.extrinsic_hash);
    CHECK(block.next_nonce == 1);
}

TEST_CASE("anybody may ask what a registration needs to know") {
    Node node;
    const auto owner = crypto::dev_key("Baltathar").value().account();
    const Identity stranger = Identity::generate().value();
    CHECK(ask_chain(node.address(), stranger, owner.value).value().registration_counter == 0);
    const Machine machine{node};
    const auto facts = ask_chain(node.address(), stranger, owner.value).value();
    CHECK(facts.registration_counter == 1);
    CHECK(facts.genesis == node.genesis.hash);
    CHECK(facts.finalized_number == 1);
}

TEST_CASE("a stopping node ends its lines, and they know that it may come back") {
    Node node;
    const Machine machine{node};
    auto line = machine.line();
    next<Finalized>(line);
    node.server.stop();
    CHECK(end_of(line) == LineEnd::Lost);
}

TEST_CASE("the node's key stands beside its data for workers on the same host") {
    const tests::TempFolder folder;
    const auto identity = ws::node_identity(folder.path()).value();
    CHECK(ws::node_identity(folder.path()).value().key() == identity.key());
    CHECK(std::filesystem::exists(folder.path() / "worker_key.pub"));
}
