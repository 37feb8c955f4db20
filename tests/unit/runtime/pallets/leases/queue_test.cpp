// More to close than one block may: the rest waits a block and pays nothing for it.
#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/weights.hpp"
#include "runtime/pallets/machines/market.hpp"
#include "tests/support/rig.hpp"

#include <catch2/catch.hpp>

#include <deque>

using namespace tests;
using leases::CloseReason;
using leases::LeaseState;

namespace {

constexpr std::uint32_t rigs_count = 20;
constexpr std::size_t leases_count = rigs_count * 16;

/// Twenty machines with sixteen leases each, all started in one block.
struct Crowd {
    explicit Crowd(std::uint64_t duration_ms) : chain(compute_world()) {
        check_compute_invariants(chain);
        machines::Parameters rules;
        rules.outage_machines_min = 1'000;
        chain::check(chain.as_root(machines::SetParameters{rules}).ok());
        for (std::uint32_t i = 0; i < rigs_count; ++i)
            rigs.emplace_back(chain, i < 10 ? alice : dave, RigOptions{.gpus = 16, .key_number = i + 1});
        for (auto& rig : rigs)
            for (int slot = 0; slot < 16; ++slot) ids.push_back(rig.rent_started(bob, {.duration_ms = duration_ms}));
    }

    std::size_t closed() const {
        std::size_t count = 0;
        for (const auto id : ids) count += lease_of(chain, id).state == LeaseState::Closed;
        return count;
    }

    Chain chain;
    std::deque<Rig> rigs;
    std::vector<leases::LeaseId> ids;
};

}  // namespace

TEST_CASE("256 leases end in one block, the others in the next, all at their own moment") {
    Crowd crowd{minute_ms};
    REQUIRE(crowd.ids.size() == leases_count);
    crowd.chain.advance(minute_ms);
    CHECK(crowd.closed() == 0);
    crowd.chain.next_block();
    CHECK(crowd.closed() == leases::constants.closings_max);
    crowd.chain.next_block(10 * second_ms);
    CHECK(crowd.closed() == leases_count);
    for (const auto id : crowd.ids) {
        const auto lease = lease_of(crowd.chain, id);
        REQUIRE(lease.closed->reason == CloseReason::Expired);
        REQUIRE(lease.closed->at_ms == lease.started_ms + minute_ms);
        REQUIRE(lease.ledger.burned + lease.ledger.owner == *escrow::rent(10 * tph, 1, minute_ms));
    }
}

TEST_CASE("leases of machines that go away together are closed a bounded number at a time, at the last heartbeat") {
    Crowd crowd{day_ms};
    std::vector<std::size_t> closed_in_blocks;
    for (int second = 0; second < 5 * 60; ++second) {
        crowd.chain.next_block();
        const std::size_t closed = crowd.chain.all<leases::LeaseClosed>().size();
        if (closed != 0) closed_in_blocks.push_back(closed);
    }
    CHECK(closed_in_blocks == std::vector<std::size_t>{256, leases_count - 256});
    CHECK(crowd.closed() == leases_count);
    CHECK_FALSE(machines::storage.lost.first(crowd.chain.state()).has_value());
    for (const auto id : crowd.ids) {
        const auto lease = lease_of(crowd.chain, id);
        REQUIRE(lease.closed->reason == CloseReason::MachineOffline);
        REQUIRE(lease.closed->at_ms == lease.started_ms);  // confirming was the last sign of life
        REQUIRE(lease.ledger.refunded == lease.ledger.deposited);
    }
}

TEST_CASE("the hook accounts beforehand for what it may have to close") {
    Crowd crowd{minute_ms};
    crowd.chain.advance(50 * second_ms);
    const auto weigh = [&] {
        frame::Weight weight;
        REQUIRE(crowd.chain
                    .run([&](frame::Context& context) -> frame::DispatchResult {
                        weight = leases::Seat::on_initialize(context);
                        return {};
                    })
                    .ok());
        return weight;
    };
    CHECK(weigh() == leases::weights::hook + leases::weights::close * leases::constants.closings_max);
    crowd.chain.next_block(10 * second_ms);
    crowd.chain.next_block();
    CHECK(weigh() == leases::weights::hook + leases::weights::close * (leases_count - leases::constants.closings_max));
}
