#include "consensus/safety/remains.hpp"

#include "consensus/safety/signer.hpp"
#include "tests/support/memory_storage.hpp"

#include <catch2/catch.hpp>

using namespace consensus::safety;
using votes::Kind;

namespace {

const Hash genesis{{1}};
const votes::Ed25519Secret key{crypto::Ed25519Key::from_seed({7})};
const std::string part = part_name(0, 1);

/// A folder in which three views were notarized, turn by turn.
MemoryStorage folder() {
    MemoryStorage disk;
    auto signer = Signer::open(disk, key, genesis);
    auto journal = Journal::open(disk, genesis);
    REQUIRE((signer && journal));
    REQUIRE(journal->enter(0, std::nullopt));
    for (std::uint64_t view = 1; view <= 3; ++view) {
        const auto vote = signer->sign({Kind::Notarize, 0, view, view - 1, Hash{{9}}}, 0);
        REQUIRE(vote);
        journal->append(OwnVote{*vote});
        REQUIRE(journal->commit());
        REQUIRE(signer->commit());
    }
    return disk;
}

void damage_slot(MemoryStorage& disk, std::uint64_t offset) { disk.durable.at("watermark")[offset + 30] ^= 1; }

void damage_journal(MemoryStorage& disk, std::size_t at) { disk.durable.at(part)[at] ^= 1; }

Remains remains(MemoryStorage& disk) {
    const auto before = disk.durable;
    const std::size_t unsynced = disk.unsynced.size();
    const auto found = look_at(disk);
    REQUIRE(found);
    CHECK((disk.durable == before && disk.unsynced.size() == unsynced));
    return *found;
}

}  // namespace

TEST_CASE("whole files suffice, and so does an empty folder") {
    MemoryStorage disk = folder();
    CHECK(remains(disk) == Remains{WatermarkState::Whole, JournalState::Clean});
    CHECK(remains(disk).suffice());
    MemoryStorage empty;
    CHECK(remains(empty) == Remains{WatermarkState::Missing, JournalState::Clean});
    CHECK(remains(empty).suffice());
}

TEST_CASE("one damaged place is covered by the other file") {
    for (const std::uint64_t slot : {std::uint64_t{0}, watermark_slot_offset}) {
        MemoryStorage disk = folder();
        damage_slot(disk, slot);
        CHECK(remains(disk) == Remains{WatermarkState::HalfLost, JournalState::Clean});
        CHECK(remains(disk).suffice());
    }
    MemoryStorage disk = folder();
    damage_journal(disk, 100);
    CHECK(remains(disk) == Remains{WatermarkState::Whole, JournalState::Corrupt});
    CHECK(remains(disk).suffice());
}

TEST_CASE("a damaged slot beside a damaged journal does not suffice, wherever the journal is damaged") {
    const std::size_t size = folder().durable.at(part).size();
    for (std::size_t at = 0; at < size; at += 5) {
        MemoryStorage disk = folder();
        damage_journal(disk, at);
        damage_slot(disk, 0);
        CHECK(remains(disk).journal != JournalState::Clean);
        CHECK_FALSE(remains(disk).suffice());
    }
}

TEST_CASE("both slots damaged do not suffice; neither does a corrupt journal without a watermark") {
    MemoryStorage disk = folder();
    damage_slot(disk, 0);
    damage_slot(disk, watermark_slot_offset);
    CHECK(remains(disk) == Remains{WatermarkState::Lost, JournalState::Clean});
    CHECK_FALSE(remains(disk).suffice());
    MemoryStorage lost = folder();
    lost.durable.erase("watermark");
    CHECK(remains(lost).suffice());
    damage_journal(lost, 100);
    CHECK(remains(lost) == Remains{WatermarkState::Missing, JournalState::Corrupt});
    CHECK_FALSE(remains(lost).suffice());
}

TEST_CASE("a missing part, and a missing record between two parts, are damage") {
    std::vector<FileBytes> files{{part_name(0, 1), {}}, {part_name(0, 2), {}}};
    append_frame(1, 0, scale::encode(Record{Opening{.genesis = genesis}}), files[0].bytes);
    append_frame(3, 1, scale::encode(Record{Opening{.genesis = genesis}}), files[1].bytes);
    CHECK(remains_of(files).journal == JournalState::Corrupt);
    files[1].bytes.clear();
    append_frame(2, 1, scale::encode(Record{Opening{.genesis = genesis}}), files[1].bytes);
    CHECK(remains_of(files).journal == JournalState::Clean);
    files[0].bytes.clear();
    CHECK(remains_of(files).journal == JournalState::Corrupt);
}

TEST_CASE("no crash between two writes is taken for damage") {
    for (std::size_t calls = 0; calls < 30; ++calls) {
        MemoryStorage disk = folder();
        auto signer = Signer::open(disk, key, genesis);
        auto journal = Journal::open(disk, genesis, {.part_bytes = 300});
        REQUIRE((signer && journal));
        disk.calls_left = calls;
        bool is_alive = journal->enter(0, std::nullopt).has_value();
        for (std::uint64_t view = 4; is_alive && view < 9; ++view) {
            const auto vote = signer->sign({Kind::Nullify, 0, view, 0, {}}, 0);
            REQUIRE(vote);
            journal->append(OwnVote{*vote});
            is_alive = journal->commit(signer->is_changed()) && signer->commit();
        }
        for (const std::size_t kept : {std::size_t{0}, std::size_t{1}, std::size_t{50}, std::size_t{10'000}}) {
            MemoryStorage after = disk;
            after.calls_left.reset();
            after.crash(std::vector<std::size_t>(after.unsynced.size(), kept));
            CHECK(remains(after).suffice());
        }
    }
}

TEST_CASE("a repaired watermark is whole in both slots") {
    MemoryStorage disk = folder();
    damage_slot(disk, 0);
    auto signer = Signer::open(disk, key, genesis);
    REQUIRE(signer);
    CHECK(signer->needs_repair());
    REQUIRE(signer->repair());
    CHECK_FALSE(signer->needs_repair());
    CHECK(remains(disk).watermark == WatermarkState::Whole);
    CHECK(Signer::open(disk, key, genesis)->watermark() == signer->watermark());
}
