#include "gpu-worker/host/book.hpp"

#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>
#include <stdlib.h>

#include <fstream>

using namespace worker;

namespace {
BookEntry entry() {
    return {
        .lease = {.renter = {{7}}, .state = leases::LeaseState::Active},
        .workload = leases::Workload{.image = {.repository = {"local/tool"}}, .memory_bytes = 1 << 24, .cpu_millis = 1},
        .ending = Ending{.text = "exit code 3", .kept_until_ms = 5}};
}
}  // namespace

TEST_CASE("what was written down is there after a restart, and what was removed is not") {
    const tests::TempFolder folder;
    {
        auto book = LeaseBook::open(folder.path()).value();
        REQUIRE(book.put({17}, entry()));
        REQUIRE(book.put({18}, entry()));
        book.remove({18});
    }
    const auto book = LeaseBook::open(folder.path()).value();
    REQUIRE(book.entries().size() == 1);
    CHECK(book.entries().at({17}) == entry());
}

TEST_CASE("a half-written file of a crash is passed over, and a damaged one is named") {
    const tests::TempFolder folder;
    {
        auto book = LeaseBook::open(folder.path()).value();
        REQUIRE(book.put({17}, entry()));
    }
    std::ofstream{folder / "leases" / "18.new"} << "0x12";
    CHECK(LeaseBook::open(folder.path()).value().entries().size() == 1);
    {
        std::ofstream{folder / "leases" / "17", std::ios::trunc} << "0x1234\n";
    }
    const auto damaged = LeaseBook::open(folder.path());
    REQUIRE_FALSE(damaged);
    CHECK(damaged.error().text.find("leases/17 is damaged") != std::string::npos);
}
