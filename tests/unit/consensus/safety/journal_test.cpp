#include "consensus/safety/journal.hpp"

#include "tests/support/memory_storage.hpp"

#include <catch2/catch.hpp>

using namespace consensus::safety;
using votes::Kind;

namespace {

const Hash genesis{{1}};

Vote vote(Kind kind, std::uint64_t view, std::uint64_t epoch = 0) {
    Vote out{{kind, epoch, view, 0, {}}, 2, {}};
    out.signature.fill(static_cast<std::uint8_t>(view));
    if (kind != Kind::Nullify) out.statement.block.value.fill(static_cast<std::uint8_t>(view));
    return out;
}

Certificate certificate(Kind kind, std::uint64_t view, std::uint64_t epoch = 0) {
    const Vote like = vote(kind, view, epoch);
    return {
        .statement = like.statement, .signers = {7}, .signatures = {like.signature, like.signature, like.signature}};
}

Record own(std::uint64_t view, std::uint64_t epoch = 0) { return OwnVote{vote(Kind::Notarize, view, epoch)}; }
Record held(std::uint64_t view, std::uint64_t epoch = 0) { return Held{certificate(Kind::Notarize, view, epoch)}; }

Journal opened(Storage& storage, const JournalLimits& limits = {}) {
    auto journal = Journal::open(storage, genesis, limits);
    REQUIRE(journal);
    return *std::move(journal);
}

void say(Journal& journal, const Record& record) {
    journal.append(record);
    REQUIRE(journal.commit());
}

Segment found(Storage& storage, std::uint64_t epoch = 0) {
    const Journal journal = opened(storage);
    const auto segment = journal.segments().find(epoch);
    return segment == journal.segments().end() ? Segment{} : segment->second;
}

}  // namespace

TEST_CASE("what was committed is read after a crash, what was not is not") {
    MemoryStorage disk;
    Journal journal = opened(disk);
    REQUIRE(journal.enter(0, std::nullopt));
    journal.append(held(4));
    say(journal, own(5));
    journal.append(own(6));
    disk.crash();
    CHECK(found(disk).records == std::vector<Record>{held(4), own(5)});
    CHECK_FALSE(found(disk).is_corrupt);
}

TEST_CASE("a turn costs one write and one sync; certificates alone cost neither") {
    MemoryStorage disk;
    Journal journal = opened(disk);
    REQUIRE(journal.enter(0, std::nullopt));
    const auto calls = disk.calls;
    say(journal, held(4));
    CHECK(disk.calls == calls);
    for (std::uint64_t view = 5; view < 9; ++view) journal.append(own(view));
    REQUIRE(journal.commit());
    CHECK(disk.calls == calls + 2);
}

TEST_CASE("a crash that keeps any number of bytes of the last write leaves a journal that goes on") {
    MemoryStorage before;
    Journal journal = opened(before);
    REQUIRE(journal.enter(0, std::nullopt));
    say(journal, own(1));
    before.calls_left = 1;  // the write, but not the sync
    for (std::uint64_t view = 2; view < 5; ++view) journal.append(own(view));
    REQUIRE_FALSE(journal.commit());
    const std::size_t size = before.unsynced.at(0).bytes.size();
    for (std::size_t kept = 0; kept <= size; ++kept) {
        MemoryStorage disk = before;
        disk.crash({kept});
        Journal next = opened(disk);
        const auto records = next.segments().at(0).records;
        CHECK(records.size() == 1 + kept * 3 / size);
        CHECK_FALSE(next.segments().at(0).is_corrupt);
        REQUIRE(next.enter(0, std::nullopt));
        say(next, own(9));
        disk.crash();
        const Segment after = found(disk);
        CHECK(after.records.size() == records.size() + 1);
        CHECK(after.records.back() == own(9));
        CHECK_FALSE(after.is_corrupt);
    }
}

TEST_CASE("what a killed process left in the system's cache counts only once it is synced") {
    MemoryStorage disk;
    {
        Journal journal = opened(disk);
        REQUIRE(journal.enter(0, std::nullopt));
        disk.calls_left = 1;
        journal.append(own(1));
        REQUIRE_FALSE(journal.commit());
        disk.calls_left.reset();
    }
    CHECK(opened(disk).segments().at(0).records == std::vector<Record>{own(1)});
    disk.crash();
    CHECK(opened(disk).segments().at(0).records == std::vector<Record>{own(1)});
}

TEST_CASE("a flipped bit in any byte of what is attested is corruption; what can be read is") {
    MemoryStorage disk;
    Journal journal = opened(disk);
    REQUIRE(journal.enter(0, std::nullopt));
    for (std::uint64_t view = 1; view < 5; ++view) say(journal, own(view));
    const std::string name = part_name(0, 1);
    const std::size_t size = disk.durable.at(name).size();
    const std::size_t last = (size - (size - 60) / 4) - 1;
    for (std::size_t at = 0; at < last; ++at) {
        MemoryStorage flipped = disk;
        flipped.durable.at(name)[at] ^= 0x10;
        Journal next = opened(flipped);
        const Segment segment = next.segments().at(0);
        CHECK(segment.is_corrupt);
        CHECK(segment.records.size() >= 3);
        // The damaged file is left for people to look at; the journal goes on in another.
        REQUIRE(next.enter(0, std::nullopt));
        say(next, own(9));
        CHECK(flipped.durable.contains(part_name(0, 2)));
        CHECK(found(flipped).records.back() == own(9));
    }
}

TEST_CASE("a long epoch lies in several parts that read as one") {
    MemoryStorage disk;
    const JournalLimits small{.part_bytes = 600};
    std::vector<Record> all;
    for (int life = 0; life < 3; ++life) {
        Journal journal = opened(disk, small);
        REQUIRE(journal.enter(0, std::nullopt));
        for (int i = 0; i < 9; ++i) {
            all.push_back(own(all.size() + 1));
            say(journal, all.back());
        }
        disk.crash();
    }
    CHECK(disk.durable.size() > 3);
    CHECK(found(disk).records == all);
    CHECK_FALSE(found(disk).is_corrupt);
}

TEST_CASE("a part that is missing in the middle is corruption") {
    MemoryStorage disk;
    Journal journal = opened(disk, {.part_bytes = 300});
    REQUIRE(journal.enter(0, std::nullopt));
    for (std::uint64_t view = 1; view < 9; ++view) say(journal, own(view));
    REQUIRE(disk.durable.size() > 3);
    disk.durable.erase(part_name(0, 2));
    CHECK(found(disk).is_corrupt);
}

TEST_CASE("an epoch's segment begins with what ended the one before, and is on disk before any vote") {
    MemoryStorage disk;
    Journal journal = opened(disk);
    REQUIRE(journal.enter(0, std::nullopt));
    say(journal, own(1));
    const Certificate boundary = certificate(Kind::Finalize, 1);
    REQUIRE(journal.enter(1, boundary));
    disk.crash();
    CHECK(found(disk, 1).boundary == boundary);
    CHECK(found(disk, 1).records.empty());
    CHECK(found(disk, 0).records == std::vector<Record>{own(1)});
}

TEST_CASE("pruning removes what lies below the floor, and the floor's certificate is on disk before") {
    MemoryStorage disk;
    Journal journal = opened(disk, {.part_bytes = 600, .views_kept_below_floor = 10});
    REQUIRE(journal.enter(0, std::nullopt));
    for (std::uint64_t view = 1; view <= 100; ++view) say(journal, own(view));
    const auto files = disk.durable.size();
    const Certificate floor = certificate(Kind::Finalize, 60);
    const std::uint64_t bytes = journal.bytes();
    REQUIRE(journal.prune(floor));
    disk.crash();
    CHECK(disk.durable.size() < files);
    CHECK(journal.bytes() < bytes);
    const auto records = found(disk).records;
    for (std::uint64_t view = 51; view <= 100; ++view) CHECK(std::ranges::count(records, own(view)) == 1);
    CHECK(std::ranges::count(records, own(1)) == 0);
    CHECK(records.back() == Record{Held{floor}});
    CHECK_FALSE(found(disk).is_corrupt);
}

TEST_CASE("pruning that dies at any call loses nothing above the floor") {
    MemoryStorage before;
    Journal writer = opened(before, {.part_bytes = 400, .views_kept_below_floor = 1});
    REQUIRE(writer.enter(0, std::nullopt));
    for (std::uint64_t view = 1; view <= 30; ++view) say(writer, own(view));
    for (std::size_t calls = 0;; ++calls) {
        MemoryStorage disk = before;
        Journal journal = opened(disk, {.part_bytes = 400, .views_kept_below_floor = 1});
        REQUIRE(journal.enter(0, std::nullopt));
        disk.calls_left = calls;
        const bool done = journal.prune(certificate(Kind::Finalize, 20)).has_value();
        disk.crash();
        const Segment segment = found(disk);
        CHECK_FALSE(segment.is_corrupt);
        for (std::uint64_t view = 20; view <= 30; ++view) CHECK(std::ranges::count(segment.records, own(view)) == 1);
        if (done) break;
    }
}

TEST_CASE("segments of epochs long past go") {
    MemoryStorage disk;
    Journal journal = opened(disk);
    REQUIRE(journal.enter(0, std::nullopt));
    say(journal, own(1));
    for (std::uint64_t epoch = 1; epoch < 5; ++epoch) {
        REQUIRE(journal.enter(epoch, certificate(Kind::Finalize, 1, epoch - 1)));
        say(journal, own(1, epoch));
        REQUIRE(journal.prune(certificate(Kind::Finalize, 1, epoch)));
    }
    CHECK(found(disk, 2).records.empty());
    CHECK(found(disk, 3).records == std::vector<Record>{own(1, 3), Held{certificate(Kind::Finalize, 1, 3)}});
    CHECK_FALSE(found(disk, 4).records.empty());
}

TEST_CASE("a full disk is a fault, never a silent loss") {
    MemoryStorage disk;
    Journal journal = opened(disk);
    REQUIRE(journal.enter(0, std::nullopt));
    disk.calls_left = 0;
    journal.append(own(1));
    const auto done = journal.commit();
    REQUIRE_FALSE(done);
    CHECK(done.error().text == "the disk is full");
}

TEST_CASE("the journal of another chain is not read") {
    MemoryStorage disk;
    Journal journal = opened(disk);
    REQUIRE(journal.enter(0, std::nullopt));
    CHECK_FALSE(Journal::open(disk, Hash{{2}}));
}

TEST_CASE("part names are read back, other files are left alone") {
    CHECK(part_name(12, 3) == "journal-000000000012-000003");
    CHECK(part_from_name("journal-000000000012-000003") == std::pair<std::uint64_t, std::uint64_t>{12, 3});
    CHECK(part_from_name(part_name(~std::uint64_t{0}, 1'000'000)) ==
          std::pair<std::uint64_t, std::uint64_t>{~std::uint64_t{0}, 1'000'000});
    for (const auto* other : {"journal-12-3", "journal-", "watermark", "journal-000000000012-000003x", "journal-x-y"})
        CHECK_FALSE(part_from_name(other));
}
