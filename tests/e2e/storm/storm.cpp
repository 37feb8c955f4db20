#include "storm.hpp"

#include "votes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>

namespace tests {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int patience_s = 60;

void rest(std::uint32_t ms) { std::this_thread::sleep_for(std::chrono::milliseconds{ms}); }

bool is_among(const std::vector<std::size_t>& some, std::size_t one) {
    return std::ranges::find(some, one) != some.end();
}

void say(const std::string& line) {
    fmt::print("{}\n", line);
    std::fflush(stdout);
}

}  // namespace

Storm::Storm(std::size_t validators, std::uint64_t seed, const std::vector<std::size_t>& clocks)
    : cluster_(validators, clocks), seed_(seed) {}

void Storm::fail(std::string what) {
    say("BROKEN: " + what);
    failures_.push_back(std::move(what));
}

void Storm::start(std::size_t i) {
    if (!cluster_.start(i)) fail(fmt::format("node {} does not start:\n{}", i, cluster_.log(i)));
}

void Storm::kill(const Step& step) {
    for (const std::size_t i : step.whom) cluster_.signal(i, SIGKILL);
    for (const std::size_t i : step.whom) cluster_.wait(i, patience_s);
    rest(step.lasts_ms);
    for (const std::size_t i : step.whom) start(i);
}

void Storm::pause(const Step& step) {
    for (const std::size_t i : step.whom) cluster_.signal(i, SIGSTOP);
    rest(step.lasts_ms);
    for (const std::size_t i : step.whom) cluster_.signal(i, SIGCONT);
}

void Storm::cut(const Step& step) {
    std::vector<std::size_t> others;
    for (std::size_t i = 0; i < cluster_.size(); ++i)
        if (!is_among(step.whom, i)) others.push_back(i);
    for (const std::size_t i : step.whom) cluster_.house(i).deafen_to(others);
    if (step.trouble != Trouble::CutOneWay)
        for (const std::size_t i : others) cluster_.house(i).deafen_to(step.whom);
    // What was on its way may still become final; then nothing, if the cut is one.
    const std::uint32_t settling_ms = std::min(step.lasts_ms, 1'000U);
    rest(settling_ms);
    const std::uint32_t stands_at = witness_->highest();
    rest(step.lasts_ms - settling_ms);
    if (step.trouble == Trouble::CutHalf && witness_->highest() > stands_at)
        fail(fmt::format("half of the validators went on alone from block {} to {}", stands_at, witness_->highest()));
    for (std::size_t i = 0; i < cluster_.size(); ++i) cluster_.house(i).deafen_to({});
}

void Storm::fill_disk(const Step& step) {
    const std::size_t i = step.whom.front();
    cluster_.house(i).fill_disk();
    const auto status = cluster_.wait(i, patience_s);
    if (!status) return fail(fmt::format("node {} goes on without room on its disk", i));
    if (*status != 1) fail(fmt::format("node {} ended with {} over a full disk", i, *status));
    rest(step.lasts_ms);
    cluster_.house(i).make_room();
    start(i);
}

void Storm::jump_clock(const Step& step) {
    const std::size_t i = step.whom.front();
    cluster_.set_clock(i, step.jump_s);
    rest(step.lasts_ms);
    if (!cluster_.shows_clock(i, step.jump_s)) fail(fmt::format("the clock of node {} was not set", i));
    cluster_.set_clock(i, 0);
}

void Storm::join() {
    if (has_follower_) {
        cluster_.signal(cluster_.follower(), SIGTERM);
        cluster_.wait(cluster_.follower(), patience_s);
        cluster_.forget_follower();
    }
    has_follower_ = true;
    start(cluster_.follower());
}

void Storm::roll() {
    for (std::size_t i = 0; i < cluster_.validators(); ++i) {
        cluster_.signal(i, SIGTERM);
        if (const auto status = cluster_.wait(i, patience_s); status != 0)
            fail(fmt::format("node {} ended with {} when it was told to", i, status.value_or(-1)));
        start(i);
    }
}

void Storm::carry_out(const Step& step) {
    switch (step.trouble) {
        case Trouble::Kill: return kill(step);
        case Trouble::Pause: return pause(step);
        case Trouble::CutMinority:
        case Trouble::CutHalf:
        case Trouble::CutOneWay: return cut(step);
        case Trouble::FillDisk: return fill_disk(step);
        case Trouble::JumpClock: return jump_clock(step);
        case Trouble::Join: return join();
        case Trouble::Roll: return roll();
    }
}

void Storm::expect_progress(const std::string& after) {
    const auto start = Clock::now();
    const std::uint32_t goal = witness_->highest() + 3;
    const auto behind = [&] {
        std::vector<std::size_t> out;
        for (std::size_t i = 0; i < cluster_.size(); ++i)
            if (cluster_.is_reachable(i) && witness_->of(i) < goal) out.push_back(i);
        return out;
    };
    while (!behind().empty() && Clock::now() - start < std::chrono::seconds{patience_s}) rest(20);
    for (const std::size_t i : behind())
        fail(fmt::format(
            "after {}: node {} stands at {} and not at {}\n{}", after, i, witness_->of(i), goal,
            cluster_.log(i).substr(cluster_.log(i).size() - std::min<std::size_t>(cluster_.log(i).size(), 3'000))));
    const std::chrono::duration<double> took = Clock::now() - start;
    say(fmt::format("  all beyond block {} after {:.1f} s", goal, took.count()));
}

void Storm::examine() {
    for (const auto& each : witness_->contradictions()) fail(each);
    for (std::size_t i = 0; i < cluster_.size(); ++i)
        if (cluster_.is_reachable(i))
            for (const auto& each : witness_->missing_at(i)) fail(each);
    std::size_t votes = 0;
    for (std::size_t i = 0; i < cluster_.validators(); ++i) {
        cluster_.signal(i, SIGTERM);
        cluster_.wait(i, patience_s);
        const auto signed_by = read_votes(cluster_.data(i) / "consensus");
        votes += signed_by.votes;
        for (const auto& each : signed_by.contradictions) fail(each);
        const std::string log = cluster_.log(i);
        for (const std::string_view accusation : {"broke the rules", "Another machine signs", "is bad here"})
            if (log.contains(accusation)) fail(fmt::format("node {} says: {}", i, accusation));
    }
    say(fmt::format(
        "{} transfers accepted; {} transactions final in {} blocks, found on every node; {} signed votes read",
        traffic_->accepted(), witness_->transactions(), witness_->highest(), votes));
    if (witness_->transactions() == 0 || votes == 0)
        fail("nothing was final, or nothing signed: the run shows nothing");
}

bool Storm::run(const std::vector<Step>& steps, int seconds) {
    const auto start_time = Clock::now();
    for (std::size_t i = 0; i < cluster_.validators(); ++i) start(i);
    witness_ = std::make_unique<Witness>(cluster_);
    traffic_ = std::make_unique<Traffic>(cluster_, seed_);
    expect_progress("the start");
    for (const Step& step : steps) {
        const std::chrono::duration<double> now = Clock::now() - start_time;
        if (!failures_.empty() || now.count() > seconds) break;
        rest(step.after_ms);
        say(fmt::format("{:5.1f} s: {}", now.count(), text(step)));
        carry_out(step);
        expect_progress(text(step));
    }
    traffic_->stop();
    expect_progress("the last transfer");
    witness_->stop();
    examine();
    return failures_.empty();
}

}  // namespace tests
