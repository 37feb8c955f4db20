#include "gpu-worker/lease/life.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace worker::lease;
using leases::CloseReason;
using leases::LeaseState;
using leases::RejectReason;
using leases::RestartPolicy;

namespace {

constexpr std::uint64_t start_ms = 1'000'000;

constexpr Terms terms{.results_kept_ms = 10'000,
                      .call_again_ms = 2'000,
                      .restart_first_ms = 100,
                      .restart_most_ms = 400,
                      .silence_slack_ms = 5'000};

Seen starting() {
    return {.state = LeaseState::Starting, .has_workload = true, .due_ms = 90'000, .live_now_ms = 50'000};
}
Seen active(RestartPolicy restart = RestartPolicy::Never) {
    return {
        .state = LeaseState::Active, .has_workload = true, .restart = restart, .due_ms = 90'000, .live_now_ms = 60'000};
}
Seen closed(CloseReason reason) { return {.state = LeaseState::Closed, .has_workload = true, .closed = reason}; }

/// A life and what it asked for, notes left out.
struct Story {
    Life life{terms, start_ms};
    Effects effects;

    Story& tell(const Event& event) {
        effects = life.step(event);
        std::erase_if(effects, [](const Effect& effect) { return std::holds_alternative<Note>(effect); });
        return *this;
    }
    template <class E>
    bool asks_only_for() const {
        return effects.size() == 1 && std::holds_alternative<E>(effects.front());
    }
    Story& until_running(RestartPolicy restart = RestartPolicy::Never) {
        return tell(starting()).tell(Prepared{}).tell(active(restart)).tell(Launched{});
    }
};

}  // namespace

TEST_CASE("a job's whole life: prepare, confirm, launch, report, keep, remove") {
    Story story;
    CHECK(story.tell(starting()).asks_only_for<Prepare>());
    CHECK(story.tell(starting()).effects.empty());  // a second block about it changes nothing
    CHECK(story.tell(Prepared{}).asks_only_for<ConfirmStart>());
    CHECK(story.tell(active()).asks_only_for<Launch>());
    CHECK(story.tell(active()).effects.empty());
    CHECK(story.tell(Launched{}).effects.empty());
    CHECK(story.life.phase() == Phase::Running);
    REQUIRE(story.tell(Exited{.code = 0}).asks_only_for<ReportExit>());
    CHECK(std::get<ReportExit>(story.effects.front()).code == 0);
    CHECK(story.life.is_open());
    CHECK(story.tell(closed(CloseReason::Completed)).effects.empty());
    CHECK(story.life.phase() == Phase::Kept);
    CHECK_FALSE(story.life.is_open());
    CHECK(story.life.kept_until_ms() == start_ms + 10'000);
    CHECK(story.tell(Tick{.now_ms = start_ms + 9'999}).effects.empty());
    CHECK(story.tell(Tick{.now_ms = start_ms + 10'000}).asks_only_for<Remove>());
    CHECK(story.tell(starting()).effects.empty());  // nothing comes after Removed
}

TEST_CASE("each close reason ends a running job and keeps its results") {
    const auto reason =
        GENERATE(CloseReason::Expired, CloseReason::EndedByRenter, CloseReason::OutOfFunds, CloseReason::StartTimeout,
                 CloseReason::StartRejected, CloseReason::MachineOffline, CloseReason::Reclaimed, CloseReason::Outbid,
                 CloseReason::Disputed, CloseReason::Evicted, CloseReason::Completed, CloseReason::WorkloadFailed);
    Story story;
    story.until_running();
    CHECK(story.tell(closed(reason)).asks_only_for<Stop>());
    CHECK(story.life.phase() == Phase::Stopping);
    CHECK_FALSE(story.life.is_open());
    CHECK(story.tell(closed(reason)).effects.empty());
    CHECK(story.tell(Exited{.code = 143}).effects.empty());  // nobody reports the exit of a closed lease
    CHECK(story.life.phase() == Phase::Kept);
    CHECK(story.life.exit_code() == 143);
}

TEST_CASE("the close reason reaches the renter's tools") {
    Story story;
    story.until_running().tell(closed(CloseReason::MachineOffline));
    CHECK(story.life.text() == "closed on the chain: MachineOffline");
}

TEST_CASE("a start deadline that passes while the image is fetched stops nothing and launches nothing") {
    Story story;
    story.tell(starting());
    CHECK(story.tell(closed(CloseReason::StartTimeout)).effects.empty());
    CHECK(story.life.phase() == Phase::Kept);
    CHECK(story.tell(Prepared{}).effects.empty());
}

TEST_CASE("a refused image becomes reject_start with its reason, until the chain closes the lease") {
    Story story;
    story.tell(starting());
    REQUIRE(story.tell(PrepareFailed{RejectReason::ImageNotFound, "no such manifest"}).asks_only_for<RejectStart>());
    CHECK(std::get<RejectStart>(story.effects.front()).reason == RejectReason::ImageNotFound);
    CHECK(story.life.text() == "no such manifest");
    CHECK(story.tell(closed(CloseReason::StartRejected)).effects.empty());
    CHECK(story.life.phase() == Phase::Kept);
    CHECK(story.life.text() == "closed on the chain: StartRejected: no such manifest");
}

TEST_CASE("a call is repeated while the chain does not act on it, and not afterwards") {
    Story story;
    story.tell(starting()).tell(Prepared{});
    CHECK(story.tell(Tick{.now_ms = start_ms + 1'999}).effects.empty());
    CHECK(story.tell(Tick{.now_ms = start_ms + 2'000}).asks_only_for<ConfirmStart>());
    CHECK(story.tell(Tick{.now_ms = start_ms + 3'999}).effects.empty());
    CHECK(story.tell(Tick{.now_ms = start_ms + 4'000}).asks_only_for<ConfirmStart>());
    story.tell(active()).tell(Launched{});
    CHECK(story.tell(Tick{.now_ms = start_ms + 60'000}).effects.empty());
}

TEST_CASE("a failed launch is reported as the workload's failure") {
    Story story;
    story.tell(starting()).tell(Prepared{}).tell(active());
    REQUIRE(story.tell(LaunchFailed{.code = 127, .text = "no such program"}).asks_only_for<ReportExit>());
    CHECK(std::get<ReportExit>(story.effects.front()).code == 127);
    CHECK(story.life.text() == "no such program");
}

TEST_CASE("a program that ends before its launch is known is reported once") {
    Story story;
    story.tell(starting()).tell(Prepared{}).tell(active());
    CHECK(story.tell(Exited{.code = 3}).asks_only_for<ReportExit>());
    CHECK(story.tell(Launched{}).effects.empty());
    CHECK(story.life.phase() == Phase::Reporting);
}

TEST_CASE("after a restart of the worker a running job is found and not launched again") {
    Story story;
    CHECK(story.tell(Found{.running = true}).effects.empty());
    CHECK(story.tell(active()).effects.empty());
    CHECK(story.life.phase() == Phase::Running);
    CHECK(story.tell(Exited{.code = 0}).asks_only_for<ReportExit>());
}

TEST_CASE("after a restart of the worker a job that has ended meanwhile is reported") {
    Story story;
    story.tell(Found{.running = false, .exit_code = 9});
    REQUIRE(story.tell(active()).asks_only_for<ReportExit>());
    CHECK(std::get<ReportExit>(story.effects.front()).code == 9);
}

TEST_CASE("after a restart of the worker a job whose lease has closed is stopped") {
    Story story;
    story.tell(Found{.running = true});
    CHECK(story.tell(Gone{}).asks_only_for<Stop>());
    CHECK(story.tell(Exited{.code = 137}).effects.empty());
    CHECK(story.life.phase() == Phase::Kept);
}

TEST_CASE("after a restart of the worker an active lease whose job was never launched is launched") {
    Story story;
    CHECK(story.tell(active()).asks_only_for<Launch>());
}

TEST_CASE("after a restart of the worker the renter still reads why the order was refused") {
    Story story;
    story.tell(Remembered{.text = "the image is not there"});
    CHECK(story.life.step(closed(CloseReason::StartRejected)).size() == 1);  // the note alone
    CHECK(story.life.phase() == Phase::Kept);
    CHECK(story.life.text() == "closed on the chain: StartRejected: the image is not there");
}

TEST_CASE("after a restart of the worker the renter still reads how the program ended") {
    Story story;
    story.tell(Remembered{.text = "killed: out of memory"}).tell(Found{.running = false, .exit_code = 137});
    CHECK(story.tell(active()).asks_only_for<ReportExit>());
    CHECK(story.life.text() == "killed: out of memory");
}

TEST_CASE(
    "after a restart of the worker nobody hears of a closed lease again, and it is kept no longer than promised") {
    Story story;
    story.tell(Remembered{.text = "closed on the chain: Completed", .kept_until_ms = start_ms + 5});
    story.tell(Found{.running = false, .exit_code = 3});
    CHECK(story.life.step(closed(CloseReason::Completed)).empty());
    CHECK(story.life.text() == "closed on the chain: Completed");
    CHECK(story.life.exit_code() == 3);
    CHECK(story.tell(Tick{.now_ms = start_ms + 4}).effects.empty());
    CHECK(story.tell(Tick{.now_ms = start_ms + 5}).asks_only_for<Remove>());
}

TEST_CASE("a confirmation of an earlier process is as good as one's own") {
    Story story;
    story.tell(starting()).tell(active());
    CHECK(story.life.phase() == Phase::Preparing);
    CHECK(story.tell(Prepared{}).asks_only_for<Launch>());
}

TEST_CASE("a lease without a workload is confirmed at once and stands open for the renter's own") {
    Story story;
    CHECK(story.tell(Seen{.state = LeaseState::Starting}).asks_only_for<ConfirmStart>());
    CHECK(story.tell(Seen{.state = LeaseState::Active}).effects.empty());
    CHECK(story.life.phase() == Phase::Open);
    CHECK(story.tell(StartAsked{RestartPolicy::Never}).asks_only_for<Launch>());
    CHECK(story.tell(StartAsked{RestartPolicy::Never}).effects.empty());
    // The chain knows no job of this lease: its end is the renter's affair.
    CHECK(story.tell(Launched{}).tell(Exited{.code = 0}).effects.empty());
    CHECK(story.life.phase() == Phase::Open);
    CHECK(story.life.text() == "ended with exit code 0");
    CHECK(story.tell(StartAsked{RestartPolicy::Never}).asks_only_for<Launch>());
}

TEST_CASE("a service is started again with growing pauses; a renter's stop rests until the renter starts it") {
    Story story;
    story.until_running(RestartPolicy::Always);
    CHECK(story.tell(Exited{.code = 0}).effects.empty());
    CHECK(story.tell(Tick{.now_ms = start_ms + 99}).effects.empty());
    CHECK(story.tell(Tick{.now_ms = start_ms + 100}).asks_only_for<Launch>());
    story.tell(Launched{}).tell(Exited{.code = 1});
    CHECK(story.tell(Tick{.now_ms = start_ms + 299}).effects.empty());
    CHECK(story.tell(Tick{.now_ms = start_ms + 300}).asks_only_for<Launch>());
    story.tell(Launched{});
    CHECK(story.tell(StopAsked{}).asks_only_for<Stop>());
    CHECK(story.tell(Exited{.code = 143}).effects.empty());
    CHECK(story.life.phase() == Phase::Open);
    CHECK(story.tell(Tick{.now_ms = start_ms + 5'000}).effects.empty());
    CHECK(story.tell(StartAsked{RestartPolicy::Always}).asks_only_for<Launch>());
}

TEST_CASE("a lease that closes between two runs of a service has nothing to stop") {
    Story story;
    story.until_running(RestartPolicy::Always).tell(Exited{.code = 1});
    CHECK(story.tell(closed(CloseReason::Expired)).effects.empty());
    CHECK(story.life.phase() == Phase::Kept);
}

TEST_CASE("on-failure starts again after a failure and reports a success") {
    Story story;
    story.until_running(RestartPolicy::OnFailure);
    CHECK(story.tell(Exited{.code = 1}).effects.empty());
    CHECK(story.tell(Tick{.now_ms = start_ms + 100}).asks_only_for<Launch>());
    CHECK(story.tell(Launched{}).tell(Exited{.code = 0}).asks_only_for<ReportExit>());
}

TEST_CASE("a renter's stop ends a job's lease with its exit code") {
    Story story;
    story.until_running();
    CHECK(story.tell(StopAsked{}).asks_only_for<Stop>());
    REQUIRE(story.tell(Exited{.code = 143}).asks_only_for<ReportExit>());
    CHECK(std::get<ReportExit>(story.effects.front()).code == 143);
    CHECK(story.life.text() == "stopped by the renter");
}

TEST_CASE("without news from the chain a job runs as long as it was paid for, and no longer") {
    Story story;
    story.until_running();  // 30 s were left at the last block; the slack is 5 s
    CHECK(story.tell(Tick{.now_ms = start_ms + 35'000, .since_block_ms = 35'000}).effects.empty());
    CHECK(story.tell(Tick{.now_ms = start_ms + 35'001, .since_block_ms = 35'001}).asks_only_for<Stop>());
    CHECK(story.tell(Tick{.now_ms = start_ms + 36'000, .since_block_ms = 36'000}).effects.empty());
}
