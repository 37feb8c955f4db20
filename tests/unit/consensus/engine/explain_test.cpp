#include "consensus/engine/explain.hpp"

#include <catch2/catch.hpp>

using namespace consensus;
using Catch::Contains;

namespace {

votes::ValidatorTable four() {
    std::vector<votes::Validator> validators;
    for (std::uint8_t i = 1; i <= 4; ++i) validators.push_back({.key = {{i}}, .weight = 1});
    return votes::ValidatorTable{validators};
}

ReplicaReport report(std::initializer_list<bool> connected) {
    ReplicaReport out;
    out.signing = SigningState::Signs;
    out.view = {.epoch = 1, .view = 7, .leader = 2, .waits_for = "waits for the proposal"};
    for (const bool is_connected : connected) out.view.validators.push_back({.is_connected = is_connected});
    return out;
}

}  // namespace

TEST_CASE("what is missing is said, who is silent is named") {
    auto waits = report({true, true, false, true});
    waits.view.validators[0].nullified = true;
    CHECK(explain(waits, four()) ==
          "epoch 1 view 7 leader 2; waits for the proposal; not connected: 2; "
          "connected and silent in this view: 1, 3");
    CHECK_THAT(explain(report({true, false, false, true}), four()), Contains("too few validators are connected"));
}

TEST_CASE("a node that does not sign says why") {
    auto waits = report({true, true, true, true});
    waits.signing = SigningState::Silent;
    waits.silent_until = {1, 99};
    CHECK_THAT(explain(waits, four()), Contains("signs nothing up to view 99 of epoch 1"));
    waits.signing = SigningState::Stopped;
    CHECK_THAT(explain(waits, four()), Contains("another machine signs"));
    waits.signing = SigningState::Forgot;
    CHECK_THAT(explain(waits, four()), Contains("restart this one with --no-sign-until EPOCH:VIEW"));
    waits.signing = SigningState::Listens;
    CHECK_THAT(explain(waits, four()), Contains("listens"));
    waits.signing = SigningState::Follows;
    CHECK_THAT(explain(waits, four()), Contains("follows"));
}
