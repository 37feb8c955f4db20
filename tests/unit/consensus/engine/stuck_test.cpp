#include "consensus/engine/stuck.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <set>

using namespace consensus;
using Causes = std::vector<Cause>;

namespace {

EpochInfo four() {
    std::vector<votes::Validator> validators;
    for (std::uint8_t i = 1; i <= 4; ++i) validators.push_back({.key = {{i}}, .weight = 1});
    return {.table = votes::ValidatorTable{validators}};
}

/// A validator that signs, with so many connected, in a view that waits for this.
ReplicaReport report(Waits waits, std::size_t connected = 4) {
    ReplicaReport out;
    out.signing = SigningState::Signs;
    out.view.waits = waits;
    out.view.durable_number = 100;
    for (std::size_t i = 0; i < 4; ++i) out.view.validators.push_back({.is_connected = i < connected});
    return out;
}

const Surroundings all_well{.peers = 3, .highest_block = 100};

}  // namespace

TEST_CASE("each thing that a view waits for has an answer of its own") {
    const std::vector<std::pair<Waits, Cause>> answers{
        {Waits::NextEpoch, Cause::EpochUnknown},     {Waits::Work, Cause::Idle},
        {Waits::Nullifies, Cause::NullifiesMissing}, {Waits::Build, Cause::Building},
        {Waits::Parent, Cause::ParentMissing},       {Waits::Proposal, Cause::LeaderSilent},
        {Waits::Time, Cause::ProposalEarly},         {Waits::Check, Cause::Checking},
        {Waits::Proofs, Cause::ProofsMissing},       {Waits::Notarizes, Cause::VotesMissing},
        {Waits::Block, Cause::BlockMissing},         {Waits::Execution, Cause::Executing}};
    std::set<Cause> different;
    for (const auto& [waits, cause] : answers) {
        CHECK(causes_of(report(waits), four(), all_well) == Causes{cause});
        different.insert(cause);
    }
    CHECK(different.size() == answers.size());
}

TEST_CASE("a node that does not sign has its reason among the answers") {
    const auto answer = [](SigningState signing) {
        ReplicaReport now = report(Waits::Proposal);
        now.signing = signing;
        return causes_of(now, four(), all_well);
    };
    CHECK(answer(SigningState::Forgot) == Causes{Cause::Forgot, Cause::LeaderSilent});
    CHECK(answer(SigningState::Stopped) == Causes{Cause::KeyElsewhere, Cause::LeaderSilent});
    CHECK(answer(SigningState::Silent) == Causes{Cause::Silent, Cause::LeaderSilent});
    CHECK(answer(SigningState::Listens) == Causes{Cause::Listens, Cause::LeaderSilent});
    CHECK(answer(SigningState::Follows) == Causes{Cause::LeaderSilent});
}

TEST_CASE("without a quorum: no peers, peers of another chain, banned ones, or simply too few") {
    const auto answer = [](const Surroundings& around, std::size_t connected) {
        return causes_of(report(Waits::Work, connected), four(), around);
    };
    CHECK(answer(all_well, 3) == Causes{Cause::Idle});
    CHECK(answer(all_well, 2) == Causes{Cause::TooFewConnected, Cause::Idle});
    CHECK(answer({.peers = 0}, 1) == Causes{Cause::NoPeers, Cause::TooFewConnected, Cause::Idle});
    CHECK(answer({.peers = 1, .missing = {"connection refused", "the genesis hashes differ"}}, 2) ==
          Causes{Cause::OtherGenesis, Cause::TooFewConnected, Cause::Idle});
    CHECK(answer({.peers = 0, .banned = 2}, 1) ==
          Causes{Cause::NoPeers, Cause::PeersBanned, Cause::TooFewConnected, Cause::Idle});
    // With a quorum nobody else is missed.
    CHECK(answer({.peers = 3, .missing = {"the genesis hashes differ"}, .banned = 2}, 3) == Causes{Cause::Idle});
}

TEST_CASE("a node that follows needs any peer, no quorum of validators") {
    ReplicaReport follower = report(Waits::Proposal, 0);
    follower.signing = SigningState::Follows;
    CHECK(causes_of(follower, four(), {.peers = 1}) == Causes{Cause::LeaderSilent});
    CHECK(causes_of(follower, four(), {.peers = 0}) == Causes{Cause::NoPeers, Cause::LeaderSilent});
    CHECK(causes_of(follower, four(), {.missing = {"the genesis hashes differ"}}) ==
          Causes{Cause::NoPeers, Cause::OtherGenesis, Cause::LeaderSilent});
}

TEST_CASE("what views wait for is told anew only where nothing else keeps the node") {
    CHECK(lasting({Cause::TooFewConnected, Cause::LeaderSilent}) == Causes{Cause::TooFewConnected});
    CHECK(lasting({Cause::TooFewConnected, Cause::NullifiesMissing}) == Causes{Cause::TooFewConnected});
    CHECK(lasting({Cause::Executing}) == Causes{Cause::Executing});
}

TEST_CASE("a node that is behind fetches; one whose chain is not the others' says so") {
    Surroundings around = all_well;
    around.highest_block = 100 + syncing_blocks;
    CHECK(causes_of(report(Waits::Proposal), four(), around) == Causes{Cause::LeaderSilent});
    ++around.highest_block;
    CHECK(causes_of(report(Waits::Proposal), four(), around) == Causes{Cause::Syncing, Cause::LeaderSilent});
    around.is_sync_halted = true;
    CHECK(causes_of(report(Waits::Proposal), four(), around) ==
          Causes{Cause::OtherChain, Cause::Syncing, Cause::LeaderSilent});
}

TEST_CASE("a disk that is nearly full is named before it stops the node") {
    Surroundings around = all_well;
    around.disk_free_bytes = disk_low_bytes - 1;
    CHECK(causes_of(report(Waits::Notarizes), four(), around) == Causes{Cause::DiskLow, Cause::VotesMissing});
    ++around.disk_free_bytes;
    CHECK(causes_of(report(Waits::Notarizes), four(), around) == Causes{Cause::VotesMissing});
}

TEST_CASE("every cause is declared once, and docs/operators.md tells what it means and what helps") {
    std::ifstream file{std::string{TEPHRA_SOURCE_DIR} + "/docs/operators.md"};
    const std::string page{std::istreambuf_iterator<char>{file}, {}};
    REQUIRE_FALSE(page.empty());
    std::set<std::string_view> names;
    for (const CauseText& text : cause_texts) {
        CHECK(text_of(text.cause).name == text.name);
        CHECK(names.insert(text.name).second);
        const std::string row = "| `" + std::string{text.name} + "` | " + std::string{text.says} + " | " +
                                std::string{text.remedy} + " |\n";
        INFO("docs/operators.md lacks the row: " << row);
        CHECK(page.contains(row));
    }
}
