// How jobs begin and end, and what survives of them.

#include "gpu-worker/containers/cgroup.hpp"
#include "gpu-worker/containers/files.hpp"
#include "gpu-worker/containers/results.hpp"
#include "tests/e2e/containers/host.hpp"

#include <catch2/catch.hpp>
#include <signal.h>

#include <atomic>
#include <charconv>
#include <fstream>
#include <set>
#include <thread>

using namespace worker;

namespace {

pid_t shim_of(const e2e::Host& host, const JobId& id) {
    const auto text = read_text(host.config.root / "jobs" / id.value / "lock").value_or("0");
    pid_t pid = 0;
    std::from_chars(text.data(), text.data() + text.size(), pid);
    return pid;
}

}  // namespace

TEST_CASE("a program's output, error output and exit code come back") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    const auto spec = host.shell("echo to-out; echo to-error >&2; exit 42");
    const auto exit = host.run(spec);
    INFO(exit.text);
    CHECK(exit.reason == Reason::Exited);
    CHECK(exit.code == 42);
    CHECK(host.log(spec.id) == "to-out\n");
    CHECK(host.log(spec.id, LogStream::Error) == "to-error\n");
    CHECK(exit.started_ms != 0);
    CHECK(exit.ended_ms >= exit.started_ms);
    CHECK(exit.usage.memory_peak_bytes != 0);
}

TEST_CASE("without a command the image's own runs, with the image's variables under the job's") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    auto spec = host.shell("");
    spec.command.clear();
    CHECK(host.run(spec).code == 0);
    CHECK(host.log(spec.id) == "default\n");
    auto with = host.shell("echo $FROM_IMAGE $MINE $TEPHRA_JOB");
    with.environment = {{"MINE", "job's"}};
    CHECK(host.run(with).code == 0);
    CHECK(host.log(with.id) == "yes job's " + with.id.value + "\n");
}

TEST_CASE("a program that is not there is the renter's fault, and nothing stays of the attempt") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    const auto before = e2e::held_on_host();
    auto spec = host.shell("");
    spec.command = {"/bin/no-such-program"};
    const auto launched = host.containers().launch(spec, {});
    REQUIRE_FALSE(launched.has_value());
    INFO(launched.error().text);
    CHECK(launched.error().reason == Reason::StartFailed);
    CHECK(culprit_of(launched.error().reason) == Culprit::Renter);
    CHECK(host.containers().jobs().empty());
    CHECK(e2e::held_on_host() == before);
}

TEST_CASE("a stop is asked for first and enforced after the grace") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    SECTION("a program that listens ends by itself") {
        const auto spec = host.shell("trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.1; done");
        REQUIRE(host.containers().launch(spec, {}).has_value());
        REQUIRE(host.log_has(spec.id, "ready"));
        REQUIRE(host.containers().stop(spec.id, StopMode::Graceful).has_value());
        const auto exit = host.wait(spec.id);
        CHECK(exit.reason == Reason::Stopped);
        CHECK(exit.code == 7);
        CHECK(host.log(spec.id) == "ready\nbye\n");
    }
    SECTION("one that does not is killed") {
        const auto spec = host.shell("trap '' TERM; echo ready; while :; do sleep 0.1; done");
        REQUIRE(host.containers().launch(spec, {}).has_value());
        REQUIRE(host.log_has(spec.id, "ready"));
        REQUIRE(host.containers().stop(spec.id, StopMode::Graceful).has_value());
        const auto exit = host.wait(spec.id);
        CHECK(exit.reason == Reason::Stopped);
        CHECK(exit.code == 137);
        CHECK(exit.ended_ms - exit.started_ms >= spec.limits.stop_grace_ms);
    }
    SECTION("now means now") {
        auto spec = host.shell("trap '' TERM; echo ready; while :; do sleep 0.1; done");
        spec.limits.stop_grace_ms = 60'000;
        REQUIRE(host.containers().launch(spec, {}).has_value());
        REQUIRE(host.log_has(spec.id, "ready"));
        REQUIRE(host.containers().stop(spec.id, StopMode::Now).has_value());
        CHECK(host.wait(spec.id).code == 137);
    }
}

TEST_CASE("the deadline ends a job, its background processes included") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    auto spec = host.shell("(trap '' TERM; while :; do sleep 0.1; done) & while :; do sleep 0.1; done");
    spec.limits.deadline_ms = 400;
    const auto exit = host.run(spec);
    CHECK(exit.reason == Reason::Timeout);
    CHECK(exit.ended_ms - exit.started_ms >= 400);
    CHECK_FALSE(cgroup_exists("/tephra/" + spec.id.value));
}

TEST_CASE("a job outlives its worker and is found again with its log and its end") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    const auto spec = host.shell(
        "echo before; while [ ! -e /tmp/go ]; do sleep 0.05; n=$((n+1)); [ $n -gt 20 ] && break; done; "
        "echo after; echo kept > /results/file; exit 5");
    REQUIRE(host.containers().launch(spec, {}).has_value());
    REQUIRE(host.log_has(spec.id, "before"));
    SECTION("while it runs") {
        host.restart();
        const auto state = host.containers().state(spec.id);
        REQUIRE(state.has_value());
        CHECK(state->running);
        CHECK(host.containers().jobs() == std::vector{spec.id});
        std::atomic<int> code = -1;
        host.containers().on_exit([&](const JobId&, const Exit& exit) { code = exit.code; });
        CHECK(host.wait(spec.id).code == 5);
        host.containers().remove(spec.id).value();
        CHECK(code == 5);
    }
    SECTION("after it ended with no worker alive") {
        host.close();
        const auto record = host.config.root / "jobs" / spec.id.value / "exit";
        for (int i = 0; i < 1'000 && !std::filesystem::exists(record); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        host.restart();
        const auto state = host.containers().state(spec.id);
        REQUIRE((state && state->exit));
        CHECK(state->exit->code == 5);
        CHECK(state->exit->results.files == 1);
        CHECK(host.log(spec.id) == "before\nafter\n");
    }
}

TEST_CASE("a keeper that is killed takes its job along: Lost, and nothing is left") {
    NEEDS_CONTAINERS();
    const auto before = e2e::held_on_host();
    e2e::Host host;
    auto spec = host.shell("echo ready; while :; do sleep 0.1; done");
    spec.ports = {8080};
    REQUIRE(host.containers().launch(spec, {}).has_value());
    REQUIRE(host.log_has(spec.id, "ready"));
    const auto shim = shim_of(host, spec.id);
    REQUIRE(shim > 1);
    SECTION("while the worker watches") {
        ::kill(shim, SIGKILL);
        CHECK(host.wait(spec.id).reason == Reason::Lost);
    }
    SECTION("and it is found by the next worker") {
        host.close();
        ::kill(shim, SIGKILL);
        std::this_thread::sleep_for(std::chrono::milliseconds{200});
        host.restart();
        CHECK(host.wait(spec.id).reason == Reason::Lost);
    }
    CHECK(e2e::held_on_host() == before);
}

TEST_CASE("nothing of a job stays on the host: mounts, links, tables, loop devices, control groups") {
    NEEDS_CONTAINERS();
    const auto before = e2e::held_on_host();
    e2e::Host host;
    auto spec = host.shell("echo ready; sleep 0.2");
    spec.ports = {8080};
    spec.network = NetworkPolicy::Internet;
    REQUIRE(host.containers().launch(spec, {}).has_value());
    CHECK(e2e::held_on_host() != before);
    host.wait(spec.id);
    CHECK(e2e::held_on_host() == before);
    REQUIRE(host.containers().remove(spec.id).has_value());
    CHECK(host.containers().jobs().empty());
    CHECK_FALSE(host.containers().state(spec.id).has_value());
}

TEST_CASE("cleaning removes running jobs and every file") {
    NEEDS_CONTAINERS();
    const auto before = e2e::held_on_host();
    e2e::Host host;
    for (int i = 0; i < 2; ++i) {
        auto spec = host.shell("trap '' TERM; while :; do sleep 0.1; done");
        spec.ports = {8080};
        REQUIRE(host.containers().launch(spec, {}).has_value());
    }
    host.close();
    const auto done = remove_everything(host.config.root);
    INFO((done ? "" : done.error().text));
    CHECK(done.has_value());
    CHECK(e2e::held_on_host() == before);
    CHECK(std::filesystem::is_empty(host.config.root));
    CHECK(remove_everything(host.config.root).has_value());
}

TEST_CASE("results come back whole, and the root is that of an independent reading") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    const auto spec = host.shell(
        "cd /results; echo one > a; mkdir -p deep/er; dd if=/dev/zero of=deep/er/b bs=1k count=3000 2>/dev/null; "
        "ln -s /etc/shadow link; mkfifo pipe");
    const auto exit = host.run(spec);
    CHECK(exit.results.files == 2);
    CHECK(exit.text.find("link is not a file") != std::string::npos);
    chain::Bytes archive;
    for (;;) {
        const auto part = host.containers().read_results(spec.id, archive.size(), 100'000).value();
        chain::append(archive, part);
        if (part.size() < 100'000) break;
    }
    CHECK(archive.size() == exit.results.bytes);
    const auto file = host.scratch.path / "results.tar";
    std::ofstream{file}.write(reinterpret_cast<const char*>(archive.data()),
                              static_cast<std::streamsize>(archive.size()));
    const auto target = host.scratch.path / "unpacked";
    std::filesystem::create_directory(target);
    const auto unpacked = unpack_results(file, target);
    REQUIRE(unpacked.has_value());
    CHECK(unpacked->root == exit.results.root);
    CHECK(read_text(target / "a").value() == "one\n");
    CHECK(std::filesystem::file_size(target / "deep/er/b") == 3'072'000);
}

TEST_CASE("two workers do not share a folder") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    const auto second = CrunContainers::open(host.config);
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().text.find("in use") != std::string::npos);
}

TEST_CASE("many jobs at once, from many threads, each with its own numbers, and all of them cleared") {
    NEEDS_CONTAINERS();
    const auto before = e2e::held_on_host();
    e2e::Host host;
    REQUIRE(host.containers().prepare(host.shell("true")).has_value());
    constexpr int count = 12;
    std::atomic<int> ended = 0;
    host.containers().on_exit([&](const JobId&, const Exit& exit) { ended += exit.code == 3 ? 1 : 100; });
    std::vector<JobSpec> specs;
    for (int i = 0; i < count; ++i) {
        specs.push_back(host.shell("cat /proc/self/uid_map; sleep 1; exit 3"));
        specs.back().ports = {8080};
    }
    std::vector<std::thread> threads;
    std::atomic<int> launched = 0;
    for (const auto& spec : specs)
        threads.emplace_back([&] { launched += host.containers().launch(spec, {}).has_value(); });
    for (auto& thread : threads) thread.join();
    CHECK(launched == count);
    std::set<std::string> ranges;
    std::set<std::uint16_t> ports;
    for (const auto& spec : specs) {
        host.wait(spec.id);
        ranges.insert(host.log(spec.id));
        ports.insert(host.containers().state(spec.id)->ports.at(0).host);
        CHECK(host.containers().remove(spec.id).has_value());
    }
    CHECK(ranges.size() >= 2);  // a slot is taken again when its job has ended
    CHECK(ports.size() == count);
    CHECK(ended == count);
    CHECK(e2e::held_on_host() == before);
}
