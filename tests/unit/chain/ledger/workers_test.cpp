#include "chain/ledger/workers.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>
#include <vector>

using ledger::Workers;

TEST_CASE("every round of a loop runs once, however many threads share it") {
    for (const std::size_t threads : {0U, 1U, 3U}) {
        Workers workers{threads};
        for (const std::size_t count : {0U, 1U, 7U, 8U, 1'000U}) {
            std::vector<std::atomic<int>> runs(count);
            workers.for_each(count, [&](std::size_t i) { ++runs[i]; });
            int wrong = 0;
            for (const auto& r : runs) wrong += r != 1;
            CHECK(wrong == 0);
        }
    }
}

TEST_CASE("several callers take turns") {
    Workers workers{2};
    std::atomic<std::size_t> runs = 0;
    std::vector<std::thread> callers;
    for (int i = 0; i < 4; ++i)
        callers.emplace_back([&] {
            for (int loop = 0; loop < 50; ++loop) workers.for_each(100, [&](std::size_t) { ++runs; });
        });
    for (auto& caller : callers) caller.join();
    CHECK(runs == 4 * 50 * 100);
}
