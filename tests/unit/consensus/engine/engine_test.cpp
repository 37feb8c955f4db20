// Engines with real threads and real files; the chain is a toy, and peers are function calls.

#include "consensus/engine/engine.hpp"

#include "toy_network.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <thread>

using namespace toy;

namespace {

void give_work(Hub& hub, std::uint32_t to, std::uint32_t work) {
    hub.at(to)->chain.work += work;
    hub.at(to)->engine->wake();
}

/// Where both know a block of a number, it is the same.
bool agree(const std::map<std::uint32_t, Hash>& a, const std::map<std::uint32_t, Hash>& b) {
    for (const auto& [number, hash] : a)
        if (const auto known = b.find(number); known != b.end() && known->second != hash) return false;
    return true;
}

}  // namespace

TEST_CASE("a validator alone makes blocks, with work at once and without it now and then") {
    Hub hub{1};
    hub.at(0)->chain.wait_for(2);
    CHECK(hub.at(0)->chain.work_done() == 0);
    const auto before = hub.at(0)->chain.finals().rbegin()->first;
    give_work(hub, 0, 7);
    hub.at(0)->chain.wait_for(before + 1);
    while (hub.at(0)->chain.work_done() < 7) hub.at(0)->chain.wait_for(hub.at(0)->chain.finals().rbegin()->first + 1);
    CHECK(hub.at(0)->chain.work_done() == 7);
    CHECK(hub.at(0)->watched.accusations == 0);
    CHECK(hub.at(0)->complaints == 0);
}

TEST_CASE("a validator alone goes on after each death where it stopped") {
    Hub hub{1};
    for (std::uint32_t life = 1; life <= 5; ++life) {
        give_work(hub, 0, 1);
        hub.at(0)->chain.wait_for(3 * life);
        hub.kill(0);
        hub.start(0);
    }
    hub.at(0)->chain.wait_for(16);
    CHECK(hub.at(0)->watched.accusations == 0);
    CHECK(hub.at(0)->watched.refusals == 0);
}

TEST_CASE("four validators agree, and work that came to one is done by all") {
    Hub hub{4};
    give_work(hub, 2, 9);
    for (std::uint32_t i = 0; i < 4; ++i) hub.at(i)->chain.wait_for(6);
    const auto finals = hub.at(0)->chain.finals();
    for (std::uint32_t i = 0; i < 4; ++i) {
        CHECK(agree(finals, hub.at(i)->chain.finals()));
        CHECK(hub.at(i)->chain.work_done() == 9);
        CHECK(hub.at(i)->watched.accusations == 0);
        CHECK(hub.at(i)->complaints == 0);
    }
    const auto report = hub.at(1)->engine->report();
    REQUIRE(report);
    CHECK(report->me == 1u);
    CHECK(report->replica.signing == SigningState::Signs);
    CHECK(report->participation.size() == 4);
    CHECK_THAT(report->why, Catch::StartsWith("epoch 0 view "));
}

TEST_CASE("blocks in short form are filled in, whole where a leader gives wrong parts or none") {
    const std::string parts = GENERATE("right", "wrong", "none");
    Hub hub{4};
    for (std::uint32_t i = 0; i < 4; ++i) {
        hub.at(i)->chain.has_short_form = true;
        hub.at(i)->chain.gives_wrong_parts = parts == "wrong";
        hub.at(i)->chain.gives_no_parts = parts == "none";
    }
    give_work(hub, 2, 9);
    while (hub.at(3)->chain.work_done() < 9) hub.at(3)->chain.wait_for(hub.at(3)->chain.finals().rbegin()->first + 1);
    CourierReport all;
    for (std::uint32_t i = 0; i < 4; ++i) {
        const auto report = hub.at(i)->engine->report();
        REQUIRE(report);
        all.with_parts += report->courier.with_parts;
        all.as_whole += report->courier.as_whole;
        CHECK(hub.at(i)->watched.accusations == 0);
        CHECK(hub.at(i)->complaints == 0);
    }
    CHECK((parts == "right" ? all.with_parts : all.as_whole) >= 2);
    CHECK((parts == "right" ? all.as_whole : all.with_parts) == 0);
}

TEST_CASE("three go on without the fourth, which comes back and agrees") {
    Hub hub{4};
    hub.at(0)->chain.wait_for(2);
    hub.kill(3);
    const auto then = hub.at(0)->chain.finals().rbegin()->first;
    for (std::uint32_t i = 0; i < 3; ++i) hub.at(i)->chain.wait_for(then + 6);
    hub.start(3);
    hub.at(3)->chain.wait_for(then + 12);
    for (std::uint32_t i = 0; i < 4; ++i) {
        CHECK(agree(hub.at(0)->chain.finals(), hub.at(i)->chain.finals()));
        CHECK(hub.at(i)->watched.accusations == 0);
    }
}

TEST_CASE("without a quorum nothing becomes final, and the log says why") {
    Hub hub{4};
    hub.at(0)->chain.wait_for(1);
    hub.kill(2);
    hub.kill(3);
    // 0 and 1 may not have met yet: the others were quorum enough for the first block.
    std::string why;
    while (why.find("not connected: 2, 3") == std::string::npos) {
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
        const auto report = hub.at(0)->engine->report();
        REQUIRE(report);
        why = report->why;
    }
    CHECK_THAT(why, Catch::Contains("too few validators are connected"));
    hub.start(2);
    hub.at(0)->chain.wait_for(hub.at(0)->chain.finals().rbegin()->first + 3);
}

TEST_CASE("a full disk ends the engine with a fault") {
    Hub hub{1};
    hub.at(0)->chain.wait_for(1);
    hub.at(0)->chain.is_disk_full = true;
    while (!hub.at(0)->has_fault) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    const auto stopped_at = hub.at(0)->chain.finals().size();
    hub.at(0)->engine->stop();
    CHECK(hub.at(0)->chain.finals().size() == stopped_at);
}

TEST_CASE("bytes that are no message are told of") {
    Hub hub{1};
    hub.at(0)->engine->receive(7, Bytes{0xff, 1, 2});
    CHECK(hub.at(0)->complaints == 1);
}
