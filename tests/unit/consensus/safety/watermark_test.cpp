#include "consensus/safety/watermark.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace consensus::safety;
using votes::Kind;

namespace {

Statement notarize(std::uint64_t view, std::uint64_t epoch = 0) { return {Kind::Notarize, epoch, view, view - 1, {}}; }
Statement nullify(std::uint64_t view, std::uint64_t epoch = 0) { return {Kind::Nullify, epoch, view, 0, {}}; }
Statement finalize(std::uint64_t view, std::uint64_t epoch = 0) { return {Kind::Finalize, epoch, view, view - 1, {}}; }

Watermark after(std::initializer_list<Statement> signed_before) {
    Watermark out;
    for (const auto& statement : signed_before) {
        CHECK(out.refusal(statement) == std::nullopt);
        out.note(statement);
    }
    return out;
}

}  // namespace

TEST_CASE("a view gets one notarization, whatever the block") {
    const Watermark seven = after({notarize(7)});
    CHECK(seven.refusal(notarize(7)) == Refusal::Twice);
    CHECK(seven.refusal(notarize(6)) == Refusal::Twice);
    CHECK(seven.refusal(notarize(8)) == std::nullopt);
    CHECK(seven.refusal(nullify(7)) == std::nullopt);
    CHECK(seven.refusal(finalize(7)) == std::nullopt);
}

TEST_CASE("a view that was nullified is not notarized, though the journal may have forgotten why") {
    CHECK(after({nullify(7)}).refusal(notarize(7)) == Refusal::Contradicts);
    CHECK(after({nullify(7)}).refusal(notarize(6)) == std::nullopt);
    CHECK(after({nullify(7)}).refusal(notarize(8)) == std::nullopt);
}

TEST_CASE("a view is nullified or finalized, never both, in either order") {
    CHECK(after({nullify(7)}).refusal(finalize(7)) == Refusal::Contradicts);
    CHECK(after({finalize(7)}).refusal(nullify(7)) == Refusal::Contradicts);
    CHECK(after({nullify(7), nullify(9)}).refusal(finalize(8)) == std::nullopt);
    CHECK(after({finalize(7), finalize(9)}).refusal(nullify(8)) == std::nullopt);
}

TEST_CASE("a nullification may be said again, a finalization may not") {
    CHECK(after({nullify(7), nullify(7)}).refusal(nullify(7)) == std::nullopt);
    CHECK(after({finalize(7)}).refusal(finalize(7)) == Refusal::Twice);
}

TEST_CASE("view 0 is not voted on") {
    for (const auto& statement : {notarize(0, 3), nullify(0, 3), finalize(0, 3)})
        CHECK(Watermark{}.refusal(statement) == Refusal::Nothing);
}

TEST_CASE("beyond 1,024 views nothing is known, so nothing is signed") {
    const Watermark top = after({nullify(1), nullify(2'000)});
    CHECK(top.refusal(nullify(976)) == Refusal::Forgotten);
    CHECK(top.refusal(nullify(977)) == std::nullopt);
    CHECK(top.refusal(finalize(976)) == Refusal::Forgotten);
    CHECK(top.refusal(finalize(977)) == std::nullopt);
    const Watermark final_top = after({finalize(2'000)});
    CHECK(final_top.refusal(nullify(976)) == Refusal::Forgotten);
    CHECK(final_top.refusal(finalize(976)) == Refusal::Forgotten);
    CHECK(final_top.refusal(nullify(977)) == std::nullopt);
}

TEST_CASE("an epoch begins with a clean slate and closes the one before") {
    const Watermark next =
        after({notarize(90), nullify(95), finalize(90), notarize(1, 1), nullify(2, 1), finalize(1, 1)});
    CHECK(next.refusal(notarize(91)) == Refusal::Twice);
    CHECK(next.refusal(nullify(91)) == Refusal::Forgotten);
    CHECK(next.refusal(finalize(91)) == Refusal::Forgotten);
    CHECK(next.refusal(nullify(90, 1)) == std::nullopt);
    CHECK(next.refusal(finalize(95, 1)) == std::nullopt);
}

TEST_CASE("a silent signer signs nothing up to its view, and then as ever") {
    Watermark silent = after({notarize(7), nullify(9)});
    silent.silent_until = {0, 20};
    CHECK(silent.refusal(nullify(9)) == std::nullopt);  // the same words again
    for (const auto& statement : {notarize(20), nullify(20), finalize(20), nullify(7)})
        CHECK(silent.refusal(statement) == Refusal::Silent);
    for (const auto& statement : {notarize(21), nullify(21), finalize(21), notarize(1, 1)})
        CHECK(silent.refusal(statement) == std::nullopt);
}

TEST_CASE("the window agrees with a plain set, for any walk through the views") {
    std::uint64_t random = 1;
    const auto next = [&](std::uint64_t below) {
        random = random * 6'364'136'223'846'793'005 + 1'442'695'040'888'963'407;
        return (random >> 33) % below;
    };
    for (int walk = 0; walk < 50; ++walk) {
        ViewWindow window;
        std::set<Mark> model;
        Mark at{0, 1};
        for (int step = 0; step < 200; ++step) {
            if (next(20) == 0) at = {at.epoch + 1, next(5)};
            at.view += next(10) == 0 ? next(2'000) : next(3);
            const Mark chosen{at.epoch, at.view - std::min(at.view, next(4))};
            if (window.seen(chosen) != ViewWindow::Seen::Forgotten) model.insert(chosen);
            window.set(chosen);
            const Mark probe{at.epoch - std::min(at.epoch, next(2)), at.view - std::min(at.view, next(1'500))};
            const Mark top = *model.rbegin();
            if (probe <= top && (probe.epoch < top.epoch || probe.view + ViewWindow::size <= top.view))
                CHECK(window.seen(probe) == ViewWindow::Seen::Forgotten);
            else CHECK((window.seen(probe) == ViewWindow::Seen::Yes) == model.contains(probe));
        }
    }
}
