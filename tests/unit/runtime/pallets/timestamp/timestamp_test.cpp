#include "runtime/pallets/timestamp/timestamp.hpp"

#include <catch2/catch.hpp>

using namespace timestamp;
using frame::DispatchError;

namespace {

constexpr std::uint64_t start = 1'700'000'000'000;

struct World {
    state::MapState below;
    state::Overlay state{below};
    frame::EventLog events;
    frame::BlockInfo block;

    frame::DispatchResult set(std::uint64_t now, frame::Origin origin = frame::None{}) {
        frame::Context context{state, events, block, origin};
        return Set{{now}}(context);
    }
    void finalize() {
        frame::Context context{state, events, block, frame::Root{}};
        Pallet::on_finalize(context);
    }
    /// A whole block with this time.
    void next_block(std::uint64_t now) {
        REQUIRE(set(now).has_value());
        finalize();
    }
};

}  // namespace

TEST_CASE("the inherent sets the time once in a block") {
    World world;
    CHECK(world.set(start).has_value());
    CHECK(now(world.state) == start);
    CHECK(world.set(start + 1).error() == DispatchError{Error::AlreadySet});
    world.finalize();
    CHECK(world.set(start + 1).has_value());
    CHECK(now(world.state) == start + 1);
}

TEST_CASE("time only goes forward") {
    World world;
    world.next_block(start);
    CHECK(world.set(start).error() == DispatchError{Error::NotLater});
    CHECK(world.set(start - 1).error() == DispatchError{Error::NotLater});
    CHECK(world.set(0).error() == DispatchError{Error::NotLater});
    CHECK(now(world.state) == start);
}

TEST_CASE("only the chain's own inherent sets the time") {
    World world;
    CHECK(world.set(start, frame::Signed{}).error() == DispatchError{frame::failure::BadOrigin{}});
    CHECK(world.set(start, frame::Root{}).error() == DispatchError{frame::failure::BadOrigin{}});
    CHECK_FALSE(storage.now.exists(world.state));
}

TEST_CASE("the live clock follows the time, but never by more than ten seconds a block") {
    World world;
    world.next_block(start);
    const std::uint64_t live = live_now(world.state);
    CHECK(live == 10'000);  // the first block is late by all of history
    world.next_block(start + 500);
    CHECK(live_now(world.state) == live + 500);
    world.next_block(start + 500 + 10'000);
    CHECK(live_now(world.state) == live + 10'500);
    world.next_block(start + 10'500 + 10'001);
    CHECK(live_now(world.state) == live + 20'500);
    world.next_block(start + 30'000'000);  // hours of standing still age nobody's deadline
    CHECK(live_now(world.state) == live + 30'500);
}

TEST_CASE("the latest time of all is still a time") {
    World world;
    world.next_block(start);
    world.next_block(~std::uint64_t{0});
    CHECK(live_now(world.state) == 20'000);
    CHECK(world.set(~std::uint64_t{0}).error() == DispatchError{Error::NotLater});
}

TEST_CASE("the storage keys are Substrate's") {
    CHECK(chain::to_hex(storage.now.key()) == "0xf0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb");
}
