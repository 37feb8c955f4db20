#include "tools/metrics/process.hpp"

#include <catch2/catch.hpp>

#include <fstream>

TEST_CASE("a process knows its memory, threads and files") {
    const auto reading = metrics::read_process();
    CHECK(reading.resident_bytes > 1u << 20);
    CHECK(reading.threads >= 1);
    CHECK(reading.open_files >= 3);
    CHECK(reading.open_files_max >= reading.open_files);
}

TEST_CASE("a folder that is not there has no bytes") {
    CHECK(metrics::folder_bytes("/nowhere/at/all") == 0);
    CHECK(metrics::free_bytes("/nowhere/at/all") == 0);
    CHECK(metrics::free_bytes("/tmp") > 0);
}
