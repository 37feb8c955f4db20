#include "gpu-worker/containers/results.hpp"

#include "chain/codec/scale.hpp"
#include "gpu-worker/containers/digest.hpp"
#include "gpu-worker/containers/files.hpp"
#include "gpu-worker/containers/tar.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace worker;
namespace fs = std::filesystem;

namespace {

struct Scratch {
    Scratch() {
        fs::create_directories(path / "in");
        fs::create_directories(path / "out");
    }
    tests::TempFolder folder;
    fs::path path = folder.path();
};

void put(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream{path} << text;
}

ResultFile file(const std::string& path, const std::string& text) {
    return {.path = path, .size = text.size(), .content = sha256_of(chain::to_bytes(text))};
}

chain::Hash node(const chain::Hash& left, const chain::Hash& right) {
    chain::Bytes bytes{1};
    chain::append(bytes, left.value);
    chain::append(bytes, right.value);
    return sha256_of(bytes);
}

/// An archive with one entry of any path, as an attacker would write it.
fs::path archive_with(const Scratch& scratch, const std::string& path) {
    const auto archive = scratch.path / "evil.tar";
    auto tar = TarWriter::create(archive).value();
    tar.begin_file(path, 1).value();
    tar.write(chain::to_bytes("x")).value();
    tar.end_file().value();
    tar.finish().value();
    return archive;
}

}  // namespace

TEST_CASE("the root is the written-out tree") {
    const auto a = file("a", "1"), b = file("b", "2"), c = file("c", "3");
    CHECK(results_root({}) == chain::Hash{});
    CHECK(results_root({a}) == leaf_of(a));
    CHECK(results_root({a, b}) == node(leaf_of(a), leaf_of(b)));
    CHECK(results_root({c, a, b}) == node(node(leaf_of(a), leaf_of(b)), leaf_of(c)));
    CHECK(chain::to_hex(leaf_of(a)) == "0x" + chain::to_hex(sha256_of([&] {
                                                  chain::Bytes bytes{0, 1 << 2, 'a', 1, 0, 0, 0, 0, 0, 0, 0};
                                                  chain::append(bytes, sha256_of(chain::to_bytes("1")).value);
                                                  return bytes;
                                              }()))
                                                  .substr(2));
}

TEST_CASE("a changed name, size, byte or order of content changes the root") {
    const std::vector<ResultFile> files{file("a", "1"), file("b", "2")};
    const auto root = results_root(files);
    CHECK(results_root({file("a", "1"), file("b", "3")}) != root);
    CHECK(results_root({file("a", "1"), file("c", "2")}) != root);
    CHECK(results_root({file("a", "2"), file("b", "1")}) != root);
    CHECK(results_root({files[0]}) != root);
}

TEST_CASE("packing and unpacking agree, whatever the names and sizes") {
    const Scratch scratch;
    put(scratch.path / "in/a.txt", "hello");
    put(scratch.path / "in/empty", "");
    put(scratch.path / ("in/" + std::string(120, 'n') + "/" + std::string(200, 'm')), std::string(1'024, 'z'));
    put(scratch.path / "in/odd \xff name", std::string(513, 'q'));
    const auto packed = pack_results(scratch.path / "in", scratch.path / "r.tar", {});
    REQUIRE(packed.has_value());
    CHECK(packed->results.files == 4);
    CHECK(packed->results.bytes == fs::file_size(scratch.path / "r.tar"));
    const auto unpacked = unpack_results(scratch.path / "r.tar", scratch.path / "out");
    REQUIRE(unpacked.has_value());
    CHECK(*unpacked == packed->results);
    CHECK(read_text(scratch.path / "out" / std::string(120, 'n') / std::string(200, 'm')).value().size() == 1'024);
}

TEST_CASE("links, pipes and what exceeds the bounds stay out, and it is said") {
    const Scratch scratch;
    put(scratch.path / "in/good", "x");
    put(scratch.path / "secret", "host's own");
    fs::create_symlink(scratch.path / "secret", scratch.path / "in/link");
    fs::create_directory_symlink(scratch.path, scratch.path / "in/folder");
    SECTION("links") {}
    SECTION("a hole larger than the disk") {
        put(scratch.path / "in/hole", "");
        fs::resize_file(scratch.path / "in/hole", 1ULL << 40);
    }
    SECTION("too deep") {
        auto deep = scratch.path / "in";
        for (int i = 0; i < 40; ++i) deep /= "d";
        put(deep / "f", "x");
    }
    const auto packed = pack_results(scratch.path / "in", scratch.path / "r.tar", {.bytes_max = 1U << 20});
    REQUIRE(packed.has_value());
    CHECK(packed->results.files == 1);
    CHECK(packed->results.root == results_root({file("good", "x")}));
    CHECK(packed->left_out.size() >= 2);
    CHECK(read_text(scratch.path / "r.tar").value().find("host's own") == std::string::npos);
}

TEST_CASE("an archive that leads out of its folder, or is none, is refused") {
    const Scratch scratch;
    for (const auto* path : {"../evil", "/etc/evil", "a/../../evil", "a//b", "./a", ".."}) {
        INFO(path);
        CHECK_FALSE(unpack_results(archive_with(scratch, path), scratch.path / "out").has_value());
    }
    CHECK(fs::is_empty(scratch.path / "out"));
    fs::create_directory_symlink(scratch.path, scratch.path / "out/link");
    CHECK_FALSE(unpack_results(archive_with(scratch, "link/evil"), scratch.path / "out").has_value());
    CHECK_FALSE(fs::exists(scratch.path / "evil"));

    put(scratch.path / "in/a", "x");
    REQUIRE(pack_results(scratch.path / "in", scratch.path / "r.tar", {}).has_value());
    fs::resize_file(scratch.path / "r.tar", 512);
    CHECK_FALSE(unpack_results(scratch.path / "r.tar", scratch.path / "out").has_value());
    put(scratch.path / "noise.tar", std::string(2'048, '7'));
    CHECK_FALSE(unpack_results(scratch.path / "noise.tar", scratch.path / "out").has_value());
}

TEST_CASE("other programs read the archive") {
    const Scratch scratch;
    put(scratch.path / "in/dir/a", "hello");
    put(scratch.path / ("in/" + std::string(150, 'n')), "long");
    REQUIRE(pack_results(scratch.path / "in", scratch.path / "r.tar", {}).has_value());
    const auto command = "tar -C " + (scratch.path / "out").string() + " -xf " + (scratch.path / "r.tar").string();
    REQUIRE(std::system(command.c_str()) == 0);
    CHECK(read_text(scratch.path / "out/dir/a").value() == "hello");
    CHECK(read_text(scratch.path / "out" / std::string(150, 'n')).value() == "long");
}
