// Every limit is met by a job that tries to pass it.

#include "tests/e2e/containers/host.hpp"

#include <catch2/catch.hpp>

using namespace worker;

TEST_CASE("memory: the kernel kills and the reason says so") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    auto spec = host.shell("tail -c 200000000 /dev/zero | tail -c 100; exit $?");
    spec.command = {"/bin/tail", "-c", "200000000", "/dev/zero"};
    spec.limits.memory_bytes = 32U << 20;
    const auto exit = host.run(spec);
    CHECK(exit.reason == Reason::OutOfMemory);
    CHECK(exit.code == 137);
    CHECK(exit.usage.memory_peak_bytes <= 32U << 20);
}

TEST_CASE("memory: what a job keeps in /dev/shm counts, and /dev/shm has a bound of its own") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    const auto spec = host.shell("dd if=/dev/zero of=/dev/shm/x bs=64k count=64 2>&1; exit $?");
    const auto exit = host.run(spec);
    CHECK(exit.code == 1);
    CHECK(host.log(spec.id).find("No space left") != std::string::npos);
}

TEST_CASE("processes: fork fails at the limit") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    auto spec = host.shell("i=0; while [ $i -lt 20 ]; do sleep 5 & i=$((i+1)); done; echo no limit");
    spec.limits.processes_max = 8;
    CHECK(host.run(spec).code != 0);
    CHECK(host.log(spec.id, LogStream::Error).find("fork") != std::string::npos);
    CHECK(host.log(spec.id).empty());
}

TEST_CASE("disk: root overlay, /tmp and /results share one quota") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    auto spec = host.shell("");
    spec.root = RootMode::Writable;
    SECTION("results") { spec.command[2] = "dd if=/dev/zero of=/results/big bs=1M count=64"; }
    SECTION("tmp") { spec.command[2] = "dd if=/dev/zero of=/tmp/big bs=1M count=64"; }
    SECTION("root") { spec.command[2] = "dd if=/dev/zero of=/big bs=1M count=64"; }
    const auto exit = host.run(spec);
    CHECK(exit.reason == Reason::DiskFull);
    CHECK(exit.code == 1);
    CHECK(host.log(spec.id, LogStream::Error).find("No space left") != std::string::npos);
    CHECK(exit.usage.disk_bytes <= spec.limits.disk_bytes);
}

TEST_CASE("cpu: a quarter of a core stays a quarter") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    auto spec = host.shell("while :; do :; done & while :; do :; done");
    spec.limits.cpu_milli = 250;
    spec.limits.deadline_ms = 2'000;
    spec.limits.stop_grace_ms = 0;
    const auto exit = host.run(spec);
    CHECK(exit.reason == Reason::Timeout);
    CHECK(exit.usage.cpu_ms <= (exit.ended_ms - exit.started_ms) / 4 + 200);
    CHECK(exit.usage.cpu_ms >= 50);
}

TEST_CASE("open files") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    auto spec = host.shell("ulimit -n; ulimit -n 100000 && echo raised");
    spec.limits.open_files_max = 99;
    host.run(spec);
    CHECK(host.log(spec.id) == "99\n");
}

TEST_CASE("log: beyond its size it is cut, says so, and the job goes on") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    auto spec = host.shell("yes | head -c 300000; echo done > /results/done");
    spec.limits.log_bytes_max = 10'000;
    const auto exit = host.run(spec);
    CHECK(exit.code == 0);
    CHECK(exit.results.files == 1);
    CHECK(host.log(spec.id).size() == 10'000);
    CHECK(host.log(spec.id, LogStream::Worker).find("log limit of 10000 bytes reached") != std::string::npos);
}

TEST_CASE("log: a fast writer waits for its rate") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    auto spec = host.shell("yes | head -c 200000");
    spec.limits.log_bytes_per_second = 50'000;
    const auto exit = host.run(spec);
    CHECK(host.log(spec.id).size() == 200'000);
    // 50,000 at once, a pipe's 65,536 at the end, the rest at the rate.
    CHECK(exit.ended_ms - exit.started_ms >= 1'000);
}

TEST_CASE("what no host could give is refused before anything starts") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    auto spec = host.shell("true");
    const auto reason = [&] {
        const auto done = host.containers().prepare(spec);
        return done ? Reason::Exited : done.error().reason;
    };
    CHECK(reason() == Reason::Exited);
    SECTION("memory") { spec.limits.memory_bytes = 1ULL << 45; }
    SECTION("cores") { spec.limits.cpu_milli = 4'000'000; }
    SECTION("reserved variables") { spec.environment = {{"LD_PRELOAD", "/tmp/evil.so"}}; }
    SECTION("driver variables") { spec.environment = {{"NVIDIA_VISIBLE_DEVICES", "all"}}; }
    SECTION("an id with a path in it") { spec.id = {"../../etc"}; }
    SECTION("port 0") { spec.ports = {0}; }
    CHECK(reason() == Reason::BadSpec);
}
