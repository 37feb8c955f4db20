#include "consensus/engine/posix_storage.hpp"

#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using chain::Bytes;
using consensus::PosixStorage;

namespace {

std::unique_ptr<PosixStorage> open(const std::filesystem::path& folder) {
    auto storage = PosixStorage::open(folder);
    REQUIRE(storage);
    return *std::move(storage);
}

Bytes without_zeros_at_end(Bytes bytes) {
    while (!bytes.empty() && bytes.back() == 0) bytes.pop_back();
    return bytes;
}

}  // namespace

TEST_CASE("what is written is read again by the next life") {
    tests::TempFolder temp;
    const auto folder = temp.path() / "consensus";
    {
        const auto storage = open(folder);
        REQUIRE(storage->write("b", 0, Bytes{1, 2, 3}));
        REQUIRE(storage->write("b", 3, Bytes{4}));
        REQUIRE(storage->write("a", 2, Bytes{9}));
        REQUIRE(storage->sync("a"));
        REQUIRE(storage->sync("b"));
    }
    const auto storage = open(folder);
    CHECK(storage->list().value() == std::vector<std::string>{"a", "b"});
    CHECK(storage->read("b").value() == Bytes{1, 2, 3, 4});
    CHECK(storage->read("a").value() == Bytes{0, 0, 9});
    REQUIRE(storage->remove("a"));
    CHECK(storage->list().value() == std::vector<std::string>{"b"});
    REQUIRE(storage->remove("a"));
}

TEST_CASE("a file that grows is reserved ahead, and cut off where told") {
    tests::TempFolder temp;
    const auto storage = open(temp.path());
    const Bytes much(100'000, 7);
    REQUIRE(storage->write("journal", 0, much));
    CHECK(std::filesystem::file_size(temp.path() / "journal") >= much.size());
    CHECK(without_zeros_at_end(storage->read("journal").value()) == much);
    REQUIRE(storage->truncate("journal", 5));
    CHECK(storage->read("journal").value() == Bytes(5, 7));
}

TEST_CASE("each sync is measured, and a second process is kept out") {
    tests::TempFolder temp;
    std::vector<double> syncs;
    const auto storage = PosixStorage::open(temp.path(), [&](double seconds) { syncs.push_back(seconds); });
    REQUIRE(storage);
    REQUIRE((*storage)->write("a", 0, Bytes{1}));
    REQUIRE((*storage)->sync("a"));
    CHECK(syncs.size() == 1);
    const auto second = PosixStorage::open(temp.path());
    REQUIRE_FALSE(second);
    CHECK_THAT(second.error().text, Catch::Contains("another process uses"));
}

TEST_CASE("a folder that cannot be made is named") {
    const auto storage = PosixStorage::open("/proc/nowhere");
    REQUIRE_FALSE(storage);
    CHECK_THAT(storage.error().text, Catch::Contains("/proc/nowhere"));
}
