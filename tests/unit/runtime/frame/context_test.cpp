#include "runtime/frame/context.hpp"

#include "tests/support/accounts.hpp"
#include "tests/unit/runtime/frame/sample_pallet.hpp"

#include <catch2/catch.hpp>

using namespace tests;
using frame::DispatchResult;
using sample::storage;

namespace {

struct World {
    state::MapState below;
    state::Overlay state{below};
    frame::EventLog events;
    frame::BlockInfo block;
    frame::Context context{state, events, block, frame::Signed{alice}};
};

DispatchResult put_and_emit(frame::Context& context, std::uint32_t value, bool fail) {
    storage.next_job_id.put(context.state, value);
    context.emit(sample::Done{.job = value});
    if (fail) return std::unexpected{sample::Error::NotOwner};
    return {};
}

}  // namespace

TEST_CASE("origins are told apart") {
    World world;
    CHECK(frame::ensure_signed(world.context) == alice);
    CHECK(frame::ensure_root(world.context).error() == frame::failure::BadOrigin{});
    CHECK(frame::ensure_none(world.context).error() == frame::failure::BadOrigin{});
    CHECK(frame::ensure_root(world.context.on_behalf_of(frame::Root{})));
    CHECK(frame::ensure_none(world.context.on_behalf_of(frame::None{})));
    CHECK_FALSE(frame::ensure_signed(world.context.on_behalf_of(frame::Root{})));
}

TEST_CASE("an event is its pallet's index, its own index and its members") {
    World world;
    world.events.enter({frame::ApplyExtrinsic{3}});
    world.context.emit(sample::Done{.job = 0x01020304});
    REQUIRE(world.events.size() == 1);
    CHECK(scale::encode(world.events.records()[0]) ==
          chain::Bytes{0, 3, 0, 0, 0, sample::index, 4, 0x04, 0x03, 0x02, 0x01, 0});
}

TEST_CASE("a layer that fails takes back state and events, one that succeeds keeps both") {
    World world;
    const auto run = [&](std::uint32_t value, bool fail) {
        return frame::with_layer(world.context, [&](frame::Context& c) { return put_and_emit(c, value, fail); });
    };
    REQUIRE(run(1, false));
    CHECK(run(2, true).error() == sample::Error::NotOwner);
    CHECK(storage.next_job_id.get(world.state) == 1);
    CHECK(world.events.size() == 1);
    CHECK(world.state.open_layers() == 0);
}

TEST_CASE("layers nest: the outer one decides about what the inner one kept") {
    World world;
    const auto outer = frame::with_layer(world.context, [](frame::Context& context) -> DispatchResult {
        CHECK(frame::with_layer(context, [](frame::Context& c) { return put_and_emit(c, 5, false); }));
        CHECK_FALSE(frame::with_layer(context, [](frame::Context& c) { return put_and_emit(c, 6, true); }));
        CHECK(storage.next_job_id.get(context.state) == 5);
        CHECK(context.events.size() == 1);
        return std::unexpected{frame::failure::Unavailable{}};
    });
    CHECK_FALSE(outer);
    CHECK(storage.next_job_id.get(world.state) == 0);
    CHECK(world.events.size() == 0);
}

TEST_CASE("a layer passes on what its function returns") {
    World world;
    const auto value = frame::with_layer(
        world.context, [](frame::Context&) -> chain::Result<int, frame::DispatchError> { return 42; });
    CHECK(value == 42);
}
