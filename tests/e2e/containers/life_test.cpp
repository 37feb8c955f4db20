// How jobs begin and end.

#include "tests/e2e/containers/host.hpp"

#include <catch2/catch.hpp>

using namespace worker;

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
