#include "gpu-worker/containers/process.hpp"

#include <catch2/catch.hpp>

using namespace worker;

TEST_CASE("input, outputs, code and the bare environment") {
    const auto output = run({.argv = {"sh", "-c", "cat; echo err >&2; env; exit 3"}, .input = "in\n"});
    REQUIRE(output.has_value());
    CHECK(output->code == 3);
    CHECK(output->out.starts_with("in\n"));
    CHECK(output->error == "err\n");
    CHECK(output->out.find("PATH=/usr/sbin:/usr/bin:/sbin:/bin") != std::string::npos);
    CHECK(output->out.find("LD_") == std::string::npos);
    CHECK(output->out.find("HOME=/nonexistent") != std::string::npos);
}

TEST_CASE("words stay words") {
    const auto output = run_ok({.argv = {"printf", "%s|", "a b", "$(id)", "`id`", ";", "*"}});
    CHECK(output.value() == "a b|$(id)|`id`|;|*|");
}

TEST_CASE("too slow, too much, not there, signals") {
    CHECK(run({.argv = {"sleep", "100"}, .timeout_ms = 50}).error().text.find("longer") != std::string::npos);
    CHECK(run({.argv = {"yes"}, .output_bytes_max = 10'000}).error().text.find("too much") != std::string::npos);
    CHECK(run({.argv = {"no-such-program-here"}}).error().text.find("not installed") != std::string::npos);
    CHECK(run({.argv = {"sh", "-c", "kill -9 $$"}}).value().code == 137);
    CHECK(run({.argv = {"dd", "if=/dev/zero", "of=/tmp/tephra-fsize", "bs=4k", "count=4"}, .file_bytes_max = 4'096})
              .value()
              .code != 0);
    std::remove("/tmp/tephra-fsize");
    CHECK(run_ok({.argv = {"sh", "-c", "echo why >&2; exit 2"}}).error().text == "sh (2): why");
}

TEST_CASE("a lock is a living holder") {
    const std::string path = "/tmp/tephra-lock-test-" + std::to_string(::time(nullptr));
    {
        auto first = try_lock(path).value();
        REQUIRE(first.has_value());
        CHECK(is_locked(path));
        CHECK_FALSE(try_lock(path).value().has_value());
    }
    CHECK_FALSE(is_locked(path));
    std::remove(path.c_str());
}
