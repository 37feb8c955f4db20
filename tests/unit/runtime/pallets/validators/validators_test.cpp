#include "runtime/pallets/validators/validators.hpp"

#include "chain/crypto/hash.hpp"
#include "runtime/pallets/system/block.hpp"
#include "tests/support/chain.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace tests;
using chain::ConsensusDigest;
using chain::Digest;
using chain::Hash;

namespace {

const Hash seed{{42}};

crypto::VrfKey key_of(std::uint8_t n) { return crypto::VrfKey::from_seed({n}); }

/// Two validators and epochs of six blocks.
class World {
public:
    World() {
        state::Overlay overlay{state_};
        validators::storage.authorities.put(
            overlay, {{alice, {1}, key_of(1).public_key().value, 1}, {bob, {2}, key_of(2).public_key().value, 2}});
        validators::storage.epoch_length.put(overlay, 6);
        validators::storage.current_epoch.put(overlay, validators::first_epoch(seed));
        state_.apply(overlay.take());
    }

    validators::Epoch epoch() const { return validators::storage.current_epoch.get(state_); }
    const state::StateView& state() const { return state_; }
    std::uint32_t next_number() const { return number_ + 1; }

    /// What an honest proposer would write.
    ConsensusDigest honest(std::uint64_t view, std::uint32_t proposer) const {
        const auto vrf =
            key_of(static_cast<std::uint8_t>(proposer + 1)).prove(chain::vrf_input(epoch().seed, epoch().index, view));
        return {.epoch = epoch().index,
                .view = view,
                .parent_view = view - 1,
                .proposer = proposer,
                .vrf_output = vrf.output,
                .vrf_proof = vrf.proof};
    }

    /// Runs the next block; the digest as the runtime leaves it.
    Digest run(const Digest& opening) {
        state::Overlay overlay{state_};
        frame::EventLog events;
        const frame::BlockInfo block{.number = ++number_, .parent_hash = {}, .author = std::nullopt};
        frame_system::initialize(overlay, number_, {}, opening);
        frame::Context context{overlay, events, block, frame::Root{}};
        validators::Pallet::on_finalize(context);
        state_.apply(overlay.take());
        return frame_system::storage.digest.get(state_);
    }
    Digest run(const ConsensusDigest& digest) { return run(Digest{{chain::to_digest(digest)}}); }

    chain::Result<void, std::string> check(const Digest& digest) const {
        const auto verify = [](const crypto::VrfPublic& key, chain::ByteView input, const crypto::VrfOutput& output,
                               const crypto::VrfProof& proof) { return crypto::verify(key, input, output, proof); };
        return validators::check_digest(state_, next_number(), digest, verify);
    }
    chain::Result<void, std::string> check(const ConsensusDigest& digest) const {
        return check(Digest{{chain::to_digest(digest)}});
    }

private:
    state::MapState state_;
    std::uint32_t number_ = 0;
};

Hash mixed(const Hash& randomness, const crypto::VrfOutput& output) {
    chain::Bytes both{randomness.value.begin(), randomness.value.end()};
    chain::append(both, output.value);
    return crypto::blake2b_256(both);
}

}  // namespace

TEST_CASE("the digest's proposer names the author") {
    const World world;
    const auto digest = [](std::uint32_t proposer) {
        return Digest{{chain::to_digest(ConsensusDigest{.proposer = proposer})}};
    };
    CHECK(validators::author_of(world.state(), digest(0)) == alice);
    CHECK(validators::author_of(world.state(), digest(1)) == bob);
    CHECK(validators::author_of(world.state(), digest(2)) == std::nullopt);
    CHECK(validators::author_of(world.state(), {}) == std::nullopt);
}

TEST_CASE("an epoch gathers the outputs of its first two thirds, for the epoch after the next") {
    World world;
    Hash expected = world.epoch().next_seed;
    for (std::uint64_t view = 1; view <= 6; ++view) {
        const auto digest = world.honest(view, view % 2);
        if (view <= 4) expected = mixed(expected, digest.vrf_output);
        if (view < 6) {
            world.run(digest);
            CHECK(world.epoch().after_next == expected);
            CHECK(world.epoch().index == 0);
            continue;
        }
        const auto left = world.run(digest);
        const auto next = chain::next_epoch(left);
        REQUIRE(next.has_value());
        CHECK(*next == chain::NextEpoch{.epoch = 1,
                                        .table = chain::table_hash(validators::table_in(world.state())),
                                        .validators = std::nullopt,
                                        .seed = expected});
        CHECK(chain::consensus_digest(left) == digest);
    }
    const Hash second = crypto::blake2b_256(seed.value);
    CHECK(world.epoch() == validators::Epoch{1, 6, second, expected, expected});
}

TEST_CASE("an epoch follows another, each with a seed of its own") {
    World world;
    std::set<Hash> seeds;
    for (std::uint64_t epoch = 0; epoch < 4; ++epoch) {
        CHECK(world.epoch().index == epoch);
        CHECK(world.epoch().root == epoch * 6);
        seeds.insert(world.epoch().seed);
        for (std::uint64_t view = 1; view <= 6; ++view) world.run(world.honest(view, 0));
    }
    CHECK(seeds.size() == 4);
}

TEST_CASE("an epoch without a length does not end") {
    World world;
    state::MapState state;
    state::Overlay overlay{state};
    frame::EventLog events;
    const frame::BlockInfo block{.number = 6, .parent_hash = {}, .author = std::nullopt};
    frame_system::initialize(overlay, 6, {}, {{chain::to_digest(world.honest(1, 0))}});
    frame::Context context{overlay, events, block, frame::Root{}};
    validators::Pallet::on_finalize(context);
    CHECK(validators::storage.current_epoch.get(overlay).index == 0);
    CHECK_FALSE(chain::next_epoch(frame_system::storage.digest.get(overlay)));
}

TEST_CASE("an honest proposer's digest passes in every block of an epoch") {
    World world;
    for (std::uint64_t view = 1; view <= 12; ++view) {
        const auto before = world;
        const auto left = world.run(world.honest(view, view % 2));
        CHECK(before.check(left));
    }
}

TEST_CASE("a digest must say the truth about its place") {
    const World world;
    const auto refused = [&](auto change) {
        auto digest = world.honest(5, 1);
        change(digest);
        const auto checked = world.check(digest);
        return checked ? std::string{} : checked.error();
    };
    CHECK(refused([](ConsensusDigest&) {}).empty());
    CHECK(refused([](ConsensusDigest& d) { d.epoch = 1; }) == "its digest names another epoch");
    CHECK(refused([](ConsensusDigest& d) { d.parent_view = d.view; }) == "its view is not later than its parent's");
    CHECK(refused([](ConsensusDigest& d) { d.proposer = 2; }) == "its proposer is no validator");
    const std::string no_proof = "its proposer's VRF proof does not hold";
    CHECK(refused([](ConsensusDigest& d) { d.proposer = 0; }) == no_proof);
    CHECK(refused([](ConsensusDigest& d) { d.view = 6; }) == no_proof);
    CHECK(refused([](ConsensusDigest& d) { d.vrf_output.value[0] ^= 1; }) == no_proof);
    CHECK(refused([](ConsensusDigest& d) { d.vrf_proof = {}; }) == no_proof);
}

TEST_CASE("nothing else may be in a digest, and the next epoch must be where one ends") {
    World world;
    const auto item = chain::to_digest(world.honest(5, 1));
    const auto next = chain::next_epoch_item({});
    CHECK(world.check(Digest{{item}}));
    CHECK_FALSE(world.check(Digest{}));
    CHECK_FALSE(world.check(Digest{{item, item}}));
    CHECK_FALSE(world.check(Digest{{item, chain::digest::Other{}}}));
    CHECK_FALSE(world.check(Digest{{item, next}}));
    while (world.next_number() < 6) world.run(world.honest(world.next_number(), 0));
    const auto last = chain::to_digest(world.honest(6, 0));
    CHECK_FALSE(world.check(Digest{{last}}));
    CHECK(world.check(Digest{{last, next}}));
}
