#include "tests/simulation/checker.hpp"

#include <catch2/catch.hpp>

using simulation::Checker;
using simulation::Promise;
using votes::Kind;
using votes::Statement;

namespace {

chain::Hash named(std::uint8_t name) {
    chain::Hash hash;
    hash.value[0] = name;
    return hash;
}

const chain::Hash genesis = named(0);
const chain::Hash a1 = named(1);
const chain::Hash b1 = named(2);
const chain::Hash a2 = named(3);

/// Four validators of equal weight, the last one byzantine; a1 and b1 stand on genesis, a2 on a1.
struct Watched : Checker {
    Watched() : Checker({true, true, true, false}, genesis) {
        set_epoch(0, {1, 1, 1, 1}, genesis);
        block(a1, {.parent = genesis, .number = 1});
        block(b1, {.parent = genesis, .number = 1});
        block(a2, {.parent = a1, .number = 2});
    }
    void notarize(std::uint32_t validator, std::uint64_t view, std::uint64_t parent_view, const chain::Hash& hash) {
        signed_by_honest(validator, {Kind::Notarize, 0, view, parent_view, hash});
    }
    void finalize(std::uint32_t validator, std::uint64_t view, std::uint64_t parent_view, const chain::Hash& hash) {
        signed_by_honest(validator, {Kind::Finalize, 0, view, parent_view, hash});
    }
    void nullify(std::uint32_t validator, std::uint64_t view) {
        signed_by_honest(validator, {Kind::Nullify, 0, view, 0, {}});
    }
    std::optional<Promise> broken() const { return violation() ? std::optional{violation()->promise} : std::nullopt; }
};

}  // namespace

TEST_CASE("an honest run breaks nothing") {
    Watched checker;
    for (const std::uint32_t validator : {0U, 1U}) checker.notarize(validator, 1, 0, a1);
    for (const std::uint32_t validator : {0U, 1U}) checker.finalize(validator, 1, 0, a1);
    for (const std::uint32_t validator : {0U, 1U, 2U}) checker.nullify(validator, 2);
    for (const std::uint32_t validator : {0U, 1U, 2U}) checker.notarize(validator, 3, 1, a2);
    checker.finalized(0, a1, 1);
    checker.finalized(0, a2, 2);
    checker.finalized(1, a1, 1);
    checker.accused(3, "he did it");
    CHECK_FALSE(checker.broken());
}

TEST_CASE("two notarize votes of one validator in one view are a double signature") {
    Watched checker;
    checker.notarize(0, 1, 0, a1);
    checker.notarize(0, 1, 0, a1);
    CHECK_FALSE(checker.broken());
    checker.notarize(0, 1, 0, b1);
    CHECK(checker.broken() == Promise::NoDoubleSign);
}

TEST_CASE("nullify and finalize of one view exclude each other, in either order") {
    Watched first;
    for (const std::uint32_t validator : {0U, 1U}) first.notarize(validator, 1, 0, a1);
    Watched second = first;
    first.finalize(0, 1, 0, a1);
    first.nullify(0, 1);
    CHECK(first.broken() == Promise::NoDoubleSign);
    second.nullify(0, 1);
    second.finalize(0, 1, 0, a1);
    CHECK(second.broken() == Promise::NoDoubleSign);
}

TEST_CASE("two blocks that could be notarized in one view break lemma 1") {
    // More than a third is byzantine: the promise cannot hold, and the checker says so.
    Checker checker({true, true, true, true, false}, genesis);
    checker.set_epoch(0, {1, 1, 1, 1, 3}, genesis);
    checker.block(a1, {.parent = genesis, .number = 1});
    checker.block(b1, {.parent = genesis, .number = 1});
    for (const std::uint32_t validator : {0U, 1U}) checker.signed_by_honest(validator, {Kind::Notarize, 0, 1, 0, a1});
    checker.signed_by_honest(2, {Kind::Notarize, 0, 1, 0, b1});
    CHECK_FALSE(checker.violation());
    checker.signed_by_honest(3, {Kind::Notarize, 0, 1, 0, b1});
    REQUIRE(checker.violation());
    CHECK(checker.violation()->promise == Promise::Lemma1);
}

TEST_CASE("a finalize vote needs a possible notarization, and a block that executes") {
    Watched checker;
    Watched bad = checker;
    checker.finalize(0, 1, 0, a1);
    CHECK(checker.broken() == Promise::Lemma3);
    const chain::Hash liar = named(9);
    bad.block(liar, {.parent = genesis, .number = 1, .executes = false});
    for (const std::uint32_t validator : {0U, 1U}) bad.notarize(validator, 1, 0, liar);
    bad.finalize(0, 1, 0, liar);
    CHECK(bad.broken() == Promise::ExecutedFirst);
}

TEST_CASE("a notarize vote needs its parent's notarization and the nullification of every view between") {
    Watched parentless;
    parentless.notarize(0, 2, 1, a2);
    CHECK(parentless.broken() == Promise::Lemma4);
    Watched skipping;
    skipping.notarize(0, 3, 0, a1);
    CHECK(skipping.broken() == Promise::Lemma4);
}

TEST_CASE("a view that could be nullified and finalized breaks lemma 2") {
    Watched checker;
    for (const std::uint32_t validator : {0U, 1U}) checker.notarize(validator, 1, 0, a1);
    for (const std::uint32_t validator : {0U, 1U}) checker.finalize(validator, 1, 0, a1);
    checker.nullify(2, 1);
    CHECK_FALSE(checker.broken());
    checker.nullify(1, 1);
    CHECK(checker.broken());
}

TEST_CASE("final chains that differ, have gaps, or are forgotten break agreement") {
    Watched differ;
    differ.finalized(0, a1, 1);
    differ.finalized(1, b1, 1);
    CHECK(differ.broken() == Promise::Agreement);
    Watched gap;
    gap.finalized(0, a2, 2);
    CHECK(gap.broken() == Promise::Agreement);
    Watched forgets;
    forgets.finalized(0, a1, 1);
    forgets.restarted(0, 0);
    CHECK(forgets.broken() == Promise::Agreement);
}

TEST_CASE("whoever is honest may not be accused") {
    Watched checker;
    checker.accused(1, "two votes");
    CHECK(checker.broken() == Promise::HonestAccused);
}
