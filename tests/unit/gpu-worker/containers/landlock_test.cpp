#include "gpu-worker/containers/landlock.hpp"

#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>

using namespace worker;
namespace fs = std::filesystem;

namespace {

/// What a child makes of it: narrowing holds for good, so it must not be the test itself.
int in_child(const std::function<int()>& work) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(work());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool can(const fs::path& file, int flags) {
    const int fd = ::open(file.c_str(), flags, 0600);
    if (fd >= 0) ::close(fd);
    return fd >= 0;
}

}  // namespace

TEST_CASE("a narrowed process, root or not, reaches what is named, as it is named, and nothing else") {
    if (landlock_version() == 0) {
        WARN("this kernel has no Landlock");
        return;
    }
    const tests::TempFolder folder;
    for (const char* name : {"in", "out", "beside"}) {
        fs::create_directories(folder.path() / name);
        std::ofstream{folder.path() / name / "file"} << "text";
    }
    fs::create_symlink(folder.path() / "beside/file", folder.path() / "out/link");
    const auto at = [&](const char* name) { return folder.path() / name; };
    const int failed = in_child([&] {
        if (!confine({.read = {"/usr", at("in"), at("missing")}, .write = {at("out"), "/dev/null"}})) return 1;
        if (!can(at("in/file"), O_RDONLY) || can(at("in/file"), O_WRONLY) || can(at("in/new"), O_WRONLY | O_CREAT))
            return 2;
        if (!can(at("out/file"), O_RDWR | O_TRUNC) || !can(at("out/new"), O_WRONLY | O_CREAT)) return 3;
        if (can(at("beside/file"), O_RDONLY) || can(at("out/link"), O_RDONLY)) return 4;
        if (can("/etc/passwd", O_RDONLY) || !can("/dev/null", O_RDWR)) return 5;
        // A program that it starts has no more: grep says 2 of a file that it cannot read.
        const int found = in_child([&] {
            ::execl("/usr/bin/grep", "grep", "-qs", "text", at("beside/file").c_str(), nullptr);
            return 126;
        });
        return found == 2 ? 0 : 6;
    });
    CHECK(failed == 0);
    CHECK(can(at("beside/file"), O_RDONLY));
}
