#include "runtime/pallets/system/block.hpp"

#include "tests/support/chain.hpp"

#include <catch2/catch.hpp>

using namespace tests;

TEST_CASE("a block knows its number, its parent and its digest") {
    Chain chain;
    CHECK(frame_system::storage.number.get(chain.state()) == 1);
    chain.next_block();
    CHECK(frame_system::storage.number.get(chain.state()) == 2);
    CHECK(frame_system::storage.parent_hash.get(chain.state()) ==
          frame_system::storage.block_hash.get(chain.state(), 1));
    CHECK(chain::consensus_digest(frame_system::storage.digest.get(chain.state())));
}

TEST_CASE("hashes fall out of the window, block zero's stays") {
    state::MapState genesis;
    state::Overlay state{genesis};
    constexpr std::uint32_t last = frame_system::block_hash_count + 10;
    for (std::uint32_t number = 1; number <= last; ++number) frame_system::initialize(state, number, {}, {});
    const auto has = [&](std::uint32_t number) { return frame_system::storage.block_hash.contains(state, number); };
    CHECK(has(0));
    CHECK_FALSE(has(1));
    CHECK_FALSE(has(last - frame_system::block_hash_count - 1));
    CHECK(has(last - frame_system::block_hash_count));
    CHECK(has(last - 1));
}

TEST_CASE("events stand in the state when the block ends, with their phase") {
    Chain chain{{.accounts = {{alice, 1 * tph}}}};
    REQUIRE(chain.apply(alice, frame_system::RemarkWithEvent{}).ok());
    chain.next_block();
    const auto events = frame_system::storage.events.get(chain.state());
    CHECK(events.size() == frame_system::storage.event_count.get(chain.state()));
    CHECK_FALSE(events.empty());
}
