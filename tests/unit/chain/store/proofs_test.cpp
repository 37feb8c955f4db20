#include "chain/store/proofs.hpp"

#include "chain/store/store.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

using namespace store;

namespace {

/// A database that can be opened again.
struct Folder {
    Folder() { open(); }
    void open() {
        proofs.reset();
        database.reset();
        auto opened = Database::open(folder.path() / "db", {});
        REQUIRE(opened);
        database = *std::move(opened);
        proofs.emplace(*database);
    }

    tests::TempFolder folder;
    std::unique_ptr<Database> database;
    std::optional<Proofs> proofs;
};

Bytes proof_of(std::uint64_t view) { return Bytes(100, static_cast<std::uint8_t>(view)); }

}  // namespace

TEST_CASE("a proof that was kept is found, also by the next life") {
    Folder at;
    REQUIRE(at.proofs->keep({2, 7, 0}, proof_of(7), 1'000));
    REQUIRE(at.proofs->keep({2, 7, 1}, proof_of(8), 1'000));
    REQUIRE(at.proofs->sync());
    at.open();
    CHECK(at.proofs->find({2, 7, 0}) == proof_of(7));
    CHECK(at.proofs->find({2, 7, 1}) == proof_of(8));
    CHECK_FALSE(at.proofs->find({2, 8, 0}));
    CHECK(at.proofs->usage().count == 2);
}

TEST_CASE("the first proof of a place stays, and counts once") {
    Folder at;
    REQUIRE(at.proofs->keep({0, 1, 0}, proof_of(1), 0));
    const ProofUsage once = at.proofs->usage();
    REQUIRE(at.proofs->keep({0, 1, 0}, proof_of(2), 0));
    CHECK(at.proofs->find({0, 1, 0}) == proof_of(1));
    CHECK(at.proofs->usage() == once);
}

TEST_CASE("proofs go when their time has passed, the oldest first, so many at a time, none before") {
    Folder at;
    for (std::uint64_t view = 1; view <= 300; ++view)
        REQUIRE(at.proofs->keep({view / 100, view, 0}, proof_of(view), 1'000 * view));
    // Nothing is older than that.
    CHECK(at.proofs->forget_before(1'000, 50).value() == 0);
    // Those of views 1 to 120 are older than view 121's.
    CHECK(at.proofs->forget_before(121'000, 50).value() == 50);
    CHECK_FALSE(at.proofs->find({0, 50, 0}));
    CHECK(at.proofs->find({0, 51, 0}));
    CHECK(at.proofs->forget_before(121'000, 50).value() == 50);
    CHECK(at.proofs->forget_before(121'000, 50).value() == 20);
    CHECK(at.proofs->forget_before(121'000, 50).value() == 0);
    CHECK(at.proofs->find({1, 121, 0}));
    CHECK(at.proofs->usage().count == 180);
}

TEST_CASE("what goes and what stays is counted across restarts, to the byte") {
    Folder at;
    for (std::uint64_t view = 1; view <= 40; ++view) REQUIRE(at.proofs->keep({0, view, 0}, proof_of(view), view));
    REQUIRE(at.proofs->forget_before(11, 64));
    const ProofUsage before = at.proofs->usage();
    CHECK(before.count == 30);
    REQUIRE(at.proofs->sync());
    at.open();
    CHECK(at.proofs->usage() == before);
    // All gone: nothing is left to count.
    REQUIRE(at.proofs->forget_before(1'000, 64));
    CHECK(at.proofs->usage() == ProofUsage{});
    // A sweep of an empty store, and one that finds what came after it was empty.
    CHECK(at.proofs->forget_before(1'000, 64).value() == 0);
    REQUIRE(at.proofs->keep({0, 2, 0}, proof_of(2), 1));
    CHECK(at.proofs->forget_before(1'000, 64).value() == 1);
}

TEST_CASE("proofs lie beside the blocks and touch nothing else") {
    tests::TempFolder folder;
    auto store = Store::open(folder.path() / "chain").value();
    REQUIRE(store->proofs().keep({0, 1, 0}, proof_of(1), 0));
    REQUIRE(store->proofs().forget_before(10, 10));
    CHECK_FALSE(store->head());
    CHECK(store->proofs().usage() == ProofUsage{});
}
