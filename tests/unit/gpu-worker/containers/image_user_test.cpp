#include "gpu-worker/containers/image_user.hpp"

#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

using namespace worker;
namespace fs = std::filesystem;

TEST_CASE("users by name, number and group") {
    const std::string passwd = "root:x:0:0::/:\nwww:x:33:34::/:\nbad\n";
    const std::string group = "root:x:0:\nstaff:x:50:\n";
    const auto ids = [&](const char* user) { return resolve_user(user, passwd, group); };
    CHECK(ids("").value() == UserIds{0, 0});
    CHECK(ids("www").value() == UserIds{33, 34});
    CHECK(ids("33").value() == UserIds{33, 34});
    CHECK(ids("77").value() == UserIds{77, 0});
    CHECK(ids("77:88").value() == UserIds{77, 88});
    CHECK(ids("www:staff").value() == UserIds{33, 50});
    for (const auto* user : {"ghost", "www:ghost", "65536", "0:65536", "-1", "4294967296", "bad"})
        CHECK(ids(user).error().reason == Reason::BadImage);
}

TEST_CASE("a link in an image is followed inside the image only") {
    const tests::TempFolder folder;
    fs::create_directories(folder / "root/etc");
    fs::create_directories(folder / "root/usr");
    std::ofstream{folder / "secret"} << "outside";
    std::ofstream{folder / "root/usr/passwd"} << "inside";
    fs::create_symlink("../../secret", folder / "root/etc/climb");
    fs::create_symlink(folder / "secret", folder / "root/etc/absolute");
    fs::create_symlink("/usr/passwd", folder / "root/etc/passwd");
    CHECK(read_inside(folder / "root", "etc/passwd") == "inside");
    CHECK(read_inside(folder / "root", "etc/climb").empty());
    CHECK(read_inside(folder / "root", "etc/absolute").empty());
    CHECK(read_inside(folder / "root", "../secret").empty());
}
