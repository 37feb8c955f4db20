#include "consensus/safety/signer.hpp"

#include "tests/support/memory_storage.hpp"

#include <catch2/catch.hpp>

using namespace consensus::safety;
using votes::Kind;

namespace {

const Hash genesis{{1}};
const votes::Ed25519Secret key{crypto::Ed25519Key::from_seed({9})};

Statement statement(Kind kind, std::uint64_t view, std::uint64_t epoch = 0) { return {kind, epoch, view, 0, {}}; }

Signer opened(Storage& storage) {
    auto signer = Signer::open(storage, key, genesis);
    REQUIRE(signer);
    return *std::move(signer);
}

}  // namespace

TEST_CASE("a vote has the key's signature over the statement") {
    MemoryStorage disk;
    Signer signer = opened(disk);
    const auto vote = signer.sign(statement(Kind::Nullify, 3), 0);
    REQUIRE(vote);
    CHECK(votes::verify(*vote, genesis, votes::ValidatorTable{{{key.public_key(), 1}}}));
}

TEST_CASE("what was committed is refused in the next life") {
    MemoryStorage disk;
    {
        Signer signer = opened(disk);
        CHECK(signer.is_new());
        REQUIRE(signer.sign(statement(Kind::Notarize, 3), 0));
        REQUIRE(signer.sign(statement(Kind::Finalize, 3), 0));
        REQUIRE(signer.sign(statement(Kind::Nullify, 4), 0));
        REQUIRE(signer.commit());
        disk.crash();
    }
    Signer signer = opened(disk);
    CHECK_FALSE(signer.is_new());
    CHECK(signer.sign(statement(Kind::Notarize, 3), 0).error() == Refusal::Twice);
    CHECK(signer.sign(statement(Kind::Nullify, 3), 0).error() == Refusal::Contradicts);
    CHECK(signer.sign(statement(Kind::Finalize, 4), 0).error() == Refusal::Contradicts);
    CHECK(signer.sign(statement(Kind::Notarize, 4), 0).error() == Refusal::Contradicts);
    CHECK(signer.sign(statement(Kind::Notarize, 5), 0));
}

TEST_CASE("a commit that dies at any byte leaves the watermark before it or after it") {
    for (int commits_before = 0; commits_before < 4; ++commits_before) {
        MemoryStorage before;
        Signer signer = opened(before);
        for (int i = 1; i <= commits_before; ++i) {
            REQUIRE(signer.sign(statement(Kind::Notarize, static_cast<std::uint64_t>(i)), 0));
            REQUIRE(signer.commit());
        }
        const Watermark old = signer.watermark();
        REQUIRE(signer.sign(statement(Kind::Notarize, 9), 0));
        before.calls_left = 1;
        REQUIRE_FALSE(signer.commit());
        const std::size_t size = before.unsynced.at(0).bytes.size();
        for (std::size_t kept = 0; kept <= size; ++kept) {
            MemoryStorage disk = before;
            disk.crash({kept});
            // What is cut off may be what the slot held before: then the commit is whole early.
            const Watermark found = opened(disk).watermark();
            CHECK((found == old || found == signer.watermark()));
            if (kept == 0) CHECK(found == old);
            if (kept == size) CHECK(found == signer.watermark());
        }
    }
}

TEST_CASE("a flipped bit costs at most the last commit; both slots damaged is a fault that says what to do") {
    MemoryStorage disk;
    Signer signer = opened(disk);
    for (std::uint64_t view = 1; view < 4; ++view) {
        REQUIRE(signer.sign(statement(Kind::Notarize, view), 0));
        REQUIRE(signer.commit());
    }
    for (std::size_t at = 0; at < disk.durable.at("watermark").size(); ++at) {
        MemoryStorage flipped = disk;
        flipped.durable.at("watermark")[at] ^= 4;
        CHECK(opened(flipped).watermark().notarized >= Mark{0, 2});
    }
    disk.durable.at("watermark")[20] ^= 4;
    disk.durable.at("watermark")[watermark_slot_offset + 20] ^= 4;
    const auto damaged = Signer::open(disk, key, genesis);
    REQUIRE_FALSE(damaged);
    CHECK(damaged.error().text.find("--no-sign-until") != std::string::npos);
    auto overridden = Signer::open(disk, key, genesis, Mark{0, 100});
    REQUIRE(overridden);
    CHECK(overridden->sign(statement(Kind::Notarize, 100), 0).error() == Refusal::Silent);
    CHECK(overridden->sign(statement(Kind::Notarize, 101), 0));
}

TEST_CASE("what others saw of us counts as signed, and survives a restart") {
    MemoryStorage disk;
    Signer signer = opened(disk);
    signer.note(statement(Kind::Finalize, 5));
    signer.silence({0, 3});
    REQUIRE(signer.commit());
    Signer next = opened(disk);
    CHECK(next.sign(statement(Kind::Nullify, 5), 0).error() == Refusal::Contradicts);
    CHECK(next.sign(statement(Kind::Nullify, 3), 0).error() == Refusal::Silent);
}

TEST_CASE("a signer with nothing new does not touch the disk") {
    MemoryStorage disk;
    Signer signer = opened(disk);
    REQUIRE(signer.sign(statement(Kind::Nullify, 5), 0));
    REQUIRE(signer.commit());
    const auto calls = disk.calls;
    REQUIRE(signer.sign(statement(Kind::Nullify, 5), 0));
    REQUIRE(signer.commit());
    CHECK(disk.calls == calls);
}

TEST_CASE("the watermark of another chain or key is not used") {
    MemoryStorage disk;
    Signer signer = opened(disk);
    REQUIRE(signer.sign(statement(Kind::Nullify, 5), 0));
    REQUIRE(signer.commit());
    const votes::Ed25519Secret other{crypto::Ed25519Key::from_seed({8})};
    CHECK_FALSE(Signer::open(disk, key, Hash{{2}}));
    CHECK_FALSE(Signer::open(disk, other, genesis));
}
