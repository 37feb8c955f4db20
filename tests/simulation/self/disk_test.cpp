#include "tests/simulation/disk.hpp"

#include <catch2/catch.hpp>

using chain::Bytes;
using simulation::Disk;
using simulation::Random;

namespace {

const Bytes old_bytes(8, 1);
const Bytes new_bytes(8, 2);

}  // namespace

TEST_CASE("what was synced is there after every crash") {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        Disk disk{{}, Random{seed}};
        REQUIRE(disk.write("a", 0, old_bytes));
        REQUIRE(disk.sync("a"));
        disk.crash();
        CHECK(disk.read("a") == old_bytes);
    }
}

TEST_CASE("what was not synced is there, is not, or is torn") {
    bool is_kept = false;
    bool is_lost = false;
    bool is_torn = false;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        Disk disk{{}, Random{seed}};
        REQUIRE(disk.write("a", 0, old_bytes));
        REQUIRE(disk.sync("a"));
        REQUIRE(disk.write("a", 8, new_bytes));
        disk.crash();
        const auto bytes = disk.read("a");
        REQUIRE(bytes);
        is_lost = is_lost || *bytes == old_bytes;
        is_kept = is_kept || (bytes->size() == 16 && bytes->back() == 2);
        is_torn = is_torn || (bytes->size() > 8 && bytes->size() < 16);
    }
    CHECK((is_kept && is_lost && is_torn));
}

TEST_CASE("a disk that does not tear loses all that was not synced") {
    Disk disk{{.tears = false}, Random{1}};
    REQUIRE(disk.write("a", 0, old_bytes));
    REQUIRE(disk.sync("a"));
    REQUIRE(disk.write("a", 4, new_bytes));
    disk.crash();
    CHECK(disk.read("a") == old_bytes);
}

TEST_CASE("the machine dies at the operation that was named, and comes back") {
    Disk disk{{}, Random{1}};
    disk.die_after(1);
    CHECK(disk.write("a", 0, old_bytes));
    CHECK_FALSE(disk.sync("a"));
    CHECK_FALSE(disk.read("a"));
    CHECK(disk.is_dead());
    disk.crash();
    CHECK(disk.write("a", 0, old_bytes));
}

TEST_CASE("a full disk takes nothing that makes a file longer") {
    Disk disk{{}, Random{1}};
    REQUIRE(disk.write("a", 0, old_bytes));
    disk.set_full(true);
    CHECK(disk.write("a", 0, new_bytes));
    CHECK_FALSE(disk.write("a", 8, new_bytes));
    disk.forgive();
    CHECK(disk.write("a", 8, new_bytes));
}
