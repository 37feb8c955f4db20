#include "consensus/replica/replica.hpp"

#include "tests/unit/consensus/replica/one_node.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace consensus;
using votes::Kind;

namespace {

votes::Ed25519Secret secret(std::uint8_t number) {
    return votes::Ed25519Secret{crypto::Ed25519Key::from_seed({number})};
}

TestChain chain_of(std::uint8_t validators) {
    TestChain out;
    for (std::uint8_t i = 0; i < validators; ++i) out.validators.push_back({secret(i).public_key(), 1});
    return out;
}

ReplicaConfig config(std::uint64_t guard_ms) { return {.genesis = test_genesis, .guard_ms = guard_ms}; }

/// Whether any two of them must not both exist.
bool has_double_sign(const std::vector<votes::Vote>& votes) {
    for (std::size_t i = 0; i < votes.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (contradict(votes[i].statement, votes[j].statement)) return true;
    return false;
}

/// The certificates that peer 7 gets when it speaks of this epoch, twice at once.
std::vector<CertificatePtr> answers_to_straggler(OneNode& node, std::uint64_t epoch) {
    node.sent.clear();
    node.replica.receive(7, std::make_shared<const Message>(Status{.epoch = epoch, .view = 3}));
    node.replica.receive(7, std::make_shared<const Message>(Status{.epoch = epoch, .view = 3}));
    REQUIRE(node.turn());
    std::vector<CertificatePtr> told;
    for (const auto& sent : node.sent)
        if (sent.to == effect::To{effect::ToPeer{7}})
            if (const auto* certificate = std::get_if<CertificatePtr>(&*sent.message)) told.push_back(*certificate);
    return told;
}

}  // namespace

TEST_CASE("a validator alone makes blocks final, one after another") {
    TestChain chain = chain_of(1);
    safety::MemoryStorage disk;
    const auto key = secret(0);
    OneNode node{chain, disk, key, config(0)};
    REQUIRE(node.replica.start(node.now_ms));
    node.replica.work_changed(true);
    REQUIRE(node.run_until(10'000));
    CHECK(chain.finals.size() > 20);
    CHECK(node.replica.report().signing == SigningState::Signs);
    CHECK_FALSE(has_double_sign(node.votes_sent()));
}

TEST_CASE("nothing leaves before it is on disk: what was sent is in the journal, at every moment") {
    TestChain chain = chain_of(4);
    safety::MemoryStorage disk;
    const auto key = secret(0);
    OneNode node{chain, disk, key, config(0)};
    REQUIRE(node.replica.start(node.now_ms));
    for (std::uint64_t until = 1'500; until < 20'000; until += 100) {
        REQUIRE(node.run_until(until));
        safety::MemoryStorage copy = disk;
        copy.crash();
        auto journal = safety::Journal::open(copy, test_genesis);
        REQUIRE(journal);
        const auto records = journal->take(0).records;
        for (const auto& vote : node.votes_sent())
            CHECK(std::ranges::count(records, safety::Record{safety::OwnVote{vote}}) == 1);
    }
    CHECK(node.votes_sent().size() > 3);
}

TEST_CASE("whenever the disk dies, and whatever it keeps of its last writes, no life contradicts another") {
    const auto key = secret(0);
    std::set<std::size_t> deaths;
    for (std::size_t calls = 0; calls < 160; ++calls) {
        for (const std::size_t kept : {std::size_t{0}, std::size_t{1}, calls * 7 % 300, std::size_t{100'000}}) {
            TestChain chain = chain_of(1);
            safety::MemoryStorage disk;
            std::vector<votes::Vote> said;
            std::uint64_t now_ms = 1'000;
            for (int life = 0; life < 3; ++life) {
                OneNode node{chain, disk, key, config(0)};
                node.now_ms = now_ms;
                // Builds that come too late for the leader's timer, executions that come too late for the view's.
                node.build_ms = life == 1 ? 1'200 : 10;
                node.execute_ms = life == 0 ? 2'500 : 10;
                if (life < 2) disk.calls_left = calls;
                if (node.replica.start(node.now_ms)) {
                    node.replica.work_changed(true);
                    if (!node.run_until(now_ms + 12'000)) deaths.insert(disk.calls);
                }
                for (const auto& vote : node.votes_sent()) said.push_back(vote);
                now_ms = node.now_ms + 1;
                disk.crash({kept, kept, kept});
            }
            REQUIRE_FALSE(has_double_sign(said));
            INFO(calls << ' ' << kept);
            REQUIRE(chain.finals.size() > 10);
        }
    }
    CHECK(deaths.size() > 20);
}

TEST_CASE("a journal restored from a backup makes nobody sign twice") {
    const auto key = secret(0);
    TestChain chain = chain_of(1);
    safety::MemoryStorage disk;
    std::vector<votes::Vote> said;
    std::optional<safety::MemoryStorage> backup;
    std::optional<TestChain> old_chain;
    {
        OneNode node{chain, disk, key, config(0)};
        REQUIRE(node.replica.start(node.now_ms));
        REQUIRE(node.run_until(20'000));
        backup = disk;
        old_chain = chain;
        REQUIRE(node.run_until(60'000));
        said = node.votes_sent();
    }
    // Everything is from the backup but the watermark, as tools that copy a database do.
    backup->durable["watermark"] = disk.durable.at("watermark");
    OneNode node{*old_chain, *backup, key, config(0)};
    node.now_ms = 70'000;
    REQUIRE(node.replica.start(node.now_ms));
    REQUIRE(node.run_until(200'000));
    for (const auto& vote : node.votes_sent()) said.push_back(vote);
    CHECK_FALSE(has_double_sign(said));
    CHECK_FALSE(node.refusals.empty());
}

TEST_CASE("what a damaged journal has lost is in both slots of the watermark before anything else is signed") {
    TestChain chain = chain_of(4);
    safety::MemoryStorage disk;
    const auto key = secret(0);
    OneNode node{chain, disk, key, config(0)};
    REQUIRE(node.replica.start(node.now_ms));
    node.replica.work_changed(true);
    REQUIRE(node.run_until(4'000));
    REQUIRE_FALSE(node.votes_sent().empty());
    const auto remembered = [&](const safety::MemoryStorage& of) {
        safety::MemoryStorage copy = of;
        const auto loaded = safety::WatermarkFile{copy}.load(test_genesis, key.public_key());
        REQUIRE(loaded);
        return loaded->watermark ? loaded->watermark->highest() : safety::Mark{};
    };
    const auto before = remembered(disk);
    disk.durable.at(safety::part_name(0, 1)).back() ^= 1;
    OneNode next{chain, disk, key, config(0)};
    REQUIRE(next.replica.start(next.now_ms));
    REQUIRE_FALSE(next.has_lost_memory);
    for (const std::size_t slot : {std::size_t{0}, std::size_t{safety::watermark_slot_offset}}) {
        safety::MemoryStorage damaged = disk;
        damaged.durable.at(safety::WatermarkFile::name)[slot + 8] ^= 1;
        CHECK(remembered(damaged) == before);
    }
}

TEST_CASE("a promised block is handed back after a restart, as long as it is not final") {
    TestChain chain = chain_of(4);
    safety::MemoryStorage disk;
    const auto key = secret(0);
    {
        OneNode node{chain, disk, key, config(0)};
        REQUIRE(node.replica.start(node.now_ms));
        node.replica.work_changed(true);
        // With nobody else to answer, it leads sooner or later and notarizes a block of its own.
        REQUIRE(node.run_until(2'000));
        auto journal = safety::Journal::open(disk, test_genesis);
        REQUIRE(journal);
    }
    std::vector<votes::Statement> promised;
    const auto records = safety::Journal::open(disk, test_genesis)->take(0).records;
    for (const auto& record : records)
        if (const auto* block = std::get_if<safety::HeldBlock>(&record)) promised.push_back(block->notarized);
    OneNode next{chain, disk, key, config(0)};
    next.now_ms = 3'000;
    REQUIRE(next.replica.start(next.now_ms));
    CHECK(next.recovered_blocks == promised);
}

TEST_CASE("epochs follow each other, and whoever is behind is sent what ended his") {
    TestChain chain = chain_of(1);
    chain.epoch_length = 5;
    safety::MemoryStorage disk;
    const auto key = secret(0);
    OneNode node{chain, disk, key, config(0)};
    REQUIRE(node.replica.start(node.now_ms));
    node.replica.work_changed(true);
    REQUIRE(node.run_until(10'000));
    REQUIRE(node.epochs.size() > 3);
    for (std::uint64_t e = 0; e < node.epochs.size(); ++e) CHECK(node.epochs[e] == e);
    CHECK_FALSE(has_double_sign(node.votes_sent()));

    node.replica.peer_arrived(7, std::nullopt);
    const auto told = answers_to_straggler(node, 1);
    REQUIRE(told.size() == 1);  // once a second
    CHECK(told[0]->statement.kind == Kind::Finalize);
    CHECK(told[0]->statement.block == chain.finals[10].tip.hash);

    // The next life knows from the journal what ended the epoch before its own.
    const std::uint64_t epoch = node.epochs.back();
    disk.crash();
    OneNode next{chain, disk, key, config(0)};
    next.now_ms = node.now_ms;
    REQUIRE(next.replica.start(next.now_ms));
    REQUIRE(next.epochs == std::vector{epoch});
    next.replica.peer_arrived(7, std::nullopt);
    CHECK(answers_to_straggler(next, epoch - 1).size() == 1);
}

TEST_CASE("who lags by many epochs is told of one after another at once, and of each once a second") {
    TestChain chain = chain_of(1);
    chain.epoch_length = 2;
    safety::MemoryStorage disk;
    const auto key = secret(0);
    OneNode node{chain, disk, key, config(0)};
    REQUIRE(node.replica.start(node.now_ms));
    node.replica.work_changed(true);
    REQUIRE(node.run_until(10'000));
    REQUIRE(node.epochs.back() >= 6);
    node.replica.peer_arrived(7, std::nullopt);
    for (std::uint64_t epoch = 0; epoch < 5; ++epoch) CHECK(answers_to_straggler(node, epoch).size() == 1);
    CHECK(answers_to_straggler(node, 4).empty());
    node.now_ms += 1'000;
    CHECK(answers_to_straggler(node, 4).size() == 1);
}

TEST_CASE("a chain that was brought far ahead by others takes agreement with it") {
    TestChain chain = chain_of(4);
    chain.epoch_length = 10;
    safety::MemoryStorage disk;
    const auto key = secret(0);
    OneNode node{chain, disk, key, config(0)};
    REQUIRE(node.replica.start(node.now_ms));
    const auto sync_to = [&](std::uint32_t number) {
        for (auto next = static_cast<std::uint32_t>(chain.finals.size()); next <= number; ++next) {
            const Hash hash{{3, static_cast<std::uint8_t>(next)}};
            const std::uint64_t epoch = (next - 1) / chain.epoch_length;
            const votes::Statement statement{Kind::Finalize, epoch, next % 10 + 1, next % 10, hash};
            chain.blocks[hash] = {chain.finals.back().tip.hash, next};
            chain.finals.push_back(
                {{hash, next, epoch, next % 10 + 1},
                 std::make_shared<const votes::Certificate>(votes::Certificate{statement, {7}, {{}, {}, {}}})});
        }
    };
    sync_to(35);
    node.replica.chain_moved();
    REQUIRE(node.turn());
    CHECK(node.epochs == std::vector<std::uint64_t>{0, 3});
    CHECK(node.replica.core().floor_view() == chain.finals[35].tip.view);
    // The last block of an epoch is where the next one begins.
    sync_to(50);
    node.replica.answer(4, event::FloorDurable{chain.finals[50].tip});
    REQUIRE(node.turn());
    CHECK(node.epochs == std::vector<std::uint64_t>{0, 3, 5});
    CHECK(node.replica.core().floor_view() == 0);
    node.replica.chain_moved();
    REQUIRE(node.turn());
    CHECK(node.epochs.back() == 5);
}

TEST_CASE("a restart goes on in the epoch that the journal has begun") {
    TestChain chain = chain_of(1);
    chain.epoch_length = 3;
    safety::MemoryStorage disk;
    const auto key = secret(0);
    std::vector<votes::Vote> said;
    std::uint64_t now_ms = 1'000;
    std::uint64_t epoch = 0;
    for (int life = 0; life < 20; ++life) {
        OneNode node{chain, disk, key, config(0)};
        node.now_ms = now_ms;
        REQUIRE(node.replica.start(now_ms));
        node.replica.work_changed(true);
        REQUIRE(node.run_until(now_ms + 430));
        for (const auto& vote : node.votes_sent()) said.push_back(vote);
        CHECK(node.epochs.back() >= epoch);
        epoch = node.epochs.back();
        now_ms = node.now_ms;
        disk.crash();
    }
    CHECK(epoch > 5);
    CHECK_FALSE(has_double_sign(said));
    CHECK(disk.durable.size() < 8);  // old epochs' files go
}

TEST_CASE("messages of the next epoch wait for it, within bounds") {
    TestChain chain = chain_of(4);
    safety::MemoryStorage disk;
    const auto key = secret(0);
    OneNode node{chain, disk, key, config(0)};
    REQUIRE(node.replica.start(node.now_ms));
    for (std::uint64_t peer = 1; peer <= 40; ++peer) {
        node.replica.peer_arrived(peer, std::nullopt);
        for (int i = 0; i < 100; ++i)
            node.replica.receive(peer, std::make_shared<const Message>(Status{.epoch = 1, .view = 1}));
        REQUIRE(node.turn());
    }
    CHECK(node.replica.report().next_epoch == 1'024);
    CHECK(node.replica.report().dropped == 4'000 - 1'024);
}

TEST_CASE("the inbox has a bound") {
    TestChain chain = chain_of(4);
    safety::MemoryStorage disk;
    const auto key = secret(0);
    OneNode node{chain, disk, key, config(0)};
    REQUIRE(node.replica.start(node.now_ms));
    node.replica.peer_arrived(1, std::nullopt);
    const auto status = std::make_shared<const Message>(Status{.epoch = 0, .view = 1});
    for (int i = 0; i < 4'096; ++i) REQUIRE(node.replica.receive(1, status));
    CHECK_FALSE(node.replica.receive(1, status));
    REQUIRE(node.turn());
    CHECK(node.replica.receive(1, status));
}

TEST_CASE("after a fault of the disk nothing leaves any more") {
    TestChain chain = chain_of(1);
    safety::MemoryStorage disk;
    const auto key = secret(0);
    OneNode node{chain, disk, key, config(0)};
    REQUIRE(node.replica.start(node.now_ms));
    disk.calls_left = 0;
    node.replica.work_changed(true);
    const auto done = node.run_until(10'000);
    REQUIRE_FALSE(done);
    CHECK(done.error().text == "the disk is full");
    CHECK(node.votes_sent().empty());
    disk.calls_left.reset();
    CHECK_FALSE(node.replica.turn(20'000));
    CHECK(node.replica.next_timer_ms() == std::nullopt);
}

TEST_CASE("every certificate that the journal lets go of was handed over to be kept, before the block above it (A7)") {
    TestChain chain = chain_of(1);
    safety::MemoryStorage disk;
    const auto key = secret(0);
    OneNode node{chain, disk, key, config(0)};
    REQUIRE(node.replica.start(node.now_ms));
    node.replica.work_changed(true);
    REQUIRE(node.run_until(20'000));
    REQUIRE(chain.finals.size() > 40);
    std::set<std::uint64_t> notarized;
    for (const auto& certificate : node.kept) {
        CHECK(certificate->statement.kind != Kind::Finalize);
        if (certificate->statement.kind == Kind::Notarize) notarized.insert(certificate->statement.view);
    }
    // Whoever notarized a view relied on the one before it.
    for (const auto& vote : node.votes_sent())
        if (vote.statement.kind == Kind::Notarize && vote.statement.parent_view > 0)
            CHECK(notarized.contains(vote.statement.parent_view));
}
