#include "chain/files/whole_file.hpp"

#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <fstream>

using chain::Readers;

namespace {

std::size_t count(const tests::TempFolder& folder) {
    const auto entries = std::filesystem::directory_iterator{folder.path()};
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

unsigned mode_of(const std::filesystem::path& file) {
    struct stat status{};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

}  // namespace

TEST_CASE("what was written is read back without its newline, and no other file stays") {
    const tests::TempFolder folder;
    REQUIRE(write_whole(folder / "key", "secret\n", Readers::Owner));
    CHECK(chain::read_private(folder / "key").value() == "secret");
    CHECK(mode_of(folder / "key") == 0600);
    CHECK(count(folder) == 1);
}

TEST_CASE("writing replaces, creating refuses and changes nothing") {
    const tests::TempFolder folder;
    REQUIRE(create_whole(folder / "key", "first", Readers::Owner));
    const auto refused = create_whole(folder / "key", "second", Readers::Owner);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().text.find("key: File exists") != std::string::npos);
    CHECK(chain::read_private(folder / "key").value() == "first");
    REQUIRE(write_whole(folder / "key", "third", Readers::Owner));
    CHECK(chain::read_private(folder / "key").value() == "third");
    CHECK(count(folder) == 1);
}

TEST_CASE("what a killed process left half written is in nobody's way") {
    const tests::TempFolder folder;
    std::ofstream{folder / "key.new"} << "ha";
    REQUIRE(create_whole(folder / "key", "whole", Readers::Owner));
    CHECK(chain::read_private(folder / "key").value() == "whole");
    CHECK(count(folder) == 1);
}

TEST_CASE("bytes are written as they are, for everybody where that is asked") {
    const tests::TempFolder folder;
    const chain::Bytes bytes{0, 1, 0xff, '\n'};
    REQUIRE(write_whole(folder / "blob", bytes, Readers::Everybody));
    std::ifstream in{folder / "blob", std::ios::binary};
    CHECK(chain::Bytes{std::istreambuf_iterator<char>{in}, {}} == bytes);
    CHECK(mode_of(folder / "blob") == 0644);
    CHECK(count(folder) == 1);
}

TEST_CASE("a secret that others may read is refused with the remedy") {
    const tests::TempFolder folder;
    REQUIRE(write_whole(folder / "key", "secret", Readers::Everybody));
    const auto refused = chain::read_private(folder / "key");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().text.find("chmod 600") != std::string::npos);
}

TEST_CASE("a missing folder, a missing file and a huge one are named") {
    const tests::TempFolder folder;
    CHECK(write_whole(folder / "none" / "key", "x", Readers::Owner).error().text.find("none/key.new") !=
          std::string::npos);
    CHECK(chain::read_private(folder / "absent").error().text.find("absent") != std::string::npos);
    REQUIRE(write_whole(folder / "huge", std::string((1 << 20) + 1, 'x'), Readers::Owner));
    CHECK(chain::read_private(folder / "huge").error().text.find("larger than 1 MiB") != std::string::npos);
}
