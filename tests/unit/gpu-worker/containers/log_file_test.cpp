#include "gpu-worker/containers/log_file.hpp"

#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace worker;
namespace fs = std::filesystem;

namespace {

struct LogPath {
    tests::TempFolder folder;
    fs::path path = folder / "log";
};

}  // namespace

TEST_CASE("what is written is read, in order, with its stream and time") {
    const LogPath at;
    auto writer = LogWriter::open(at.path, 1'000, 1'000).value();
    CHECK(read_log_page(at.path, 0, 100).value().chunks.empty());
    writer.write(LogStream::Out, 5, chain::to_bytes("one"));
    writer.write(LogStream::Error, 6, chain::to_bytes("two"));
    const auto page = read_log_page(at.path, 0, 1'000).value();
    REQUIRE(page.chunks.size() == 2);
    CHECK(page.chunks[0].bytes == "one");
    CHECK(page.chunks[1].stream == LogStream::Error);
    CHECK(page.chunks[1].time_ms == 6);
    writer.write(LogStream::Out, 7, chain::to_bytes("three"));
    CHECK(read_log_page(at.path, page.next, 1'000).value().chunks.at(0).bytes == "three");
    CHECK_FALSE(read_log_page(at.path, 3, 1'000).has_value());
    CHECK(read_log_page(at.folder / "none", 0, 1'000).value().chunks.empty());
}

TEST_CASE("half a record is not there yet") {
    const LogPath at;
    auto writer = LogWriter::open(at.path, 1'000, 1'000).value();
    writer.write(LogStream::Out, 5, chain::to_bytes("one"));
    writer.write(LogStream::Out, 5, chain::to_bytes("two"));
    fs::resize_file(at.path, fs::file_size(at.path) - 1);
    CHECK(read_log_page(at.path, 0, 1'000).value().chunks.size() == 1);
}

TEST_CASE("the size is a wall, and one remark stands before it") {
    const LogPath at;
    auto writer = LogWriter::open(at.path, 10, 1'000).value();
    writer.write(LogStream::Out, 1, chain::to_bytes("12345678"));
    writer.write(LogStream::Out, 1, chain::to_bytes("90abc"));
    writer.write(LogStream::Out, 1, chain::to_bytes("more"));
    const auto page = read_log_page(at.path, 0, 1'000).value();
    REQUIRE(page.chunks.size() == 3);
    CHECK(page.chunks[1].bytes == "90");
    CHECK(page.chunks[2].stream == LogStream::Worker);
    CHECK(writer.bytes() == 10);
}

TEST_CASE("the rate is a bucket of one second") {
    const LogPath at;
    auto writer = LogWriter::open(at.path, 100'000, 1'000).value();
    CHECK(writer.allowance(10'000) == 1'000);
    writer.write(LogStream::Out, 10'000, chain::Bytes(1'000));
    CHECK(writer.allowance(10'000) == 0);
    CHECK(writer.allowance(10'100) == 100);
    CHECK(writer.allowance(99'999) == 1'000);
    CHECK(writer.allowance(9'000) == 1'000);
}
