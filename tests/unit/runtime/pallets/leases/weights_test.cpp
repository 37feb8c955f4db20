#include "runtime/pallets/leases/weights.hpp"

#include "tests/support/dear_calls.hpp"

#include <catch2/catch.hpp>
#include <fmt/core.h>

#include <set>

using namespace tests;

// The weight does not say its parts: proof bytes tell how many reads were declared, what is left of the time must cover
// the writes.
TEST_CASE("the dearest form of each call of the rental reads and writes no more than its weight pays for") {
    std::set<std::string> seen;
    for (const auto& world : dear_calls())
        for (const auto& call : world.calls) {
            const Touched touched = touched_by(world, call);
            INFO(call.name << ": " << touched.reads << " reads, " << touched.writes << " writes");
            const auto one_read = frame::storage_weight(1, 0);
            const std::uint64_t reads = call.declared.proof_size / one_read.proof_size;
            CHECK(touched.reads <= reads);
            CHECK(frame::storage_weight(reads, touched.writes).ref_time <= call.declared.ref_time);
            seen.insert(call.name);
        }
    CHECK(seen.size() == 28);
}

// Not run by itself: `runtime_pallets_leases_test [measure]`, by tools/bench. Time alone differs from machine to
// machine; beside a transfer's it says which weights are out of proportion.
TEST_CASE("what each call of the rental takes beside a transfer", "[.][measure]") {
    const auto worlds = dear_calls();
    const auto& transfer = worlds.front().calls.front();
    const double unit = microseconds_of(worlds.front(), transfer);
    fmt::print("{:<34}{:>8}{:>11}{:>8}{:>8}{:>13}{:>11}\n", "dearest form", "µs", "transfers", "reads", "writes",
               "declared µs", "transfers");
    for (const auto& world : worlds)
        for (const auto& call : world.calls) {
            const double took = microseconds_of(world, call);
            const Touched touched = touched_by(world, call);
            fmt::print("{:<34}{:>8.1f}{:>11.1f}{:>8}{:>8}{:>13.0f}{:>11.1f}\n", call.name, took, took / unit,
                       touched.reads, touched.writes, static_cast<double>(call.declared.ref_time) / 1e6,
                       static_cast<double>(call.declared.ref_time) / static_cast<double>(transfer.declared.ref_time));
        }
}
