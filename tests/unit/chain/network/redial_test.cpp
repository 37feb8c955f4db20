#include "chain/network/redial.hpp"

#include <catch2/catch.hpp>

using network::Redial;

TEST_CASE("pauses double up to their bound and are shifted by chance") {
    Redial redial{100, 7};
    std::uint64_t now_ms = 0;
    for (const std::uint64_t pause_ms : {100u, 200u, 400u, 800u, 1'000u, 1'000u}) {
        CHECK(redial.is_due("a", now_ms));
        redial.started("a");
        CHECK_FALSE(redial.is_due("a", now_ms + 1'000'000));
        redial.failed("a", "refused", now_ms, 1'000);
        const std::uint64_t wait_ms = redial.state("a").next_ms - now_ms;
        CHECK(wait_ms >= pause_ms * 3 / 4);
        CHECK(wait_ms <= pause_ms * 5 / 4);
        CHECK_FALSE(redial.is_due("a", redial.state("a").next_ms - 1));
        now_ms = redial.state("a").next_ms;
    }
    CHECK(redial.state("a").failures == 6);
    CHECK(redial.state("a").reason == "refused");
}

TEST_CASE("success begins anew, the end of a connection is tried again soon") {
    Redial redial{100, 7};
    for (int i = 0; i < 5; ++i) redial.failed("a", "refused", 0, 1'000);
    redial.succeeded("a");
    CHECK(redial.state("a").failures == 0);
    CHECK(redial.is_due("a", 0));
    redial.ended("a", "it is stopping", 5'000);
    CHECK(redial.state("a").reason == "it is stopping");
    CHECK(redial.state("a").next_ms <= 5'125);
    CHECK_FALSE(redial.is_due("a", 5'000));
}

TEST_CASE("the first try can be put off, later ones not") {
    Redial redial{100, 7};
    redial.postpone("a", 400);
    CHECK_FALSE(redial.is_due("a", 399));
    CHECK(redial.is_due("a", 400));
    redial.failed("a", "refused", 400, 1'000);
    redial.postpone("a", 100'000);
    CHECK(redial.is_due("a", 525));
}

TEST_CASE("two that restart together do not dial in step") {
    Redial first{10'000, 1};
    Redial second{10'000, 2};
    first.failed("a", "", 0, 10'000);
    second.failed("a", "", 0, 10'000);
    CHECK(first.state("a").next_ms != second.state("a").next_ms);
}

TEST_CASE("targets are bounded") {
    Redial redial{100, 7};
    redial.failed("late", "x", 1'000'000, 1'000);
    for (std::size_t i = 0; i < Redial::targets_max; ++i) redial.failed("t" + std::to_string(i), "x", 0, 1'000);
    CHECK(redial.state("late").failures == 0);
    CHECK(redial.state("t0").failures == 1);
}
