#include "runtime/frame/storage.hpp"

#include "tests/support/accounts.hpp"
#include "tests/unit/runtime/frame/sample_pallet.hpp"

#include <catch2/catch.hpp>

using namespace tests;
using sample::storage;

namespace {

struct Items {
    frame::Value<std::uint32_t> number{"n"};
    frame::Map<frame::Blake2_128Concat, std::array<std::uint8_t, 4>, bool> account{"a"};
    frame::Map<frame::Twox64Concat, std::uint32_t, bool> block_hash{"b"};
};

struct World {
    state::MapState below;
    state::Overlay state{below};
};

}  // namespace

TEST_CASE("keys are Substrate's: the prefix of System.Number is known everywhere") {
    constexpr Items items = frame::declare_storage<Items>("System");
    CHECK(chain::to_hex(items.number.key()) == "0x26aa394eea5630e07c48ae0c9558cef702a5c1b19ab7a04f536c519aca4983ac");
    CHECK(chain::to_hex(items.account.prefix) == "0x26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9");
    CHECK(chain::to_hex(items.block_hash.key(0)) ==
          "0x26aa394eea5630e07c48ae0c9558cef7a44704b568d21667356a5a050c118746b4def25cfda6ef3a00000000");
    CHECK(items.account.key({1, 2, 3, 4}).size() == 32 + 16 + 4);
}

TEST_CASE("a value is its default until it is written") {
    World world;
    CHECK(storage.next_job_id.get(world.state) == 0);
    CHECK_FALSE(storage.next_job_id.exists(world.state));
    storage.next_job_id.put(world.state, 7);
    CHECK(storage.next_job_id.update(world.state, [](std::uint32_t& id) { return id++; }) == 7);
    CHECK(storage.next_job_id.get(world.state) == 8);
    storage.next_job_id.remove(world.state);
    CHECK_FALSE(storage.next_job_id.exists(world.state));
}

TEST_CASE("an optional value is none until it is written") {
    World world;
    CHECK(storage.latest.get(world.state) == std::nullopt);
    storage.latest.put(world.state, {"ubuntu", 1});
    CHECK(storage.latest.get(world.state) == sample::Job{"ubuntu", 1});
}

TEST_CASE("a map gives back what was put, and nothing else") {
    World world;
    storage.jobs.put(world.state, 1, {"one", 1});
    storage.jobs.put(world.state, 2, {"two", 2});
    CHECK(storage.jobs.get(world.state, 1) == sample::Job{"one", 1});
    CHECK(storage.jobs.get(world.state, 3) == std::nullopt);
    CHECK(storage.jobs.contains(world.state, 2));
    storage.jobs.remove(world.state, 2);
    CHECK_FALSE(storage.jobs.contains(world.state, 2));
    CHECK(storage.scores.get(world.state, alice) == 0);
}

TEST_CASE("a scan visits every entry of its map once and none of its neighbours") {
    World world;
    std::map<std::uint32_t, std::string> wanted;
    for (std::uint32_t id = 0; id < 50; ++id) {
        storage.jobs.put(world.state, id, {std::to_string(id), id});
        wanted[id] = std::to_string(id);
    }
    storage.scores.put(world.state, alice, 1);
    storage.logs.put(world.state, 1, {1}, "line");

    std::map<std::uint32_t, std::string> seen;
    storage.jobs.for_each(world.state, 1'000,
                          [&](std::uint32_t id, const sample::Job& job) { CHECK(seen.emplace(id, job.image).second); });
    CHECK(seen == wanted);

    std::size_t bounded = 0;
    storage.jobs.for_each(world.state, 10, [&](std::uint32_t, const sample::Job&) { ++bounded; });
    CHECK(bounded == 10);
    std::size_t until = 0;
    storage.jobs.for_each(world.state, 1'000, [&](std::uint32_t, const sample::Job&) { return ++until < 3; });
    CHECK(until == 3);
}

TEST_CASE("big-endian keys under Identity come in the order of their numbers") {
    World world;
    for (const std::uint64_t at : {700ULL, 5ULL, 256ULL, 65'536ULL, 255ULL})
        storage.deadlines.put(world.state, {.at_ms = {at}, .job = 1}, 0);
    std::vector<std::uint64_t> order;
    for (auto entry = storage.deadlines.first(world.state); entry;
         entry = storage.deadlines.next(world.state, entry->first))
        order.push_back(entry->first.at_ms.value);
    CHECK(order == std::vector<std::uint64_t>{5, 255, 256, 700, 65'536});
    // The place of a key that is not there is a place too.
    CHECK(storage.deadlines.next(world.state, {.at_ms = {300}, .job = 0})->first.at_ms.value == 700);
}

TEST_CASE("a double map keeps the entries of one first key together") {
    World world;
    for (std::uint32_t job = 0; job < 3; ++job)
        for (std::uint16_t line = 0; line < 4; ++line)
            storage.logs.put(world.state, job, {line}, std::to_string(job) + "/" + std::to_string(line));
    CHECK(storage.logs.get(world.state, 1, {2}) == "1/2");

    std::vector<std::string> lines;
    storage.logs.for_each(world.state, 1, 100,
                          [&](frame::BigEndian<std::uint16_t>, const std::string& line) { lines.push_back(line); });
    CHECK(lines == std::vector<std::string>{"1/0", "1/1", "1/2", "1/3"});
    CHECK(storage.logs.first(world.state, 2)->second == "2/0");
    CHECK(storage.logs.next(world.state, 2, {3}) == std::nullopt);

    std::size_t all = 0;
    storage.logs.for_each(world.state, 100, [&](std::uint32_t job, auto line, const std::string& text) {
        CHECK(text == std::to_string(job) + "/" + std::to_string(line.value));
        ++all;
    });
    CHECK(all == 12);
    storage.logs.remove(world.state, 1, {2});
    CHECK_FALSE(storage.logs.contains(world.state, 1, {2}));
}
