#include "rpc/worker_server/feed.hpp"

#include "chain/block/extrinsic.hpp"
#include "runtime/pallets/leases/renting.hpp"
#include "runtime/pallets/leases/running.hpp"
#include "runtime/pallets/system/system.hpp"
#include "runtime/pallets/timestamp/timestamp.hpp"
#include "runtime/pallets/utility/utility.hpp"

#include <catch2/catch.hpp>

using namespace rpc::worker_server;
using leases::LeaseId;

namespace {

const crypto::AccountId machine_id{{1}};
const crypto::AccountId other_machine{{2}};

leases::Workload some_workload(std::string repository) {
    return {.image = {.repository = {std::move(repository)}}, .memory_bytes = 64ULL << 20, .cpu_millis = 500};
}

/// A state that tests write, and blocks on top of it.
struct World {
    state::MapState below;
    state::Overlay state{below};
    crypto::SecretKey key = crypto::SecretKey::generate();
    Feed feed{key.account(), machine_id};
    chain::Block block;
    std::optional<chain::Bytes> older;
    int asked_older = 0;

    World() {
        machines::storage.machines.put(state, machine_id, {.slots = 2});
        machines::storage.parameters.put(state, {});
        timestamp::storage.live_now.put(state, 77'000);
    }

    leases::Lease open(std::uint64_t id, leases::LeaseState lease_state,
                       std::optional<leases::Workload> workload = {}) {
        leases::Lease lease{.machine = machine_id, .state = lease_state};
        if (workload) lease.workload_hash = leases::hash_of(*workload);
        leases::storage.leases.put(state, {id}, lease);
        auto on_machine = leases::storage.open_on_machine.get(state, machine_id);
        on_machine.value.push_back({id});
        leases::storage.open_on_machine.put(state, machine_id, on_machine);
        return lease;
    }
    void sign(const chain::Bytes& call) { block.extrinsics.push_back(chain::sign_extrinsic(key, call, {}, {})); }
    void fail(std::uint32_t index, frame::DispatchError error) {
        chain::Bytes event{frame_system::Pallet::index, frame_system::ExtrinsicFailed::index};
        scale::encode(error, event);
        scale::encode(frame::DispatchInfo{}, event);
        add_event({frame::ApplyExtrinsic{index}}, std::move(event));
    }
    void add_event(frame::Phase phase, chain::Bytes event) {
        auto events = frame_system::storage.events.get(state);
        events.push_back({phase, {std::move(event)}, {}});
        frame_system::storage.events.put(state, events);
    }
    rpc::worker_api::Finalized next(bool snapshot = false) {
        block.header.number.value += 1;
        return feed.next({.hash = {}, .block = block, .state = state}, snapshot, [&](const chain::Hash&) {
            ++asked_older;
            return older;
        });
    }
};

}  // namespace

TEST_CASE("the machine's record is told first, and then when it changes") {
    World world;
    const auto first = world.next();
    REQUIRE(first.machine);
    CHECK(scale::decode<machines::Machine>(*first.machine).value().slots == 2);
    CHECK(first.live_now_ms == 77'000);
    CHECK(first.heartbeat_interval_ms == machines::Parameters{}.heartbeat_interval_ms);
    CHECK_FALSE(first.probe);
    CHECK_FALSE(world.next().machine);
    machines::storage.probes.put(world.state, machine_id, {.deadline_ms = 5});
    const auto asked = world.next();
    CHECK(asked.machine);
    CHECK(scale::decode<machines::Probe>(asked.probe.value()).value().deadline_ms == 5);
    CHECK(world.next(true).machine);  // a snapshot repeats everything
}

TEST_CASE("a lease is told when it opens, when it changes, and once when it closes") {
    World world;
    world.next();
    auto lease = world.open(17, leases::LeaseState::Starting);
    REQUIRE(world.next().leases.size() == 1);
    CHECK(world.next().leases.empty());
    lease.state = leases::LeaseState::Active;
    leases::storage.leases.put(world.state, {17}, lease);
    CHECK(world.next().leases.size() == 1);
    lease.state = leases::LeaseState::Closed;
    lease.closed = leases::Closure{.reason = leases::CloseReason::Completed};
    leases::storage.leases.put(world.state, {17}, lease);
    leases::storage.open_on_machine.put(world.state, machine_id, {});
    const auto closed = world.next();
    REQUIRE(closed.leases.size() == 1);
    CHECK(scale::decode<leases::Lease>(closed.leases[0].record).value().closed == lease.closed);
    CHECK(world.next().leases.empty());
}

TEST_CASE("a lease whose record has vanished is told as gone") {
    World world;
    world.open(17, leases::LeaseState::Active);
    world.next();
    leases::storage.leases.remove(world.state, {17});
    leases::storage.open_on_machine.put(world.state, machine_id, {});
    CHECK(world.next().gone == std::vector<std::uint64_t>{17});
}

TEST_CASE("a workload comes from the block that rents, also out of batches, by its hash") {
    World world;
    const auto wanted = some_workload("local/wanted");
    const leases::Rent rent{.machine = machine_id, .workload = wanted};
    const leases::Rent decoy{.machine = machine_id, .workload = some_workload("local/decoy")};
    SECTION("alone") { world.sign(frame::to_call(rent).encoded); }
    SECTION("in a batch") {
        world.sign(frame::to_call(utility::BatchAll{.calls = {frame::to_call(decoy), frame::to_call(rent)}}).encoded);
    }
    SECTION("in a batch in a batch") {
        const utility::Batch inner{.calls = {frame::to_call(rent)}};
        world.sign(frame::to_call(utility::Batch{.calls = {frame::to_call(decoy), frame::to_call(inner)}}).encoded);
    }
    world.open(17, leases::LeaseState::Starting, wanted);
    const auto told = world.next();
    REQUIRE(told.leases.size() == 1);
    CHECK(scale::decode<leases::Workload>(told.leases[0].workload.value()).value() == wanted);
    CHECK(world.asked_older == 0);
}

TEST_CASE("a workload of an older block is searched once, with the first message") {
    World world;
    world.older = scale::encode(some_workload("local/old"));
    auto lease = world.open(17, leases::LeaseState::Active, some_workload("local/old"));
    CHECK(world.next().leases.at(0).workload == world.older);
    lease.settled_ms = 5;
    leases::storage.leases.put(world.state, {17}, lease);
    CHECK_FALSE(world.next().leases.at(0).workload);
    CHECK(world.asked_older == 1);
}

TEST_CASE("fates are those of the machine's own extrinsics, with the runtime's words") {
    World world;
    world.sign(frame::to_call(leases::ConfirmStart{.lease = {17}}).encoded);
    world.sign(frame::to_call(leases::ConfirmStart{.lease = {18}}).encoded);
    world.block.extrinsics.push_back(chain::sign_extrinsic(crypto::SecretKey::generate(), {0, 0, 0}, {}, {}));
    world.fail(1, leases::Error::LeaseNotStarting);
    const auto told = world.next();
    REQUIRE(told.fates.size() == 2);
    CHECK(told.fates[0].success);
    CHECK(told.fates[0].extrinsic_hash == chain::extrinsic_hash(world.block.extrinsics[0]));
    CHECK_FALSE(told.fates[1].success);
    CHECK(told.fates[1].error.starts_with("Leases.LeaseNotStarting: "));
}

TEST_CASE("events are those that name the machine") {
    World world;
    world.fail(0, frame::failure::BadOrigin{});
    chain::Bytes changed{machines::index, frame::index_in<machines::StateChanged, machines::Event>()};
    scale::encode(std::tuple{machine_id, machines::MachineState::Bonded, machines::MachineState::Probing}, changed);
    chain::Bytes foreign = changed;
    std::copy(other_machine.value.begin(), other_machine.value.end(), foreign.begin() + 2);
    world.add_event({frame::Finalization{}}, changed);
    world.add_event({frame::Finalization{}}, foreign);
    CHECK(world.next().events == std::vector<chain::Bytes>{changed});
}
